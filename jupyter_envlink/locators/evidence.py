"""What a reading of an environment rests on: the files it looked at, as they were then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

Stamp = tuple[int, int, int] | None
"""``mtime_ns``, ``ctime_ns``, size; ``None`` for what is not there. The ctime tells of a chmod, the mtime does not."""
UNREADABLE: Stamp = (-1, -1, -1)
"""For what cannot be read: no file has this stamp, so it is tried again each time."""
YOUNG_NS = 2_000_000_000
_NOTHING: Mapping[str, Stamp] = MappingProxyType({})


def stamp(path: str) -> Stamp:
    """The stamp of ``path``. Raises ``OSError`` for everything except *not there*."""
    try:
        return stamp_of(os.stat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def listing(folder: str) -> tuple[Stamp, list[str]]:
    """The folder's stamp, and then the names in it. Raises ``OSError``, also where there is none."""
    return stamp_of(os.stat(folder)), os.listdir(folder)


def signature(stamps: Iterable[Stamp]) -> str:
    """Sixteen hexadecimal digits that change with any of ``stamps``, but not with a ctime.

    The ctime moves when somebody else hard-links a file, which changes nothing for a kernel.
    """
    text = ""
    for found in stamps:
        text += f"{found[0]}/{found[2]}," if found else "-,"
    return blake2b(text.encode(), digest_size=8).hexdigest()


class Evidence(NamedTuple):
    """Paths with their stamps, and one of which only the presence counts.

    Evidence of nothing never holds, so what rests on it is read again each time.
    """

    seen: Mapping[str, Stamp] = _NOTHING
    present: str | None = None

    def holds(self) -> bool:
        """Whether everything is as it was: one look per path, nothing is opened. Raises nothing."""
        try:
            return (
                bool(self.seen)
                and all(_is_as(path, before) for path, before in self.seen.items())
                and (self.present is None or os.access(self.present, os.F_OK))
            )
        except OSError:
            return False


def _is_as(path: str, before: Stamp) -> bool:
    return stamp(path) == before if before else not os.access(path, os.F_OK)


def is_settled(stamps: Iterable[Stamp], now: int) -> bool:
    """Whether all changed at least two seconds before ``now`` (ns): a younger file may change within its own mtime.

    A tick is 4 ms on ext4, two seconds on FAT.
    """
    limit = now - YOUNG_NS
    for found in stamps:  # noqa: SIM110 - three times as fast as all()
        if found and found[0] > limit:
            return False
    return True
