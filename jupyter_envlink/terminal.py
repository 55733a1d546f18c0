"""A terminal in which an environment is activated: its start files, and the command that reads them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from . import activation, tree
from .activation import ScriptVariables
from .disk import disk_errors
from .environment import Environment, State
from .errors import Conflict
from .sentence import told
from .shells import activation_of, start

READ_WITHIN = 120.0
"""Seconds after which every shell has read its start files: they are deleted then."""
_FOLDER = "envlink-terminal-"


def command(environment: Environment, scripts: ScriptVariables, shell: Sequence[str]) -> tuple[list[str], str]:
    """What starts ``shell`` with ``environment`` activated, and the folder of start files that it reads.

    Scripts of its packages that have not run yet are run now. Raises ``Conflict`` (``not-ready``, ``unknown-shell``)
    and ``DiskError``.
    """
    refuse_unfinished(environment)
    scripts.compute(environment)
    values: Mapping[str, str] = scripts.get(environment) or activation.variables(environment)
    home = jupyter_runtime_dir()
    with disk_errors(home):
        os.makedirs(home, mode=0o700, exist_ok=True)
        sweep(home)
        folder = tempfile.mkdtemp(prefix=_FOLDER, dir=home)  # only its owner may look into it
        try:
            return start(shell, activation_of(environment.name, values), Path(folder)), folder
        except BaseException:
            tree.delete(folder)
            raise


def refuse_unfinished(environment: Environment) -> None:
    """Raises ``Conflict`` (``not-ready``) while there is nothing that could be activated."""
    if environment.state in (State.BUILDING, State.INCOMPLETE):
        message = told(
            "{name} is {state}: there is nothing to activate yet.", name=environment.name, state=environment.state.word
        )
        raise Conflict(message, told("Wait until it is there, or create it anew."), code="not-ready")


def sweep(home: str) -> None:
    """Delete what servers that were killed have left."""
    with suppress(OSError), os.scandir(home) as entries:
        for each in list(entries):
            if each.name.startswith(_FOLDER) and time.time() - each.stat().st_mtime > READ_WITHIN:
                with suppress(OSError):
                    tree.delete(each.path)
