"""A kernel in place of one that cannot start: it answers every cell with the reason and the remedy."""
