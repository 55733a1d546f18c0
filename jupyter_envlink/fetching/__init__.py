"""Environment files that lie behind an address: fetched by the server, within what its administrator allows."""
