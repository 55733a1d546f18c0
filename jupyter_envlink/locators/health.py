"""What can be done with a prefix of which Python is the heart: a virtual environment, a version of pyenv."""

from __future__ import annotations

import os

from jupyter_envlink.environment import Problem, State

from . import problems
from .faults import forbidden, is_rewritten
from .kernelfiles import KernelFiles
from .pythons import foreign_pythons


def health(prefix: str, python: str, has_python: bool, files: KernelFiles) -> tuple[State, Problem | None]:
    """``python`` is where it should lie. Touches the disk only to tell why it does not."""
    if is_rewritten(prefix):
        return State.BROKEN, problems.unsupported_path(prefix)
    if not has_python:
        return _without(prefix, python)
    note = problems.kernel_broken(prefix, files.faults) if files.faults else None
    if files.kernels:
        return State.READY, note
    return (State.BROKEN, note) if note else (State.NO_KERNEL, problems.no_kernel(prefix))


def _without(prefix: str, python: str) -> tuple[State, Problem]:
    if error := forbidden(python):
        return State.BROKEN, problems.unreadable(python, error)
    if any(os.access(path, os.F_OK) for path in foreign_pythons(prefix)):
        return State.BROKEN, problems.wrong_platform(prefix)
    if os.path.islink(python):
        return State.BROKEN, problems.dangling_link(prefix, python, os.path.realpath(python))
    if _is_empty(os.path.dirname(python)):
        return State.INCOMPLETE, problems.unfinished(prefix)
    return State.BROKEN, problems.python_gone(prefix, python)


def _is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return True
