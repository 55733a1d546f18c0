"""What conda, mamba and micromamba expect to find about an environment, written as they write it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from .files import write_text


def write_history(prefix: str, command: str, changes: Iterable[str], specs: Sequence[str]) -> None:
    """Append one revision to ``conda-meta/history``: without this file conda does not see an environment.

    ``changes`` are ``+channel/subdir::name-version-build`` and ``-…`` lines, ``specs`` what was asked for
    (``conda env export --from-history`` reads them). Format: conda's ``conda.history``.
    """
    path = Path(prefix, "conda-meta", "history")
    path.parent.mkdir(exist_ok=True)
    revision = [f"==> {datetime.now():%Y-%m-%d %H:%M:%S} <==", f"# cmd: {command}", *changes]
    if specs:
        revision.append(f"# update specs: {list(specs)!r}")
    with open(path, "a", encoding="utf-8") as stream:
        stream.write("\n".join(revision) + "\n")


def write_variables(prefix: str, variables: Mapping[str, str]) -> None:
    """The file's ``variables:``, into ``conda-meta/state``, from where every activation exports them."""
    if variables:
        path = Path(prefix, "conda-meta", "state")
        write_text(path, json.dumps({"env_vars": dict(variables)}))


def remember(prefix: str, home: Path) -> None:
    """Add ``prefix`` to ``~/.conda/environments.txt``, the list that every conda-like tool shares."""
    listed = _listed(home)
    if prefix not in listed:
        _list(home, [*listed, prefix])


def forget(prefix: str, home: Path) -> None:
    """Take ``prefix`` from that list."""
    listed = _listed(home)
    if prefix in listed:
        _list(home, [each for each in listed if each != prefix])


def _path(home: Path) -> Path:
    return home / ".conda" / "environments.txt"


def _listed(home: Path) -> list[str]:
    try:
        return [line for line in _path(home).read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def _list(home: Path, prefixes: Iterable[str]) -> None:
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(Path(os.path.realpath(path)), "".join(f"{prefix}\n" for prefix in prefixes))
