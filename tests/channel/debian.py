"""Debian's Python looks for modules in ``dist-packages``; conda's packages and pip in an environment do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .file import Link
from .interpreter import Interpreter

_SCHEME = "prefix_scheme = 'posix_local'"


def debian_links(interpreter: Interpreter) -> Iterator[Link]:
    """``dist-packages`` → ``site-packages``; nothing for others' Pythons.

    ``site`` itself cannot be changed: it is frozen into the executable from 3.11 on.
    """
    if '"dist-packages"' in (interpreter.stdlib / "site.py").read_text("utf-8"):
        yield Link(f"lib/python{interpreter.minor}/dist-packages", "site-packages")


def without_debian_scheme(source: Path) -> bytes | None:
    """The text of ``sysconfig`` with CPython's own installation scheme; None where nothing is to be changed."""
    if source.name == "sysconfig.py" or (source.name == "__init__.py" and source.parent.name == "sysconfig"):
        text = source.read_text("utf-8")
        if _SCHEME in text:
            return text.replace(_SCHEME, "prefix_scheme = 'posix_prefix'").encode()
    return None
