"""Each operation: what a worker does, as engine + transaction + records. Runs in the worker, never in a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ..outcome import tidy_after
from ..phases import weights as weights
from ..reporting import Reporter
from ..request import Operation, Request

Doer = Callable[[Request, Reporter], dict[str, Any]]

_DOERS: Mapping[Operation, tuple[str, str]] = {
    Operation.CREATE: ("operations.create", "create"),
    Operation.UPDATE: ("operations.update", "update"),
    Operation.CLONE: ("operations.clone", "clone"),
    Operation.RENAME: ("operations.rename", "rename"),
    Operation.ROLL_BACK: ("operations.roll_back", "roll_back"),
    Operation.INSTALL_KERNEL: ("operations.install_kernel", "install_kernel"),
    Operation.OVERLAY: ("kernel_install", "make_overlay"),
    Operation.PACK: ("packing", "pack"),
    Operation.CLEAN: ("operations.clean", "clean"),
}


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
