"""Where condarc files lie, the weakest first: conda's ``SEARCH_PATH``, with mamba's ``.mambarc`` beside each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .._roots import root_prefixes
from .variables import expand_path

NAMES = (".condarc", "condarc", ".mambarc", "mambarc")
SUFFIXES = (".yml", ".yaml")


class Place(NamedTuple):
    """A file that is there. ``chief`` is false for those of base installations other than the first one found."""

    path: Path
    chief: bool


def places(environ: Mapping[str, str], home: Path, prefix: str | None) -> Iterator[Place]:
    """Every file once, at the first of its places, as conda does it. ``prefix`` is the environment that is changed."""
    seen = set()
    for place in _all(environ, home, prefix):
        if place.path not in seen:
            seen.add(place.path)
            yield place


def _all(environ: Mapping[str, str], home: Path, prefix: str | None) -> Iterator[Place]:
    roots = root_prefixes(environ, home)
    for folder in _system_folders():
        yield from _inside(folder)
    for root in reversed(roots):
        yield from _inside(Path(root), root == roots[0])
    for base in (environ.get("XDG_CONFIG_HOME"), home / ".config"):
        if base:
            yield from _inside(Path(base, "conda"))
    yield from _inside(home / ".conda")
    yield from (Place(home / name, True) for name in (".condarc", ".mambarc") if os.path.isfile(home / name))
    if prefix and prefix not in roots:
        yield from _inside(Path(prefix))
    for name in ("CONDARC", "MAMBARC"):
        if environ.get(name):
            yield from _named(expand_path(environ[name], environ, home))


def _system_folders() -> list[Path]:
    if os.name == "nt":
        return [Path("C:/ProgramData/conda")]
    return [Path("/etc/conda"), Path("/var/lib/conda")]


def _inside(folder: Path, chief: bool = True) -> Iterator[Place]:
    yield from (Place(folder / name, chief) for name in (".condarc", "condarc") if os.path.isfile(folder / name))
    yield from (Place(path, chief) for path in _parts(folder / "condarc.d"))
    if os.path.isfile(folder / ".mambarc"):
        yield Place(folder / ".mambarc", chief)


def _named(path: Path) -> Iterator[Place]:
    """What ``CONDARC`` names: a file, which needs not be there, or a folder of files."""
    if os.path.isdir(path):
        yield from (Place(part, True) for part in _parts(path))
    else:
        yield Place(path, True)


def _parts(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and os.path.isfile(path))
    except (OSError, ValueError):  # ValueError: a path that cannot be one
        return []
