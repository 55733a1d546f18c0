"""Whether installed distributions may bring entry points of a group, by the bytes of their files alone.

https://packaging.python.org/en/latest/specifications/entry-points/#file-format
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder

_FILE = os.sep + "entry_points.txt"
_FOLDERS = (".dist-info", ".egg-info")
_EGG = os.sep + "EGG-INFO" + _FILE


def may_be_named(group: str) -> bool:
    """Whether ``importlib.metadata`` may find entry points of ``group``; true where only a full look can tell.

    Costs a listing of each folder of ``sys.path``, and one read for each distribution in it. Raises nothing.
    """
    return any(map(_is_another, sys.meta_path)) or any(_may_name(entry, group) for entry in dict.fromkeys(sys.path))


def _is_another(finder: object) -> bool:
    """Whether it finds distributions elsewhere than in ``sys.path``."""
    usual = finder is PathFinder or type(finder).__module__.partition(".")[0] == "importlib_metadata"
    return not usual and hasattr(finder, "find_distributions")


def _may_name(entry: str, group: str) -> bool:
    folder = entry or os.curdir
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, PermissionError):
        return False
    except OSError:  # a zip file, which the importer knows to open
        return True
    name = group.encode()
    return any(name in _read(path) for path in _files(folder, names))


def _files(folder: str, names: list[str]) -> list[str]:
    """Of the distributions in ``folder``, and of the egg that it may itself be."""
    own = [folder + _EGG] if folder.lower().endswith(".egg") else []
    inside = [folder + os.sep + name + _FILE for name in names if name.lower().endswith(_FOLDERS)]
    eggs = [folder + os.sep + name + _EGG for name in names if name.lower() == "egg-info"]
    return own + inside + eggs


def _read(path: str) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return b""
    try:
        return os.read(file, os.fstat(file).st_size)
    except OSError:
        return b""
    finally:
        os.close(file)
