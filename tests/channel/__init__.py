"""A real conda channel made on this machine: ``build`` it, put faults in front of it with ``server.FaultServer``.

From the command line: ``python -m tests.channel DEST``.
"""

from __future__ import annotations

from .channel import Channel, build
from .condarc import write_condarc
from .errors import ChannelError
from .interpreter import other_pythons

__all__ = ["Channel", "ChannelError", "build", "other_pythons", "write_condarc"]
