"""A prefix for trial: what a tool plans is planned there, so that no plan ever touches an environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ..files import read_json
from ..redaction import without_secrets
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
    """Write into the history that nobody asks for the packages of these ``names`` any more.

    A revision in which nothing came or went is to conda one of an empty environment: one package comes once more.
    """
    if names:
        lines = [f"==> {datetime.now():%Y-%m-%d %H:%M:%S} <==", *_again(prefix), f"# remove specs: {list(names)!r}"]
        with open(Path(prefix, "conda-meta", "history"), "a", encoding="utf-8") as history:
            history.write("\n".join(lines) + "\n")


def _again(prefix: str) -> list[str]:
    path = next(iter(sorted(Path(prefix, "conda-meta").glob("*-*-*.json"))), None)
    record = (read_json(path) if path else None) or {}
    return [f"+{without_secrets(str(record['channel']))}::{path.stem}"] if path and record.get("channel") else []


def _copy(source: Path, target: Path) -> None:
    records = (source / "conda-meta").glob("*.json")
    others = (source / "conda-meta" / name for name in _KEPT)
    for path in (*records, *filter(Path.is_file, others)):
        shutil.copyfile(path, target / "conda-meta" / path.name)
    for path in filter(Path.is_file, (source / name for name in _CONFIGURATION)):
        shutil.copyfile(path, target / path.name)
