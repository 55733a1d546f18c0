"""Where environments are looked for, and which setting says so. Reads names only."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import condarc
from .locators import LOCATORS, Roots
from .locators.placed import PlacedLocator

_CONDA = ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH")


@dataclass(frozen=True)
class Searched:
    """One folder that was searched, or one list or folder that names an environment itself."""

    path: str
    source: str
    """What says so: ``envs_dirs of /home/ada/.condarc``."""
    exists: bool
    readable: bool
    environments: int
    """How many of the environments that were found it accounts for."""


@dataclass(frozen=True)
class Search:
    """What was searched: ``folders`` whose children are environments, ``single`` prefixes, each with its sources."""

    folders: Mapping[str, tuple[str, ...]]
    single: Mapping[str, tuple[str, ...]]
    projects: tuple[str, ...]
    registry: str
    lines: Mapping[str, int]
    """The line of ``registry`` that names a prefix."""

    def finds(self, prefix: str) -> list[str]:
        """Everything by which ``prefix`` (canonical) is found, in words; empty where nothing names it."""
        parent = os.path.dirname(prefix)
        found = [f"in {parent} ({source})" for source in self.folders.get(parent, ())]
        found += list(self.single.get(prefix, ()))
        if prefix in self.lines:
            found.append(f"line {self.lines[prefix]} of {self.registry}")
        return found or [f"in a project below {root}" for root in self.projects if _is_below(prefix, root)]

    def places(self, prefixes: Collection[str]) -> tuple[Searched, ...]:
        """Each place, and how many of ``prefixes``, those of the environments that were found, it accounts for."""
        inside = Counter(os.path.dirname(prefix) for prefix in prefixes)
        found = [_searched(path, sources, inside[path]) for path, sources in self.folders.items()]
        found += [_searched(path, sources, int(path in prefixes)) for path, sources in self.single.items()]
        if self.registry:
            listed = sum(prefix in self.lines for prefix in prefixes)
            found.append(_searched(self.registry, ("conda's list of environments",), listed))
        below = {root: sum(_is_below(prefix, root) for prefix in prefixes) for root in self.projects}
        return (*found, *(_searched(root, ("searched for projects",), count) for root, count in below.items()))


def search(roots: Roots, extra: Iterable[str]) -> Search:
    """``roots`` with the reason for each of them. ``extra`` is ``c.Catalog.extra_roots``. Reads a few small files."""
    named = _by_path(_folders(roots, extra))
    folders = {path: named.get(path, ("a usual place",)) for path in (*roots.envs_dirs, *named)}
    return Search(
        folders=folders,
        single=_by_path(_single(roots)),
        projects=roots.projects,
        registry=roots.registry,
        lines=_lines(roots.registry),
    )


def _folders(roots: Roots, extra: Iterable[str]) -> Iterator[tuple[str, str]]:
    environ, home = roots.environ, Path(roots.home)
    for variable in _CONDA:
        yield from ((path, f"the variable {variable}") for path in environ.get(variable, "").split(os.pathsep))
    for path, file in condarc.envs_dirs_by_file(environ, home):
        yield path, f"envs_dirs of {file}"
    yield from ((path, "c.Catalog.extra_roots") for path in extra)
    yield from ((os.path.join(base, "envs"), f"the installation {base}") for base in roots.bases)
    if environ.get("MAMBA_ROOT_PREFIX"):
        yield os.path.join(environ["MAMBA_ROOT_PREFIX"], "envs"), "the variable MAMBA_ROOT_PREFIX"
    yield str(home / ".conda" / "envs"), "conda's place where its own folder is read-only"
    yield environ.get("WORKON_HOME", ""), "the variable WORKON_HOME"
    yield str(home / ".virtualenvs"), "where virtualenvwrapper keeps environments"
    for locator in (each for each in LOCATORS if isinstance(each, PlacedLocator)):
        yield from ((path, f"where {locator.kind} keeps environments") for path in locator.folders(roots))


def _single(roots: Roots) -> Iterator[tuple[str, str]]:
    yield from ((base, "a base installation") for base in roots.bases)
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):
        yield roots.environ.get(variable, ""), f"the variable {variable}"
    yield sys.prefix, "the environment that envlink runs in"


def _by_path(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The sources of each canonical path, in order, each once."""
    found: dict[str, tuple[str, ...]] = {}
    for path, source in named:
        if path and "\0" not in path:
            real = os.path.realpath(os.path.expanduser(path))
            found[real] = tuple(dict.fromkeys((*found.get(real, ()), source)))
    return found


def _lines(registry: str) -> dict[str, int]:
    try:
        lines = os.fsdecode(Path(registry).read_bytes()).splitlines() if registry else []
    except OSError:
        return {}
    named = {number: line.strip() for number, line in enumerate(lines, 1)}
    return {
        os.path.realpath(path): number for number, path in named.items() if os.path.isabs(path) and "\0" not in path
    }


def _searched(path: str, sources: Iterable[str], count: int) -> Searched:
    return Searched(path, "; ".join(sources), os.path.exists(path), os.access(path, os.R_OK), count)


def _is_below(prefix: str, root: str) -> bool:
    return prefix.startswith(root.rstrip(os.sep) + os.sep)
