"""The prefixes in which a conda environment may be."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator

from jupyter_envlink.journal import HOME

from .roots import Roots

_BUILDS = f"{os.sep}conda-bld{os.sep}"
_OURS = f"{os.sep}{HOME}{os.sep}"


def candidates(roots: Roots) -> Iterator[str]:
    """Canonical, each once, whichever of its spellings names it; nothing says that there is an environment."""
    seen: dict[str, tuple[str, ...]] = {}
    for prefix in _named(roots):
        folded = _folded(prefix)
        twins = seen.get(folded, ())
        if not twins or not any(prefix == twin or _is_same(prefix, twin) for twin in twins):
            seen[folded] = (*twins, prefix)
            yield prefix


def _named(roots: Roots) -> Iterator[str]:
    """Listings of folders come before single paths: they spell a name as the disk does."""
    for folder in roots.envs_dirs:
        yield from _children(folder)
    yield from roots.bases
    yield from (prefix for prefix in roots.listed if _OURS not in prefix and _BUILDS not in prefix)


def _children(folder: str) -> list[str]:
    """Canonical paths of the folders in ``folder``. The kernel tells folders and links apart without a stat each."""
    try:
        with os.scandir(folder) as entries:
            return [_canonical(entry) for entry in entries if entry.name != HOME and _is_folder(entry)]
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _canonical(entry: os.DirEntry[str]) -> str:
    return os.path.realpath(entry.path) if entry.is_symlink() or sys.platform == "win32" else entry.path


def _folded(prefix: str) -> str:
    """One key for all spellings that a file system may take for the same."""
    return (prefix if prefix.isascii() else unicodedata.normalize("NFC", prefix)).casefold()


def _is_same(prefix: str, twin: str) -> bool:
    try:
        return os.path.samefile(prefix, twin)
    except OSError:
        return False
