"""What an environment has already of what a file asks for: read from its folders, nothing is run or asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .conda_records import read_variables, recorded
from .distributions import distributions, site_packages
from .envfile.model import EnvironmentFile
from .locators.venv import config_of
from .pip_packages import unneeded
from .updating import Target

#: The same of a file that something new is made of.
NOTHING_CHANGES: Mapping[str, Any] = MappingProxyType(
    {
        "operation": "create",
        **dict.fromkeys(("environment_id", "pip_changes", "pip_removed", "pip_steps", "variable_changes")),
    }
)


@dataclass(frozen=True)
class PipChange:
    """One item of the file's ``pip:``, as far as it can be told without asking an index: ``PipChange`` of
    ``openapi.yaml``."""

    item: str
    name: str | None
    installed: str | None
    change: str
    """``install``, ``change``, ``keep``, ``skip`` (its marker does not hold here) or ``unknown``."""


def changes(target: Target, file: EnvironmentFile) -> dict[str, Any]:
    """What of ``Plan`` of ``openapi.yaml`` says how the environment differs from the file, but for conda's packages."""
    pip = file.pip or ()
    gone = unneeded(target.prefix, pip) if target.prune and not target.is_venv else ()  # a venv's are told by uv
    return {
        "operation": "update",
        "environment_id": target.id,
        "pip_changes": [asdict(change) for change in pip_changes(target.prefix, pip)],
        "pip_removed": [each.as_dict() for each in gone],
        "pip_steps": None,
        "variable_changes": variable_changes(target.prefix, file.variables or {}),
    }


def pip_changes(prefix: str, items: Sequence[str]) -> list[PipChange]:
    """What of ``items`` is there. Whether an index has a newer version of what is there is not asked."""
    if not items:
        return []
    versions, python = pip_names(prefix), markers(prefix)
    return [_pip_change(item, versions, python) for item in items]


def _pip_change(item: str, versions: Mapping[str, str], python: Mapping[str, str]) -> PipChange:
    try:
        wanted = Requirement(item.partition(" #")[0].strip())
    except InvalidRequirement:  # an option, a path, a bare address
        return PipChange(item, None, None, "unknown")
    name = canonicalize_name(wanted.name)
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


def markers(prefix: str) -> Mapping[str, str]:
    """The part of a marker's environment that the environment's own Python decides, as its record or its
    ``pyvenv.cfg`` says."""
    version = recorded(prefix).get("python", ("", ""))[0] or _venv_version(prefix)
    if not version:
        return {}
    return {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}


def _venv_version(prefix: str) -> str:
    try:
        written = config_of(Path(prefix, "pyvenv.cfg").read_bytes()).version or ""
    except OSError:
        return ""
    return ".".join(written.split(".")[:3])


def pip_names(prefix: str) -> Mapping[str, str]:
    """Versions of what any installer has put into the environment's Python, by normalised name."""
    found = distributions(site_packages(prefix)).found
    return {canonicalize_name(one.name): one.version for one in found}


def variable_changes(prefix: str, variables: Mapping[str, str]) -> list[dict[str, Any]]:
    """Variables of the file that the environment does not have, or not so: ``VariableChange`` of ``openapi.yaml``."""
    known = read_variables(prefix)
    return [
        {"name": name, "from": known.get(name), "to": value}
        for name, value in variables.items()
        if known.get(name) != value
    ]
