"""Command lines of engines for tests: one of our own, and those that this machine has."""
