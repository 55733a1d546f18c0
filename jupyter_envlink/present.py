"""What an environment has already of what a file asks for: read from its folders, nothing is run or asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from .distributions import distributions, site_packages
from .files import read_json


@dataclass(frozen=True)
class PipChange:
    """One item of the file's ``pip:``, as far as it can be told without asking an index: ``PipChange`` of
    ``openapi.yaml``."""

    item: str
    name: str | None
    installed: str | None
    change: str
    """``install``, ``change``, ``keep``, ``skip`` (its marker does not hold here) or ``unknown``."""


def conda_names(prefix: str) -> set[str]:
    """The conda packages of an environment, by the names of their records: ``NAME-VERSION-BUILD.json``."""
    return {path.stem.rsplit("-", 2)[0] for path in Path(prefix, "conda-meta").glob("*-*-*.json")}


def pip_changes(prefix: str, items: Sequence[str]) -> list[PipChange]:
    """What of ``items`` is there. Whether an index has a newer version of what is there is not asked."""
    if not items:
        return []
    versions, python = pip_names(prefix), _python(prefix)
    return [_pip_change(item, versions, python) for item in items]


def _pip_change(item: str, versions: Mapping[str, str], python: Mapping[str, str]) -> PipChange:
    try:
        wanted = Requirement(item.partition(" #")[0].strip())
    except InvalidRequirement:  # an option, a path, a bare address
        return PipChange(item, None, None, "unknown")
    name = _normalized(wanted.name)
    installed = versions.get(name)
    return PipChange(item, name, installed, _kind(wanted, installed, python))


def _kind(wanted: Requirement, installed: str | None, python: Mapping[str, str]) -> str:
    if wanted.marker is not None and not wanted.marker.evaluate(dict(python)):
        return "skip"
    if installed is None:
        return "install"
    if wanted.url is not None or wanted.extras:
        return "unknown"
    return "keep" if wanted.specifier.contains(installed, prereleases=True) else "change"


def _python(prefix: str) -> Mapping[str, str]:
    """The part of a marker's environment that the environment's own Python decides, as its record is named."""
    records = Path(prefix, "conda-meta").glob("python-*-*.json")
    version = next((path.stem.rsplit("-", 2)[1] for path in records if path.stem.rsplit("-", 2)[0] == "python"), None)
    if version is None:
        return {}
    return {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}


def pip_names(prefix: str) -> Mapping[str, str]:
    """Versions of what any installer has put into the environment's Python, by normalised name."""
    found = distributions(site_packages(prefix)).found
    return {_normalized(one.name): one.version for one in found}


def _normalized(name: str) -> str:
    """As PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def variable_changes(prefix: str, variables: Mapping[str, str]) -> list[dict[str, Any]]:
    """Variables of the file that the environment does not have, or not so: ``VariableChange`` of ``openapi.yaml``."""
    state = (read_json(Path(prefix, "conda-meta", "state")) or {}).get("env_vars")
    known = state if isinstance(state, dict) else {}
    return [
        {"name": name, "from": _text(known.get(name)), "to": value}
        for name, value in variables.items()
        if _text(known.get(name)) != value
    ]


def _text(value: object) -> str | None:
    """conda keeps the types that YAML gave."""
    return None if value is None else str(value)
