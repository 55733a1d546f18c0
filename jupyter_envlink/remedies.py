"""What helps an environment that has no kernel: one installed into it, or an overlay beside it; or why not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from .engines.ipykernel import requirement
from .environment import Environment, State
from .errors import Conflict, EnvlinkError, NotAllowed
from .policy import Policy
from .sentence import told

INSTALL, OVERLAY = "install-kernel", "overlay"


class Remedies:
    """Decides under one policy. Looks at few files, runs nothing."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def actions(self, environment: Environment) -> list[str]:
        """Those of ``install-kernel`` and ``overlay`` that would be accepted now."""
        if environment.state is not State.NO_KERNEL:
            return []
        checks = {INSTALL: self.refuse_install, OVERLAY: self.refuse_overlay}
        return [action for action, check in checks.items() if _passes(check, environment)]

    def refuse_install(self, environment: Environment) -> None:
        """Raises ``Conflict`` where no kernel can be installed into it, ``NotAllowed`` where none may be."""
        refuse_unfit(environment, runs_r(environment))
        if environment.kind == "pixi":
            message = told(
                "{name} is kept by pixi, which would take out again what its project does not list.",
                name=environment.name,
            )
            raise Conflict(
                message,
                told("Run `pixi add ipykernel` in its project ({prefix}).", prefix=environment.prefix),
                code="pixi",
            )
        reason = self.policy.not_changeable(environment)
        if environment.frozen:
            reason = told("whoever made it has marked it as not to be changed.")
        if environment.kind != "conda" and (mark := external_mark(environment)):
            reason = told("another program manages its packages, says {mark}.", mark=mark)
        if reason:
            message = told("No kernel may be installed into {name}: {reason}", name=environment.name, reason=reason)
            raise NotAllowed(
                message, told("Run a kernel beside it: jupyter envlink attach {name} --overlay", name=environment.name)
            )

    def refuse_overlay(self, environment: Environment) -> None:
        """Raises ``Conflict`` where it has no Python that could run one, ``NotAllowed`` on a read-only server."""
        refuse_unfit(environment, False)
        self.policy.refuse_making()


def refuse_unfit(environment: Environment, takes_r: bool) -> None:
    """Raises ``Conflict`` where there is no language that a kernel could be for, or no kernel for its version."""
    if environment.python:
        requirement(environment.python_version)
    elif not takes_r:
        problem = environment.problem
        message = problem.message if problem else told("{name} has no Python.", name=environment.name)
        raise Conflict(message, problem.remedy if problem else "", code="not-ready")


def runs_r(environment: Environment) -> bool:
    """Whether it is a conda environment with R in it."""
    inside = ("Lib", "R", "bin", "R.exe") if sys.platform == "win32" else ("bin", "R")
    return environment.kind == "conda" and os.access(os.path.join(environment.prefix, *inside), os.X_OK)


def external_mark(environment: Environment) -> str | None:
    """The file by which a Python tells pip and uv not to install into it (PEP 668), where there is one.

    In a virtual environment, which has a ``pyvenv.cfg``, it says nothing.
    """
    inside = ("Lib",) if sys.platform == "win32" else ("lib", f"python{environment.python_version}")
    mark = os.path.join(environment.prefix, *inside, "EXTERNALLY-MANAGED")
    is_virtual = os.path.lexists(os.path.join(environment.prefix, "pyvenv.cfg"))
    return mark if os.path.lexists(mark) and not is_virtual else None


def wheel_options(environment: Environment) -> dict[str, Any]:
    """The options of an installation from the package index, into the environment or beside it."""
    return {"wheels": True, "python": environment.python, "python_version": environment.python_version}


def _passes(check: Callable[[Environment], None], environment: Environment) -> bool:
    try:
        check(environment)
    except EnvlinkError:
        return False
    return True
