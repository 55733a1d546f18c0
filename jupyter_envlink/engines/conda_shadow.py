"""A prefix for trial: what a tool plans is planned there, so that no plan ever touches an environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..conda_records import write_history
from .scratch import scratch

_KEPT = ("history", "pinned", "state")
_CONFIGURATION = (".condarc", "condarc", ".mambarc")


@contextmanager
def shadow(prefix: str | None, forgotten: Sequence[str] = ()) -> Iterator[str]:
    """An empty environment, or, with ``prefix``, one that has the records of its packages and nothing else."""
    with scratch() as folder:
        meta = folder / "conda-meta"
        meta.mkdir()
        (meta / "history").touch()
        if prefix is not None:
            _copy(Path(prefix), folder)
            forget(str(folder), forgotten)
        yield os.path.realpath(folder)


def forget(prefix: str, names: Sequence[str]) -> None:
    """Write into the history that nobody asks for the packages of these ``names`` any more."""
    if names:
        write_history(prefix, "jupyter envlink", (), (), names)


def _copy(source: Path, target: Path) -> None:
    records = (source / "conda-meta").glob("*.json")
    others = (source / "conda-meta" / name for name in _KEPT)
    for path in (*records, *filter(Path.is_file, others)):
        shutil.copyfile(path, target / "conda-meta" / path.name)
    for path in filter(Path.is_file, (source / name for name in _CONFIGURATION)):
        shutil.copyfile(path, target / path.name)
