"""Where prefixes keep their Python, and what its files say about it. Nothing is run."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache

WINDOWS = sys.platform == "win32"
_PYTHONS = (os.sep + "python.exe", os.sep.join(("", "Scripts", "python.exe")))
_BIN_PYTHON = os.sep.join(("", "bin", "python"))
_VERSIONED = re.compile(r"python(\d+\.\d+)t?$")


_MARKS = {"linux": (b"\x7fELF",), "darwin": (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"), "win32": (b"MZ",)}
"""How programs begin."""


def python_paths(prefix: str, windows: bool = WINDOWS) -> tuple[str, ...]:
    """Where a conda prefix keeps its Python: conda's place first."""
    return (prefix + _PYTHONS[0], prefix + _PYTHONS[1]) if windows else (prefix + _BIN_PYTHON,)


def venv_python(prefix: str, windows: bool = WINDOWS) -> str:
    """Where a virtual environment keeps it."""
    return prefix + (_PYTHONS[1] if windows else _BIN_PYTHON)


def foreign_pythons(prefix: str, windows: bool = WINDOWS) -> tuple[str, ...]:
    """Where it would lie if the prefix had been made for another system."""
    return python_paths(prefix, not windows)


def is_foreign(python: str, system: str = sys.platform) -> bool:
    """Whether ``python`` is a program of another operating system, by its first bytes. What is unknown is not."""
    try:
        with open(python, "rb", buffering=0) as file:
            start = file.read(4)
    except OSError:
        return False
    others = [mark for other, marks in _MARKS.items() if other != system for mark in marks]
    return system in _MARKS and start.startswith(tuple(others))


def minor(version: str | None) -> str | None:
    """``3.11`` of ``3.11.7`` or ``3.11.7.final.0``."""
    return ".".join(version.split(".")[:2]) if version else None


def linked_version(python: str) -> str | None:
    """``3.11`` where ``python`` is a link to ``python3.11``, as conda's package makes it; nothing is read."""
    try:
        return _named_version(os.readlink(python))
    except OSError:  # a copy, or Windows
        return None


def library_version(prefix: str) -> str | None:
    """``3.11`` where the prefix has one ``lib/python3.11``."""
    try:
        names = os.listdir(prefix + os.sep + "lib")
    except OSError:
        return None
    found = {version for version in map(_named_version, names) if version}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=256)
def _named_version(target: str) -> str | None:
    found = _VERSIONED.search(target)
    return found[1] if found else None
