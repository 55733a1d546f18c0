"""What the channel's builder raises."""

from __future__ import annotations


class ChannelError(RuntimeError):
    """The channel cannot be built here. The text says what happened, where, and what to do."""
