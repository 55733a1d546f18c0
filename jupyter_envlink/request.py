"""What a job is asked to do. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Operation(str, Enum):
    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    RESTORE = "restore"
    CLONE = "clone"
    RENAME = "rename"
    ROLL_BACK = "roll-back"
    INSTALL_KERNEL = "install-kernel"
    OVERLAY = "overlay"
    PACK = "pack"
    CLEAN = "clean"


AT_ONCE = frozenset({Operation.REMOVE, Operation.RESTORE})
"""Those that are one step, which takes no worker: whoever is asked does it (``removal``)."""


@dataclass(frozen=True)
class Request:
    """What was asked for: ``job.json``, written once.

    ``prefix`` is where the environment is or will be, ``root`` the environments folder that it belongs to.
    ``options`` belong to the operation: for ``create`` and ``update`` the file's ``text``, ``path`` and ``folder``;
    whether it is a ``venv`` that is made, or what ``target`` is updated; the number of a ``generation`` to go back to;
    ``keep_generations``, how many to keep; for the others see ``remedies``, ``relocatable`` and ``packing``. An
    overlay is not made at ``prefix`` but below ``root``, the folder of overlays.
    """

    id: str
    operation: Operation
    name: str
    prefix: str
    root: str
    created: str
    options: Mapping[str, Any] = field(default_factory=dict)
    owner: Mapping[str, float] = field(default_factory=dict)
    """``pid`` and ``created`` (seconds) of the process that queued it and will start its worker."""
