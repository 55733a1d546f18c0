"""Jobs: one operation's durable record, the worker that does it, and the queue that starts workers."""
