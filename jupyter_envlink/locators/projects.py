"""Environments inside project folders: ``.venv``, ``venv``, ``.conda``, ``.pixi/envs/*``, ``.hatch/*``.

A project is walked breadth first, so that what lies near is found before a bound is reached.
"""

from __future__ import annotations

import os
import stat
import time
from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .evidence import YOUNG_NS, Stamp, stamp, stamp_of
from .folders import canonical, children, is_folder

DEPTH = 3
"""Folders below a root: ``root/a/b/c/.venv`` is found."""
MOST = 2000
"""Folders that are listed at most, of all roots together."""

_NAMED = frozenset({".venv", "venv", ".conda"})
"""Taken for an environment by their name, and never walked into."""
_NESTS = {".pixi": "envs", ".hatch": ""}
"""Hidden folders whose children are environments, or those of a folder in them."""
_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
"""What lies in an environment, whatever it is called."""
SKIPPED = frozenset(
    {"node_modules", "bower_components", "__pycache__", "__pypackages__", "site-packages", "conda-bld"}
    | {"proc", "sys", "dev"}  # of Linux, where the root is /
    | {"Library", "AppData", "snap"}  # of a home folder: large, and not the person's own
)
"""Not walked into, nor is any other hidden folder."""


class Walk(NamedTuple):
    """What was found: canonical ``prefixes`` that may be environments, and the ``folders`` that were listed.

    ``is_whole`` is false where the bound was reached before everything was looked at.
    """

    prefixes: tuple[str, ...]
    folders: tuple[str, ...]
    is_whole: bool


def walk(roots: Iterable[str], depth: int = DEPTH, most: int = MOST) -> Walk:
    """Look for environments in the canonical ``roots`` and the folders below them.

    A folder that has not changed since the last time costs one stat. Links to folders are followed, each folder is
    looked at once. Raises nothing: what cannot be read has nothing in it.
    """
    waiting = deque((root, 0) for root in dict.fromkeys(roots))
    seen = {root for root, _ in waiting}
    prefixes: list[str] = []
    folders: list[str] = []
    now = time.time_ns()
    while waiting and len(folders) < most:
        folder, level = waiting.popleft()
        found = _look(folder, now)
        folders.append(folder)
        prefixes += found.prefixes
        for nest in found.nests:
            prefixes += _nested(nest, now)
        if found.folders and level < depth:
            fresh = [child for child in dict.fromkeys(found.folders) if child not in seen]
            seen.update(fresh)
            waiting.extend([(child, level + 1) for child in fresh])
    return Walk(tuple(dict.fromkeys(prefixes)), tuple(folders), not waiting)


class _Listing(NamedTuple):
    """Canonical paths in one folder."""

    prefixes: tuple[str, ...] = ()
    nests: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


_NOTHING = _Listing()


def _look(folder: str, now: int) -> _Listing:
    found = _stamp(folder)
    if not found:
        return _NOTHING
    return _listing(folder, found) if found[0] <= now - YOUNG_NS else _listing.__wrapped__(folder, found)


def _nested(nest: str, now: int) -> tuple[str, ...]:
    try:
        status = os.lstat(nest)
        if stat.S_ISLNK(status.st_mode):
            nest = os.path.realpath(nest)
            status = os.stat(nest)
    except OSError:
        return ()
    found = stamp_of(status)
    return _children(nest, found) if status.st_mtime_ns <= now - YOUNG_NS else _children.__wrapped__(nest, found)


def _stamp(folder: str) -> Stamp:
    try:
        return stamp(folder)
    except OSError:
        return None


@lru_cache(maxsize=2 * MOST)
def _children(nest: str, _: Stamp) -> tuple[str, ...]:
    return tuple(children(nest))


@lru_cache(maxsize=2 * MOST)
def _listing(folder: str, _: Stamp) -> _Listing:
    """Kept by the folder's stamp: a folder changes whenever a name in it comes or goes."""
    try:
        with os.scandir(folder) as entries:
            return _sorted(folder, entries)
    except OSError:
        return _NOTHING


def _sorted(folder: str, entries: Iterable[os.DirEntry[str]]) -> _Listing:
    prefixes, nests, folders = [], [], []
    for entry in entries:
        name = entry.name
        if name in _MARKS:
            return _Listing((folder,))
        if name in _NAMED:
            prefixes.append(canonical(entry))
        elif name in _NESTS:
            nests.append(os.path.join(entry.path, _NESTS[name]).rstrip(os.sep))
        elif name[0] != "." and name not in SKIPPED and is_folder(entry):
            folders.append(canonical(entry))
    folders.sort()
    return _Listing(tuple(prefixes), tuple(nests), tuple(folders))
