"""What updating an environment from a file means before any channel is asked: whether it may, and what is there.

The meaning is that of ``conda env update``: what is installed stays where that can be, the file's own word on a package
replaces earlier ones, and nothing of pip's and no variable is ever taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .conda_records import recorded
from .envfile.additions import Addition
from .environment import Environment, State
from .errors import Conflict, NotAllowed
from .files import read_json
from .formats import Contents
from .requested import requested_in_history
from .sentence import told

if TYPE_CHECKING:
    from .policy import Policy

_KERNELS = ("ipykernel", "r-irkernel")
_VENVS = ("uv", "venv", "virtualenv")
"""Those that nobody's tool rebuilds from a project's own lock."""


@dataclass(frozen=True)
class Target:
    """The environment that a file is to update. With ``prune``, what the file does not need goes."""

    id: str
    name: str
    prefix: str
    prune: bool
    keeps_kernel: bool
    """Whether it has one whatever the file says."""
    is_venv: bool = False


def target(environment: Environment, prune: bool, policy: Policy) -> Target:
    """Raises ``Conflict`` for what is no finished conda or virtual environment, ``NotAllowed`` where it may not be
    changed."""
    _refuse_others(environment)
    refuse_change(environment, policy)
    is_venv, keeps = environment.kind in _VENVS, _keeps_kernel(environment, prune)
    return Target(environment.id, environment.name, environment.prefix, prune, keeps, is_venv)


def refuse_format(contents: Contents, of: Target) -> None:
    """Raises ``Conflict`` for a file of another world, and for one that says exactly what a conda environment holds:
    there is nothing to update by it."""
    if of.is_venv:
        _refuse_others_formats(contents)
    elif contents.locked is not None or contents.venv is not None or contents.archive is not None:
        message = told(
            "An environment is updated from a list of what is wanted, not from a file of the kind {format}.",
            format=contents.format,
        )
        raise Conflict(message, told("Create an environment of its own from it."), code="format-not-for-update")


def _refuse_others_formats(contents: Contents) -> None:
    if contents.venv is None:
        message = told(
            "A virtual environment is updated from requirements.txt, pyproject.toml or pylock.toml, not from "
            "a file of the kind {format}.",
            format=contents.format,
        )
        raise Conflict(message, told("Create an environment of its own from it."), code="format-not-for-update")


def refuse_change(environment: Environment, policy: Policy) -> None:
    """Raises ``Conflict`` for an environment that is not finished, ``NotAllowed`` where it may not be changed."""
    if environment.state in (State.BUILDING, State.INCOMPLETE):
        problem = environment.problem
        message = problem.message if problem else told("{name} is being made or changed.", name=environment.name)
        raise Conflict(message, problem.remedy if problem else told("Wait until that is done."), code="not-ready")
    if environment.frozen:
        raise _frozen(environment)
    policy.refuse_change(environment)


def _refuse_others(environment: Environment) -> None:
    if environment.kind not in ("conda", *_VENVS):
        message = told(
            "{name} is of the kind {kind}: only conda environments and plain virtual environments are "
            "updated from files.",
            name=environment.name,
            kind=environment.kind,
        )
        raise Conflict(message, told("Update it with the tool that made it."), code="not-conda")


def _frozen(environment: Environment) -> NotAllowed:
    """CEP 22: the file may say why, in ``message``."""
    said = (read_json(Path(environment.prefix, "conda-meta", "frozen")) or {}).get("message")
    reason = (
        said if isinstance(said, str) and said.strip() else told("whoever made it has marked it as not to be changed.")
    )
    message = told("{name} may not be changed: {reason}", name=environment.name, reason=reason)
    return NotAllowed(message, told("Create an environment of your own from the file."), code="frozen")


def asks_for_others(target: Target, specs: Sequence[str], pip: Sequence[str] | None) -> bool:
    """Whether a file with these specs asks for something else than was asked for last: before any channel is asked, the
    best guess whether something will change. Raises ``OSError``."""
    last, now = set(requested_in_history(target.prefix, recorded(target.prefix))), set(specs)
    return bool(pip or now - last or (target.prune and last - now))


def _keeps_kernel(environment: Environment, prune: bool) -> bool:
    """Whether it has a kernel that no update takes away: one of pip's or outside it, or any where nothing goes."""
    if environment.overlay or not environment.kernels:
        return environment.overlay
    if not prune or environment.kind in _VENVS:
        return not prune
    from .present import pip_names

    return "ipykernel" in pip_names(environment.prefix) and "ipykernel" not in recorded(environment.prefix)


def needed_additions(added: Sequence[Addition], of: Target) -> tuple[Addition, ...]:
    """Those that bring what the environment would not have anyway."""
    there = () if of.prune else recorded(of.prefix)
    kernels = _KERNELS if of.keeps_kernel else ()
    return tuple(addition for addition in added if addition.spec not in (*there, *kernels))
