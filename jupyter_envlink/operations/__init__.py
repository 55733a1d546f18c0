"""Each operation: what a worker does, as engine + transaction + records. Runs in the worker, never in a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ..outcome import tidy_after
from ..reporting import Reporter
from ..request import Operation, Request

Doer = Callable[[Request, Reporter], dict[str, Any]]

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
_DOERS: Mapping[Operation, tuple[str, str]] = {
    Operation.CREATE: ("operations.create", "create"),
    Operation.UPDATE: ("operations.update", "update"),
    Operation.CLONE: ("operations.clone", "clone"),
    Operation.RENAME: ("operations.rename", "rename"),
    Operation.ROLL_BACK: ("operations.roll_back", "roll_back"),
    Operation.INSTALL_KERNEL: ("operations.install_kernel", "install_kernel"),
    Operation.OVERLAY: ("kernel_install", "make_overlay"),
    Operation.PACK: ("packing", "pack"),
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
    try:
        return _doer(request)(request, report)
    finally:
        tidy_after(request)


def _doer(request: Request) -> Doer:
    """What does it. Of the operations only this one is imported: a worker does one, and its start is waited for."""
    module, name = _DOERS[request.operation]
    if request.options.get("wheels") and request.operation is Operation.INSTALL_KERNEL:
        module, name = "kernel_install", "install_wheels"
    found: Doer = getattr(import_module(f"jupyter_envlink.{module}"), name)
    return found
