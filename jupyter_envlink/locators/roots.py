"""Where environments may be found on this machine, and where a new one would go."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from jupyter_envlink import condarc

from .projects import Walk, walk

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Resolved(NamedTuple):
    """A path's canonical one; where nothing ``answers`` there, by memory or as it stands."""

    path: str
    answers: bool = True


Resolve = Callable[[Iterable[str]], Mapping[str, Resolved]]
_MANY = 8
"""So many lines with one parent are worth a listing of it, which may be long."""


@dataclass(frozen=True)
class Roots:
    """Canonical paths, each once; nothing says that they exist.

    ``envs_dirs`` are folders whose children are environments, in the order in which a new environment would
    choose among them. ``bases`` are prefixes of conda, mamba and micromamba installations. ``listed`` are single
    prefixes, ``registry`` the ``environments.txt`` that names most of them. In ``projects`` and below them lie
    projects. ``home`` is the person's, empty where there is none, and ``environ`` the variables: from these a locator
    knows where its tool keeps environments.
    """

    envs_dirs: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    registry: str = ""
    projects: tuple[str, ...] = ()
    home: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)

    @cached_property
    def walked(self) -> Walk:
        """What the project folders hold, looked for when it is first asked for."""
        return walk(self.projects)


def realpaths(paths: Iterable[str]) -> Mapping[str, Resolved]:
    """Waits for each."""
    return {path: Resolved(os.path.realpath(path)) for path in paths}


def find_roots(
    environ: Mapping[str, str] | None = None,
    home: Path | None = None,
    extra: Iterable[str] = (),
    projects: Iterable[str] = (),
    resolve: Resolve = realpaths,
) -> Roots:
    """Ask the variables, every condarc, the usual install places and ``~/.conda/environments.txt`` of ``home`` only.

    Where ``environ`` stands in for the process's own, the process's own prefix does not count, either.
    ``extra`` are further folders whose children are environments, ``projects`` those to search for projects;
    ``resolve``, asked once, may know better than to wait for a folder that does not answer. Takes a millisecond or
    two; raises nothing for a file that is missing or cannot be read.
    """
    own = sys.prefix if environ is None else ""
    environ = os.environ if environ is None else environ
    home = Path(os.path.expanduser("~")) if home is None else home
    bases = condarc.root_prefixes(environ, home)
    registry = home / ".conda" / "environments.txt"
    folders, installed, searched = map(_expanded, (_envs_dirs(environ, home, bases, extra), bases, projects))
    places = _places((*_registered(registry), *_active(environ), own))
    known = resolve(list(dict.fromkeys((*folders, *installed, *searched, *(parent for parent, _ in places)))))
    return Roots(
        envs_dirs=_canonical(folders, known),
        bases=_canonical(installed, known),
        listed=_listed(places, known),
        registry=os.path.realpath(registry),
        projects=_canonical(searched, known),
        home=str(home),
        environ=environ,
    )


def _envs_dirs(environ: Mapping[str, str], home: Path, bases: Iterable[str], extra: Iterable[str]) -> Iterator[str]:
    """The configured ones first, as conda has it (``context.envs_dirs``)."""
    for variable in ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH"):
        yield from environ.get(variable, "").split(os.pathsep)
    yield from condarc.load(environ, home).envs_dirs
    yield from (os.path.join(base, "envs") for base in bases)
    if environ.get("MAMBA_ROOT_PREFIX"):
        yield os.path.join(environ["MAMBA_ROOT_PREFIX"], "envs")
    yield str(home / ".conda" / "envs")
    if sys.platform == "win32" and environ.get("LOCALAPPDATA"):
        yield os.path.join(environ["LOCALAPPDATA"], "conda", "conda", "envs")
    yield from extra


def _active(environ: Mapping[str, str]) -> Iterator[str]:
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):
        yield environ.get(variable, "")


def _registered(registry: Path) -> list[str]:
    """conda's list of prefixes: one a line, empty lines and comments are skipped (``conda.gateways.disk.read``)."""
    try:
        lines = os.fsdecode(registry.read_bytes()).splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _expanded(paths: Iterable[str]) -> list[str]:
    return [os.path.expanduser(path) for path in paths if _is_path(path)]


def _canonical(paths: Iterable[str], known: Mapping[str, Resolved]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known[path].path for path in paths))


_Place = tuple[str, str]
"""The folder of a prefix, and its name there."""


def _places(paths: Iterable[str]) -> list[_Place]:
    """A thousand lines mostly share a few parents, so it is those that are looked at."""
    parted = (path.rstrip(os.sep).rpartition(os.sep) for path in paths if _is_path(path) and os.path.isabs(path))
    return [(parent or os.sep, name) for parent, _, name in parted]


def _listed(places: Collection[_Place], known: Mapping[str, Resolved]) -> tuple[str, ...]:
    """Canonical."""
    counts = Counter(parent for parent, _ in places)
    parents = {parent: known[parent].path.rstrip(os.sep) + os.sep for parent in counts}
    silent = {parent for parent in counts if not known[parent].answers}
    many = {parent for parent, count in counts.items() if count > _MANY} - silent
    links = {**dict.fromkeys(silent, frozenset[str]()), **{parent: _links(parent) for parent in many}}
    found = (_resolved(parents[parent], name, links.get(parent)) for parent, name in places)
    return tuple(dict.fromkeys(found))


def _resolved(parent: str, name: str, links: frozenset[str] | None) -> str:
    """``name`` in the canonical ``parent``, of whose names ``links`` are links; ``None`` where that is unknown."""
    path = parent + name
    if name in ("", os.curdir, os.pardir) or sys.platform == "win32":
        return os.path.realpath(path)
    is_link = os.path.islink(path) if links is None else name in links
    return os.path.realpath(path) if is_link else path


def _links(folder: str) -> frozenset[str] | None:
    """The names of the links in ``folder``, ``None`` where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries if entry.is_symlink())
    except OSError:
        return None


def _is_path(text: str) -> bool:
    return bool(text) and "\0" not in text
