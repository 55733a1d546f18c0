"""Each operation: what a worker does, as engine + transaction + records. Runs in the worker, never in a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..kernel_install import install_wheels, make_overlay
from ..outcome import tidy_after
from ..packing import pack
from ..reporting import Reporter
from ..request import Operation, Request
from .clone import clone
from .create import create
from .install_kernel import install_kernel
from .rename import rename
from .roll_back import roll_back
from .update import update

_INSTALLING = {"solving": 10, "downloading": 40, "installing": 25, "pip": 20, "verifying": 5}
_WEIGHTS: Mapping[Operation, Mapping[str, float]] = {
    Operation.CREATE: _INSTALLING,
    Operation.UPDATE: _INSTALLING,
    Operation.CLONE: {"copying": 80, "verifying": 20},
    Operation.RENAME: {"copying": 75, "verifying": 20, "moving": 5},
    Operation.ROLL_BACK: {"installing": 80, "verifying": 20},
    Operation.INSTALL_KERNEL: {"solving": 15, "downloading": 45, "installing": 35, "verifying": 5},
    Operation.OVERLAY: {"downloading": 80, "verifying": 20},
    Operation.PACK: {"reading": 10, "packing": 90},
}


def weights(request: Request) -> Mapping[str, float]:
    """The phases of the operation in their order, each with its part of the whole time."""
    if request.options.get("archive"):
        return {"unpacking": 60, "solving": 5, "downloading": 20, "installing": 10, "verifying": 5}
    if request.options.get("venv") and request.operation is Operation.CREATE:
        return {"solving": 10, "pip": 80, "verifying": 10}
    if request.options.get("wheels") and request.operation is Operation.INSTALL_KERNEL:
        return {"downloading": 70, "installing": 15, "verifying": 15}
    return _WEIGHTS[request.operation]


def perform(request: Request, report: Reporter) -> dict[str, Any]:
    """Do it, and return the job's result. Raises ``EnvlinkError`` or ``OSError``; then nothing has changed."""
    doers: Mapping[Operation, Callable[[Request, Reporter], dict[str, Any]]] = {
        Operation.CREATE: create,
        Operation.UPDATE: update,
        Operation.CLONE: clone,
        Operation.RENAME: rename,
        Operation.ROLL_BACK: roll_back,
        Operation.INSTALL_KERNEL: install_wheels if request.options.get("wheels") else install_kernel,
        Operation.OVERLAY: make_overlay,
        Operation.PACK: pack,
    }
    try:
        return doers[request.operation](request, report)
    finally:
        tidy_after(request)
