"""What a reading of an environment rests on: the files it looked at, as they were then."""

# Paths are texts here: making a Path takes longer than the stat that follows.
# ruff: noqa: PTH116

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

Stamp = tuple[int, int, int] | None
"""``mtime_ns``, ``ctime_ns``, size; ``None`` for what is not there. The ctime tells of a chmod, the mtime does not."""


def stamp(path: str | int) -> Stamp:
    """The stamp of a path or an open file. Raises ``OSError`` for everything except *not there*."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def signature(stamps: Iterable[Stamp]) -> str:
    """Sixteen hexadecimal digits that change with any of ``stamps``, but not with a ctime.

    The ctime moves when somebody else hard-links a file, which changes nothing for a kernel.
    """
    text = ",".join(f"{found[0]}/{found[2]}" if found else "-" for found in stamps)
    return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Evidence:
    """Paths and their stamps. Evidence of nothing never holds, so what rests on it is read again each time."""

    seen: tuple[tuple[str, Stamp], ...] = ()

    def holds(self) -> bool:
        """Whether everything is as it was: one stat per path, nothing is opened. Raises nothing."""
        try:
            return bool(self.seen) and all([stamp(path) == before for path, before in self.seen])
        except OSError:
            return False
