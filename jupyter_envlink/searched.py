"""Where environments are looked for, and which setting says so. Reads names only."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import condarc
from .locators import Locator, Roots
from .locators.base import Housed
from .locators.roots import Resolve
from .sentence import joined, told

_CONDA = ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH")


@dataclass(frozen=True)
class Searched:
    """One folder that was searched, or one list or folder that names an environment itself."""

    path: str
    source: str
    """What says so: ``envs_dirs of /home/ada/.condarc``."""
    exists: bool | None
    """``None`` where nobody knows: the folder does not answer."""
    readable: bool | None
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
    silent: frozenset[str] = frozenset()
    """Folders that do not answer: they are not asked again here."""

    def finds(self, prefix: str) -> list[str]:
        """Everything by which ``prefix`` (canonical) is found, in words; empty where nothing names it."""
        return self.names(prefix) or [told("in a project below {root}", root=root) for root in self.projects_of(prefix)]

    def projects_of(self, prefix: str) -> list[str]:
        """The roots of projects that ``prefix`` lies below, however deep."""
        return [root for root in self.projects if _is_below(prefix, root)]

    def names(self, prefix: str) -> list[str]:
        """As ``finds``, but for the search of projects, which does not go everywhere."""
        parent = os.path.dirname(prefix)
        found = [
            told("in {parent} ({source})", parent=parent, source=source) for source in self.folders.get(parent, ())
        ]
        found += list(self.single.get(prefix, ()))
        if prefix in self.lines:
            found.append(told("line {line} of {registry}", line=self.lines[prefix], registry=self.registry))
        return found

    def places(self, prefixes: Collection[str]) -> tuple[Searched, ...]:
        """Each place, and how many of ``prefixes``, those of the environments that were found, it accounts for."""
        inside = Counter(os.path.dirname(prefix) for prefix in prefixes)
        found = [self._place(path, sources, inside[path]) for path, sources in self.folders.items()]
        found += [self._place(path, sources, int(path in prefixes)) for path, sources in self.single.items()]
        if self.registry:
            listed = sum(prefix in self.lines for prefix in prefixes)
            found.append(self._place(self.registry, (told("conda's list of environments"),), listed))
        below = {root: sum(_is_below(prefix, root) for prefix in prefixes) for root in self.projects}
        return (*found, *(self._place(root, ("c.Catalog.project_roots",), count) for root, count in below.items()))

    def answers(self, path: str) -> bool:
        """Whether ``path`` may be asked for: neither it nor a folder that it is in is known to be silent."""
        return not any(path == folder or _is_below(path, folder) for folder in self.silent)

    def _place(self, path: str, sources: Iterable[str], count: int) -> Searched:
        source = joined("; ", sources)
        if not self.answers(path):
            return Searched(path, source, None, None, count)
        return Searched(path, source, os.path.exists(path), os.access(path, os.R_OK), count)


def search(roots: Roots, extra: Iterable[str], locators: Iterable[Locator], resolve: Resolve) -> Search:
    """``roots`` with the reason for each of them. ``extra`` is ``c.Catalog.extra_roots``. Reads a few small files."""
    named = _by_path(_folders(roots, extra, locators), resolve)
    folders = {path: named.get(path, (told("a usual place"),)) for path in (*roots.envs_dirs, *named)}
    return Search(
        folders=folders,
        single=_by_path(_single(roots), resolve),
        projects=roots.projects,
        registry=roots.registry,
        lines=_lines(roots.registry, resolve),
    )


def _folders(roots: Roots, extra: Iterable[str], locators: Iterable[Locator]) -> Iterator[tuple[str, str]]:
    environ, home = roots.environ, Path(roots.home)
    for variable in _CONDA:
        yield from (
            (path, told("the variable {variable}", variable=variable))
            for path in environ.get(variable, "").split(os.pathsep)
        )
    for path, file in condarc.envs_dirs_by_file(environ, home):
        yield path, told("envs_dirs of {file}", file=file)
    yield from ((path, "c.Catalog.extra_roots") for path in extra)
    yield from ((os.path.join(base, "envs"), told("the installation {base}", base=base)) for base in roots.bases)
    if environ.get("MAMBA_ROOT_PREFIX"):
        yield (
            os.path.join(environ["MAMBA_ROOT_PREFIX"], "envs"),
            told("the variable {variable}", variable="MAMBA_ROOT_PREFIX"),
        )
    yield str(home / ".conda" / "envs"), told("conda's place where its own folder is read-only")
    yield environ.get("WORKON_HOME", ""), told("the variable {variable}", variable="WORKON_HOME")
    yield str(home / ".virtualenvs"), told("where {kind} keeps environments", kind="virtualenvwrapper")
    for locator in (each for each in locators if isinstance(each, Housed)):
        yield from (
            (path, told("where {kind} keeps environments", kind=locator.kind)) for path in locator.folders(roots)
        )


def _single(roots: Roots) -> Iterator[tuple[str, str]]:
    yield from ((base, told("a base installation")) for base in roots.bases)
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):
        yield roots.environ.get(variable, ""), told("the variable {variable}", variable=variable)
    yield sys.prefix, told("the environment that envlink runs in")


def _by_path(named: Iterable[tuple[str, str]], resolve: Resolve) -> dict[str, tuple[str, ...]]:
    """The sources of each canonical path, in order, each once."""
    usable = [(os.path.expanduser(path), source) for path, source in named if path and "\0" not in path]
    canonical = resolve(dict.fromkeys(path for path, _ in usable))
    found: dict[str, tuple[str, ...]] = {}
    for path, source in usable:
        real = canonical[path].path
        found[real] = tuple(dict.fromkeys((*found.get(real, ()), source)))
    return found


def _lines(registry: str, resolve: Resolve) -> dict[str, int]:
    try:
        lines = os.fsdecode(Path(registry).read_bytes()).splitlines() if registry else []
    except OSError:
        return {}
    stripped = {line.strip(): number for number, line in enumerate(lines, 1)}
    named = {path: number for path, number in stripped.items() if os.path.isabs(path) and "\0" not in path}
    canonical = resolve(list(named))
    return {canonical[path].path: number for path, number in named.items()}


def _is_below(prefix: str, root: str) -> bool:
    return prefix.startswith(root.rstrip(os.sep) + os.sep)
