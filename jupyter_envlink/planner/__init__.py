"""Plans in a process of their own: the channels' indexes stay in its memory, and no solve holds a server."""
