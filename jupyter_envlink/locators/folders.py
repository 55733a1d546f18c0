"""The folders in a folder, by canonical paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from jupyter_envlink.journal import HOME

_SPELLS = sys.platform != "win32"
"""Whether what is no link has one spelling."""


def children(folder: str) -> list[str]:
    """Canonical paths of the folders in ``folder``, itself canonical; none where it cannot be read.

    The kernel tells folders and links apart without a stat each.
    """
    try:
        with os.scandir(folder) as entries:
            return [path for entry in entries if entry.name != HOME and (path := _folder(entry))]
    except OSError:
        return []


def _folder(entry: os.DirEntry[str]) -> str:
    """Its canonical path, empty where it is no folder."""
    if _SPELLS and entry.is_dir(follow_symlinks=False):
        return entry.path
    return canonical(entry) if is_folder(entry) else ""


def inside(folders: Iterable[str]) -> Iterator[str]:
    """The children of all ``folders``, which need be neither canonical nor there."""
    for folder in folders:
        if os.access(folder, os.F_OK):
            yield from children(os.path.realpath(folder))


def is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def canonical(entry: os.DirEntry[str]) -> str:
    return os.path.realpath(entry.path) if entry.is_symlink() or sys.platform == "win32" else entry.path
