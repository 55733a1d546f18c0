"""Reading an environment while nobody changes it: without a lock, which in somebody else's folder nobody may take."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Conflict
from .journal import open_entries, read_entries
from .sentence import told


@contextmanager
def steady(prefix: str, own: str = "") -> Iterator[None]:
    """What is read of ``prefix`` meanwhile is one environment, and no half of two. ``own`` is the job that reads.

    Each operation of ours puts another folder in its place, and is in the journal before; conda and pip leave
    a record of each package. Raises ``Conflict``: ``gone``, or ``busy`` where somebody has changed it meanwhile.
    """
    before = _seen(prefix)
    if before is None:
        raise Conflict(told("{prefix} is gone.", prefix=prefix), told("Look at the list again."), code="gone")
    _refuse_open(prefix, own)
    try:
        yield
    except FileNotFoundError:
        if _seen(prefix) == before:
            raise
    _refuse_open(prefix, own)
    if _seen(prefix) != before:
        raise _busy(prefix)


def _refuse_open(prefix: str, own: str) -> None:
    root = os.path.dirname(prefix)
    leaving = {os.path.realpath(entry.source) for entry in read_entries(root) if entry.source and entry.job != own}
    if os.path.realpath(prefix) in {*open_entries(root), *leaving}:
        raise _busy(prefix)


def _busy(prefix: str) -> Conflict:
    return Conflict(
        told("{prefix} is being changed.", prefix=prefix),
        told("Wait until that has ended, then try again."),
        code="busy",
    )


def _seen(prefix: str) -> object:
    """Another value after each change of its packages; ``None`` where there is no such folder."""
    try:
        folder = os.stat(prefix)
    except FileNotFoundError:
        return None
    libraries = sorted(Path(prefix).glob("lib/python*/site-packages"))
    places = [Path(prefix, "conda-meta"), *libraries, Path(prefix, "Lib", "site-packages")]
    records = [(str(place), _records(place)) for place in places]
    return (folder.st_dev, folder.st_ino, records, _time(Path(prefix, "conda-meta", "history")))


def _records(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith((".json", "-info")))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _time(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
