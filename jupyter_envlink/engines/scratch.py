"""Folders for as long as a program runs: what a killed process has left of them is removed by the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import process
from ..running import created_at

_NAME = re.compile(r"envlink-(\d+)-(\d+)-\w+")


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder that nobody else may look into. Raises ``OSError``."""
    _sweep()
    prefix = f"envlink-{os.getpid()}-{int(created_at(os.getpid()))}-"
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)


def _sweep() -> None:
    parent = tempfile.gettempdir()
    for name in os.listdir(parent):
        found = _NAME.fullmatch(name)
        if found and not process.alive(int(found[1]), float(found[2])):
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)  # another user's stays
