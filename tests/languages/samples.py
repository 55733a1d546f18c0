"""The kernels of the tests: what each is called, and how its language says things."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A kernel, as its author calls it (``kernel``) and as we do (``name``, ``title``).

    ``where`` prints the PATH that the programs get which a cell starts; ``long`` runs for a minute. ``interrupted`` is
    the status of its reply to an interrupt: ``None`` where its author has not made that work.
    """

    name: str
    environment: str
    kernel: str
    title: str
    logos: tuple[str, ...]
    where: str
    long: str
    interrupted: str | None


_SHELL = "!echo %PATH%" if os.name == "nt" else "!echo $PATH"
_SLEEP = "import time; time.sleep(60)"
_R = ("cat(system('echo $PATH', intern = TRUE))", "Sys.sleep(60)", "abort")
_PNG, _SVG = "logo-64x64.png", "logo-svg.svg"
_XEUS = ("logo-32x32.png", _PNG)

PYENV = "pyenv-3.99.1"

SAMPLES = (
    Sample("science", "science", "python3", "science (Python {})", (_PNG, _SVG), _SHELL, _SLEEP, "error"),
    Sample("science-ir", "science", "ir", "science (R)", (_PNG, _SVG), *_R),
    Sample("stats", "stats", "ir", "stats (R)", (_PNG, _SVG), *_R),
    Sample("shell", "shell", "python3", "shell (Python {})", (_PNG, _SVG), _SHELL, _SLEEP, "error"),
    Sample("shell-bash", "shell", "bash", "shell (Bash)", (_SVG,), "echo $PATH", "sleep 60", "abort"),
    # xeus-python 0.19 runs cells in a thread that Python's signals do not reach, whoever starts it.
    Sample("numeric", "numeric", "xpython", "numeric (Python {})", _XEUS, _SHELL, _SLEEP, None),
    Sample("tide", "tide", "python3", "tide (Python {})", (_PNG, _SVG), _SHELL, _SLEEP, "error"),
    Sample(PYENV, "pyenv", "python3", "pyenv 3.99.1 (Python {})", (_PNG, _SVG), _SHELL, _SLEEP, "error"),
    # The one kernel of those that the registries offer whose interrupt is a message, not a signal.
    Sample("tasks", "tasks", "async", "tasks (Python {})", (), _SHELL, _SLEEP, "error"),
)
