"""Exporting an environment: what it holds is read, the index asked where the format needs it, the text written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .disk import disk_errors
from .environment import Environment
from .errors import InvalidRequest
from .exportable import PACK, chosen
from .exports import FORMATS
from .inventory import Inventory, inventory
from .python_lock import PythonLock, python_lock
from .sentence import told


def export(environment: Environment, wanted: str) -> dict[str, Any]:
    """``Export`` of ``openapi.yaml``. Reads files; formats with hashes of Python packages ask the index, for seconds.

    Raises ``InvalidRequest`` for a format that it cannot have, ``Conflict`` where something in it stands against the
    format, ``ChannelError`` where the index does not answer, ``DiskError`` and ``OSError``.
    """
    name = chosen(environment, wanted)
    if name == PACK:
        raise InvalidRequest(told("An archive is no text."), told("POST to the environment's pack."), code="format")
    chosen_format = FORMATS[name]
    with disk_errors(environment.prefix):
        held = inventory(environment, platform())
    if chosen_format.locked:
        held = replace(held, locked=_locked(held))
    return {"format": name, "filename": chosen_format.filename, "text": chosen_format.write(held)}


def platform() -> str:
    """Of this machine, as conda calls it."""
    from rattler.platform import Subdir

    return str(Subdir.current())


def _locked(held: Inventory) -> PythonLock:
    from .engines.pylock import pylock

    items = [one for one in held.pip if not one.is_folder]
    if not items:
        return python_lock('lock-version = "1.0"\ncreated-by = "jupyter_envlink"\npackages = []\n', [])
    return python_lock(pylock([one.requirement for one in items], held.python_version), items)
