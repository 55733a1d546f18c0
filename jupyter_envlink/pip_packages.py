"""What Python's installers have put into a conda environment: what pruning takes, what a new Python leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .conda_records import recorded
from .distributions import Distribution, distributions, site_packages
from .engines.base import Package
from .inventory import metadata_of, records_of

#: A kernel, and what installs: never taken away because a file does not name them.
_STAYS = ("ipykernel", "pip", "setuptools", "wheel", "uv")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?<![._-])")
_MORE = ("-r", "--requirement", "-c", "--constraint")


def of_installers(prefix: str) -> tuple[Distribution, ...]:
    """Those that no conda package brought, by name. Raises ``Conflict`` (``damaged-record``) and ``OSError``."""
    return distributions(site_packages(prefix), metadata_of(prefix, records_of(prefix))).found


def unneeded(prefix: str, items: Sequence[str]) -> tuple[Distribution, ...]:
    """Those of them that neither ``items`` (a file's ``pip:``), nor what these need, nor a conda package wants.

    What no one can tell without pip stays: everything where ``items`` lead to another file, and what came from a path
    or an address where one of them is such. Raises as ``of_installers``.
    """
    own = of_installers(prefix)
    if not own or any(item.split("=")[0].split()[0] in _MORE for item in items if item.strip()):
        return ()
    wanted = [_requirement(item) for item in items]
    named = [each for each in wanted if each is not None]
    others = _all_but(own, prefix) | set(_STAYS)
    if None in wanted:
        others |= {canonicalize_name(each.name) for each in own if each.direct_url}
    needed = _closure(prefix, [*named, *map(Requirement, others)])
    return tuple(each for each in own if canonicalize_name(each.name) not in needed)


def stranded(prefix: str, after: Sequence[Package]) -> tuple[Distribution, ...]:
    """Those that the environment's Python will not see any more, as it becomes another one. Raises as
    ``of_installers``."""
    before = recorded(prefix).get("python", ("", ""))[0]
    now = next((package.version for package in after if package.name == "python"), "")
    return () if _minor(before) == _minor(now) else of_installers(prefix)


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _requirement(item: str) -> Requirement | None:
    """``None`` for an option, a path, a bare address."""
    try:
        return Requirement(item.partition(" #")[0].strip())
    except InvalidRequirement:
        return None


def _all_but(own: Iterable[Distribution], prefix: str) -> set[str]:
    names: set[str] = {canonicalize_name(each.name) for each in distributions(site_packages(prefix)).found}
    return names - {canonicalize_name(each.name) for each in own}


def _closure(prefix: str, roots: Iterable[Requirement]) -> set[str]:
    """The names of ``roots`` and of all that these need, as far as it is installed."""
    requires = _requires(prefix)
    environment = _environment(prefix)
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(root.name), extra) for root in roots for extra in ("", *root.extras)]
    while waiting:
        name, extra = turn = waiting.pop()
        if turn in seen:
            continue
        seen.add(turn)
        for need in _needs(requires.get(name, ())):
            if need.marker is None or need.marker.evaluate({**environment, "extra": extra}):
                waiting += [(canonicalize_name(need.name), each) for each in ("", *need.extras)]
    return {name for name, _ in seen}


def _needs(lines: Iterable[str]) -> Iterator[Requirement]:
    """Old packages have lines that nothing can read any more; the name is what counts here."""
    for line in lines:
        name = _NAME.match(line)
        yield _requirement(line) or Requirement(name[0] if name else "pip")


def _requires(prefix: str) -> Mapping[str, Sequence[str]]:
    found = metadata.distributions(path=site_packages(prefix))
    return {canonicalize_name(each.name): each.requires or () for each in found if each.name}


def _environment(prefix: str) -> dict[str, Any]:
    version = recorded(prefix).get("python", ("", ""))[0]
    own = {"python_full_version": version, "python_version": ".".join(_minor(version))} if version else {}
    return {**default_environment(), **own}
