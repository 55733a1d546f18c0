"""What a job has come to: for the worker that has done it, and for whoever finds that worker dead."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import conda_records
from .environment import prefix_id
from .recovery import marked_by
from .request import Operation, Request


def stands(request: Request) -> bool:
    """Whether the disk is as ``request`` wanted it. To be asked once nothing of the job is open any more."""
    if request.operation is Operation.REMOVE:
        return not os.path.lexists(request.prefix)
    return marked_by(request.prefix) == request.id


def complete(request: Request, log: Callable[[str], object]) -> dict[str, Any]:
    """What follows once the change stands, and the job's result. Repeatable, so that another process may do it.

    The shared list is a courtesy: an environment is whole without it, and conda finds it in its folder all the same.
    """
    try:
        if request.operation is Operation.CREATE:
            conda_records.remember(request.prefix, Path.home())
        elif request.operation is Operation.REMOVE:
            conda_records.forget(request.prefix, Path.home())
    except OSError as error:
        log(f"~/.conda/environments.txt could not be brought up to date: {error}")
    return {
        "environment_id": prefix_id(request.prefix),
        "prefix": request.prefix,
        "name": request.name,
        "packages": sum(1 for _ in Path(request.prefix, "conda-meta").glob("*.json")),
    }
