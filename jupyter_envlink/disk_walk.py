"""Every file below a folder with what it takes on the disk: nothing is opened, no link is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

BLOCK = 512
"""The unit of ``st_blocks`` (POSIX), whatever the file system's own is."""

Pause = Callable[[], object]
"""Called for each folder. Whatever it raises ends the walk."""


class Entry(NamedTuple):
    """``path`` is below the folder, with slashes."""

    path: str
    is_folder: bool
    bytes: int
    """On the disk, where the system says; else what it holds."""
    links: int
    inode: tuple[int, int]


def walk(folder: str, pause: Pause, unreadable: list[str]) -> Iterator[Entry]:
    """Every entry, ``folder`` itself first, by an empty path. Folders that may not be read are added to ``unreadable``;
    what goes meanwhile is left out. Raises ``OSError`` where there is no such folder."""
    yield _entry("", os.lstat(folder))
    waiting = [""]
    while waiting:
        pause()
        inside = waiting.pop()
        try:
            found = list(_listed(folder, inside))
        except FileNotFoundError:
            continue
        except OSError:
            unreadable.append(os.path.join(folder, inside))
            continue
        waiting += (entry.path for entry in found if entry.is_folder)
        yield from found


def _listed(folder: str, inside: str) -> Iterator[Entry]:
    before = f"{inside}/" if inside else ""
    with os.scandir(os.path.join(folder, inside)) as entries:
        for each in entries:
            try:
                # On Windows a listing knows neither links nor inodes.
                known = os.lstat(each.path) if os.name == "nt" else each.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield _entry(before + each.name, known)


def _entry(path: str, known: os.stat_result) -> Entry:
    blocks = getattr(known, "st_blocks", None)
    size = known.st_size if blocks is None else blocks * BLOCK
    return Entry(path, stat.S_ISDIR(known.st_mode), size, known.st_nlink, (known.st_dev, known.st_ino))
