"""The variables of an activated environment as they are shown: where each comes from, and none that looks secret."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from . import activation
from .activation import ScriptVariables
from .conda_records import read_variables
from .environment import Environment
from .redaction import holds_secret

_SECRET = re.compile(
    r"token|secret|passw|passphrase|credential|(?:^|_)(?:pwd|pat|auth|key|apikey)(?:_|$)", re.IGNORECASE
)
_OWN = ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "CONDA_PROMPT_MODIFIER", "VIRTUAL_ENV", "PATH")


@dataclass(frozen=True)
class Variable:
    """``ShownVariable`` of ``openapi.yaml``."""

    name: str
    value: str | None
    """``None`` where it looks like a secret."""
    source: str
    """``state`` (the environment's own, as ``conda env config vars`` sets them), ``package`` (a file or script that a
    package has brought), ``activation`` (what activating any environment sets), or ``kernel`` (the person's own, of its
    kernels alone)."""


def shown_variables(environment: Environment, scripts: ScriptVariables, own: Mapping[str, str]) -> list[dict[str, Any]]:
    """By source and name. Nothing is run: scripts that have not been are not in it."""
    set_here = scripts.get(environment) or activation.variables(environment)
    state = _state(environment)
    found = [_shown(name, value, _source(name, state)) for name, value in set_here.items()]
    found += [_shown(name, value, "kernel") for name, value in own.items()]
    order = ("state", "package", "kernel", "activation")
    return [asdict(each) for each in sorted(found, key=lambda each: (order.index(each.source), each.name))]


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable's name or value looks like what nobody else should read."""
    return bool(value) and (_SECRET.search(name) is not None or holds_secret(value))


def _shown(name: str, value: str, source: str) -> Variable:
    if name == "PATH":
        value = os.pathsep.join([value, "$PATH"])
    return Variable(name, None if looks_secret(name, value) else value, source)


def _source(name: str, state: frozenset[str]) -> str:
    if name in state:
        return "state"
    return "activation" if name in _OWN else "package"


def _state(environment: Environment) -> frozenset[str]:
    try:
        return frozenset(name.upper() for name in read_variables(environment.prefix))
    except OSError:
        return frozenset()
