"""Whether somebody else has changed an environment meanwhile: conda, mamba and pip know nothing of our locks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

Seen = frozenset[tuple[str, int, int]]
"""Path, size and time (nanoseconds) of each record of a package."""

_PACKAGES = ("lib/python*/site-packages", "Lib/site-packages")


def seen(prefix: str) -> Seen:
    """What is installed in ``prefix``, as far as it takes no reading. Whatever installs or removes changes this."""
    folders = [Path(prefix, "conda-meta"), *(each for name in _PACKAGES for each in Path(prefix).glob(name))]
    return frozenset(each for folder in folders for each in _entries(folder))


def _entries(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Of folders only that they are there: using an environment compiles modules into them."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as items:
        for item in items:
            if item.name != "__pycache__":
                is_file = item.is_file(follow_symlinks=False)
                stat = item.stat(follow_symlinks=False)
                yield (f"{folder.name}/{item.name}", stat.st_size, stat.st_mtime_ns) if is_file else (item.name, 0, 0)
