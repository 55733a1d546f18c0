"""Which environments can be cloned and renamed, and why others cannot. Reads few files, runs nothing."""

from __future__ import annotations

import os
from typing import Any

from .environment import Environment, State
from .errors import Conflict, NotAllowed
from .policy import Policy
from .sentence import told

_PLAIN = ("conda", "venv", "virtualenv", "uv")
"""Kinds that no project names by their place."""
_IPYKERNEL = {"ipykernel_launcher", "ipykernel"}


def refuse_clone(environment: Environment) -> None:
    """Raises ``Conflict`` for what is not whole, and for what would be no environment at another place."""
    if environment.state not in (State.READY, State.NO_KERNEL):
        problem = environment.problem
        message = (
            problem.message
            if problem
            else told("{name} is {state}.", name=environment.name, state=environment.state.word)
        )
        raise Conflict(message, problem.remedy if problem else told("Wait until it is ready."), code="not-ready")
    if not _has(environment, "conda-meta") and not _has(environment, "pyvenv.cfg"):
        message = told(
            "{name} is an installation of Python itself, which works at its own place only.", name=environment.name
        )
        raise Conflict(message, told("Make a virtual environment with it, and clone that."), code="not-relocatable")


def refuse_rename(environment: Environment, policy: Policy) -> None:
    """Raises ``NotAllowed`` where it may not be changed; ``Conflict`` as ``refuse_clone``, and for one whose place
    or kernel belongs to something else."""
    if environment.frozen:
        message = told(
            "{name} may not be renamed: whoever made it has marked it as not to be changed.", name=environment.name
        )
        raise NotAllowed(message, told("Clone it under the other name."), code="frozen")
    policy.refuse_change(environment)
    refuse_clone(environment)
    if environment.kind not in _PLAIN or environment.name != os.path.basename(environment.prefix):
        message = told(
            "{name} ({prefix}) is named after the project that it belongs to.",
            name=environment.name,
            prefix=environment.prefix,
        )
        raise Conflict(
            message, told("Rename the project, or clone the environment under the other name."), code="of-project"
        )
    if environment.overlay:
        message = told("The kernel of {name} lies beside it, and is for this place only.", name=environment.name)
        raise Conflict(message, told("Detach it, rename the environment, then attach it again."), code="overlay")


def options(environment: Environment) -> dict[str, Any]:
    """What a worker is told about the environment that it clones or renames."""
    kernels = () if environment.overlay else environment.kernels
    words = {word for kernel in kernels for word in kernel.argv}
    python = os.path.relpath(environment.python, environment.prefix) if environment.python else None
    return {
        "source": environment.prefix,
        "base": environment.is_base,
        "venv": not _has(environment, "conda-meta"),
        "python": python,
        "kernel": "ipykernel" if words & _IPYKERNEL else "other" if kernels else None,
    }


def _has(environment: Environment, name: str) -> bool:
    return os.path.lexists(os.path.join(environment.prefix, name))
