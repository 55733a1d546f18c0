"""``environment.yml``, as ``conda env export`` writes it: with builds, without, or only what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..distributions import Distribution
from ..envfile import names
from ..envfile.spec import package_name
from ..errors import InvalidName
from ..inventory import CondaPackage, Inventory
from . import channels
from .text import Quoted, comment, dumped, left_out, unreadable

_PLAIN = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_USABLE = re.compile(r"[^=\x00-\x20]+")
OWN = {"PATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL"}
"""Variables that activation sets itself, whatever the environment's own say."""

_SHOWN = "The values of the variables are in this file as they are set: look at them before you share it."


def with_builds(inventory: Inventory) -> str:
    """``name=version=build``: the same packages again, on the same platform."""
    return _whole(inventory, lambda package: f"{package.name}={package.version}={package.build}".rstrip("="))


def without_builds(inventory: Inventory) -> str:
    """``name=version``: the same versions."""
    return _whole(inventory, lambda package: f"{package.name}={package.version}")


def from_history(inventory: Inventory) -> str:
    """What somebody asked for, of conda and of pip, in the words of the request."""
    asked = [one for one in inventory.pip if one.requested or one.direct_url]
    return _text(inventory, inventory.requested, asked)


def _whole(inventory: Inventory, spec: Callable[[CondaPackage], str]) -> str:
    specs = [channels.prefix(package, inventory) + spec(package) for package in inventory.conda]
    return _text(inventory, specs, inventory.pip)


def _text(inventory: Inventory, specs: Iterable[str], pip: Sequence[Distribution]) -> str:
    content: dict[str, Any] = {
        "name": _name(inventory.name),
        "channels": list(channels.listed(inventory)) or ["nodefaults"],
        "dependencies": _dependencies([*specs], [one.requirement for one in pip]),
    }
    variables, unusable = _variables(inventory)
    if variables:
        content["variables"] = variables
    remarks = [*_remarks(inventory, pip), *left_out("Variables that no file can set:", unusable)]
    return comment([*remarks, *([_SHOWN] if variables else [])]) + dumped(content)


def _variables(inventory: Inventory) -> tuple[dict[str, Quoted], list[str]]:
    """Those that activation sets, the later of two that it writes alike; and the names of the others."""
    usable = {name: value for name, value in inventory.variables.items() if _USABLE.fullmatch(name)}
    last = {name.upper(): name for name in usable}
    kept = {name: Quoted(usable[name]) for name in usable if last[name.upper()] == name and name.upper() not in OWN}
    return kept, [name for name in inventory.variables if name.upper() not in last or name.upper() in OWN]


def _dependencies(specs: list[str], items: list[str]) -> list[Any]:
    if not items:
        return specs
    pip = [] if any(package_name(spec) == "pip" for spec in specs) else ["pip"]
    return [*specs, *pip, {"pip": items}]


def _remarks(inventory: Inventory, pip: Iterable[Distribution]) -> list[str]:
    """What a reader has to know."""
    local = [one.requirement for one in pip if one.is_local]
    remarks = left_out("These are installed from files of the machine that this was written on:", local)
    return [*remarks, *unreadable(inventory)]


def _name(name: str) -> str:
    """One that a new environment may have: that of base, for instance, is none."""
    try:
        names.validate(name)
    except InvalidName:
        name = names.propose(name)
    return name if _PLAIN.fullmatch(name) else Quoted(name)
