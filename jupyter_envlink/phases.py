"""Which phases each operation goes through, and how long each is of the whole. Values only."""

from __future__ import annotations

from collections.abc import Mapping

from .request import Operation, Request

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
    Operation.CLEAN: {"deleting": 100},
}


def weights(request: Request) -> Mapping[str, float]:
    """The phases of the operation in their order, each with its part of the whole time; none of what is one step."""
    if request.options.get("archive"):
        return {"unpacking": 60, "solving": 5, "downloading": 20, "installing": 10, "verifying": 5}
    if request.options.get("venv") and request.operation is Operation.CREATE:
        return {"solving": 10, "pip": 80, "verifying": 10}
    if request.options.get("wheels") and request.operation is Operation.INSTALL_KERNEL:
        return {"downloading": 70, "installing": 15, "verifying": 15}
    return _WEIGHTS.get(request.operation, {})
