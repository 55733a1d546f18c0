"""Death at a chosen change of the disk: words that are put before a command, whose process then dies there.

``Calls`` counts what the C library is asked for, by Python, rattler and uv alike (``fatal.c``; Linux with a compiler).
``Events`` knows Python's own changes by name, and where they are the n-th of that name (``doomed``); anywhere.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Point:
    """A change of the disk: the ``nth`` of this ``name`` (``Events``), or of all (``Calls``, which names them, too)."""

    name: str
    nth: int

    def __str__(self) -> str:
        return f"{self.name} #{self.nth}"


@dataclass(frozen=True)
class Death:
    """One that is appointed: the ``words`` to put before a command, and whether it ``came``."""

    words: Sequence[str]
    came: Callable[[], bool]


@dataclass(frozen=True)
class Calls:
    """``how``: ``self``, ``group``, ``pause``, ``full`` or ``denied``; see ``fatal.c``.

    ``below``: the folder whose changes count.
    """

    below: Path
    how: str = "self"

    def at(self, point: Point) -> Death:
        """For any command."""
        counter = _counter()
        return Death(self._words(counter, point.nth), lambda: _count(counter) >= point.nth)

    def traced(self, trace: Path) -> Sequence[str]:
        """Words before a command that notes its points in ``trace`` and dies at none."""
        return [*self._words(_counter(), 0), f"FATAL_TRACE={trace}"]

    def points(self, trace: Path) -> list[Point]:
        return [Point(line.replace(str(self.below), ""), number) for number, line in enumerate(_lines(trace), 1)]

    def _words(self, counter: Path, nth: int) -> list[str]:
        settings = {"FATAL_COUNT": counter, "FATAL_BELOW": self.below, "FATAL_AT": nth, "FATAL_HOW": self.how}
        return ["env", f"LD_PRELOAD={library()}", *(f"{name}={value}" for name, value in settings.items())]


@dataclass(frozen=True)
class Events:
    """``how``: ``self`` or ``group``."""

    below: Path
    how: str = "self"

    def at(self, point: Point) -> Death:
        """For a command that is a Python with ``-m``."""
        came = _scratch_file()
        return Death(self._words(point.name, point.nth, "", came), lambda: came.stat().st_size > 0)

    def traced(self, trace: Path) -> Sequence[str]:
        return self._words("", 0, str(trace), Path(os.devnull))

    def points(self, trace: Path) -> list[Point]:
        seen: Counter[str] = Counter()
        found = []
        for line in _lines(trace):
            seen[line] += 1
            found.append(Point(line, seen[line]))
        return found

    def _words(self, name: str, nth: int, trace: str, came: Path) -> list[str]:
        return [sys.executable, str(_HERE / "doomed.py"), str(self.below), name, str(nth), self.how, trace, str(came)]


Means = Calls | Events


def counts_calls() -> bool:
    """Whether ``Calls`` works here."""
    return sys.platform == "linux" and shutil.which("cc") is not None


@functools.cache
def library() -> Path:
    """``fatal.c``, compiled once per process."""
    made = Path(_scratch(), "fatal.so")
    argv: Sequence[str | Path] = ["cc", "-shared", "-fPIC", "-O1", "-o", made, _HERE / "fatal.c", "-ldl"]
    subprocess.run(argv, check=True, capture_output=True, timeout=60)
    return made


def _counter() -> Path:
    """A new one, at 0."""
    made = _scratch_file()
    made.write_bytes(struct.pack("Q", 0))
    return made


def _count(counter: Path) -> int:
    found: int = struct.unpack("Q", counter.read_bytes())[0]
    return found


def _scratch_file() -> Path:
    descriptor, name = tempfile.mkstemp(dir=_scratch())
    os.close(descriptor)
    return Path(name)


@functools.cache
def _scratch() -> str:
    folder = tempfile.mkdtemp(prefix="envlink-fatal-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _lines(trace: Path) -> list[str]:
    return trace.read_text(encoding="utf-8", errors="replace").splitlines()
