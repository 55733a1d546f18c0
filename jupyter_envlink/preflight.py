"""Whether the kernel of an environment that looks ready can start. Tens of microseconds; nothing is run.

What cannot be told for certain is no obstacle: then the kernel starts, or fails by itself.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from .environment import Environment, Problem
from .link import Link
from .locators import Locator, look
from .sentence import told

_IPYKERNEL = ("ipykernel", "IPython", "jupyter_client", "tornado", "traitlets", "zmq")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "ipykernel_launcher": ("ipykernel_launcher", *_IPYKERNEL),
    "ipykernel": _IPYKERNEL,
}
"""What every release of ipykernel imports as it starts."""
_ENDINGS = (os.sep, ".py", ".pyc")


def obstacle(link: Link, spec: Mapping[str, Any]) -> Problem | None:
    """Why ``link``'s kernel, started by ``spec`` (its kernel.json), cannot start now; ``None`` where it may.

    The state of its environment, which the catalog tells, is taken for granted.
    """
    return _missing_program(spec) or _missing_module(link, spec)


def lost(link: Link, spec: Mapping[str, Any]) -> Problem | None:
    """The same for an environment that is not looked at here, of which only what was registered is known."""
    prefix = link.environment.prefix
    return _missing_program(spec) if os.path.lexists(prefix) else removed(prefix)


def absence(prefix: str, locators: Sequence[Locator]) -> Problem | None:
    """Why ``prefix`` is no environment any more; ``None`` where it is one, in whatever state, or may be."""
    if not os.path.lexists(prefix):
        return removed(prefix)
    try:
        if look(prefix, locators) is not None:
            return None
    except OSError:  # the disk itself fails, which says nothing about the environment
        return None
    message = told("{prefix} is no environment any more: the files that made it one are gone.", prefix=prefix)
    return Problem("no-environment", message, told("Remove the folder, and create the environment again."))


def removed(prefix: str) -> Problem:
    """``prefix`` is not there; where its parent folder is missing too, a disk may be."""
    if os.path.isdir(os.path.dirname(prefix)):
        remedy = told("Create it again, or choose another kernel for this notebook.")
        return Problem("removed", told("The environment {prefix} was removed.", prefix=prefix), remedy)
    message = told("The environment {prefix} is not there, nor is the folder that it was in.", prefix=prefix)
    return Problem(
        "not-there", message, told("Mount the disk that it is on, or choose another kernel for this notebook.")
    )


def _missing_program(spec: Mapping[str, Any]) -> Problem | None:
    """Whether the kernel's own program is gone, or cannot be run."""
    program = spec["argv"][0]
    if not os.path.isabs(program) and (os.path.dirname(program) or program.startswith("python")):
        return None  # jupyter_client runs the server's own Python for a bare `python`
    path = Template(spec.get("env", {}).get("PATH", "${PATH}")).safe_substitute(os.environ)
    if shutil.which(program, path=path):
        return None
    message = (
        told("The program that starts the kernel, {program}, cannot be run.", program=program)
        if os.path.exists(program)
        else told("The program that starts the kernel, {program}, is gone or leads nowhere.", program=program)
    )
    return Problem("program-missing", message, told("Reinstall the package that it came with, or make it executable."))


def _missing_module(link: Link, spec: Mapping[str, Any]) -> Problem | None:
    module = _module(spec["argv"])
    folder = _packages(link.environment)
    if module is None or folder is None or spec["argv"][0] != link.environment.python:
        return None
    missing = [name for name in _NEEDS.get(module, (module,)) if not _has(folder, name)]
    if not missing or spec["env"].get("PYTHONPATH") or _looks_elsewhere(folder, missing):
        return None
    message = told(
        "The kernel needs the Python module {missing}, which is not installed in {prefix}.",
        missing=missing[0],
        prefix=link.environment.prefix,
    )
    return Problem(
        "kernel-module-missing",
        message,
        told("Reinstall the kernel there: the package {module}.", module=_package(module)),
    )


def _module(argv: list[str]) -> str | None:
    """``ipykernel_launcher`` of ``[python, -m, ipykernel_launcher, …]``."""
    return argv[argv.index("-m") + 1].partition(".")[0] if "-m" in argv[:-1] else None


def _package(module: str) -> str:
    return "ipykernel" if module in _NEEDS else module


def _packages(environment: Environment) -> str | None:
    """Where the environment keeps its Python packages, where that is known and is a folder."""
    inside = ("Lib",) if sys.platform == "win32" else ("lib", f"python{environment.python_version}")
    folder = os.path.join(environment.prefix, *inside, "site-packages")
    return folder if os.path.isdir(folder) else None


def _has(folder: str, name: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name + ending)) for ending in _ENDINGS)


def _looks_elsewhere(folder: str, missing: list[str]) -> bool:
    """Whether the environment's Python may find modules outside of ``folder``."""
    root = Path(folder)
    prefix = root.parents[1] if sys.platform == "win32" else root.parents[2]
    try:
        shared = "true" in (prefix / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        shared = False
    return shared or _in_user_site(root, missing) or any(map(_adds_folders, root.glob("*.pth")))


def _in_user_site(folder: Path, missing: list[str]) -> bool:
    """A venv does not look there, which is not worth telling apart."""
    users = Path.home() / ".local" / "lib" / folder.parent.name / "site-packages"
    return any(_has(str(users), name) for name in missing)


def _adds_folders(pth: Path) -> bool:
    """Every line that is neither empty nor a comment adds a folder, or runs code (the module ``site``)."""
    if pth.name in ("distutils-precedence.pth", "_virtualenv.pth"):
        return False
    try:
        lines = pth.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    return any(line.strip() and not line.startswith("#") for line in lines)
