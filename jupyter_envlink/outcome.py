"""What a job has come to: for the worker that has done it, and for whoever finds that worker dead."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import conda_records
from .bindings import Bindings
from .environment import prefix_id
from .errors import DiskError
from .recovery import empty_trash, marked_by, thin, tidy
from .removed import is_kept, until
from .request import Operation, Request
from .uses import Uses

_MADE = (Operation.CREATE, Operation.CLONE, Operation.RENAME)
"""After these an environment is where none was."""


def stands(request: Request) -> bool:
    """Whether the disk is as ``request`` wanted it. To be asked once nothing of the job is open any more."""
    if request.operation is Operation.REMOVE:
        return is_kept(request.root, request.id) or not os.path.lexists(request.prefix)
    if request.operation is Operation.RESTORE:
        return not is_kept(request.root, request.options["removed"]) and os.path.lexists(request.prefix)
    if request.operation is Operation.OVERLAY:
        from .overlay import overlay_path

        return marked_by(str(overlay_path(request.prefix))) == request.id
    if request.operation is Operation.PACK:
        return os.path.isfile(request.options["target"])
    if request.operation is Operation.CLEAN:
        return not any(os.path.lexists(each["path"]) for each in request.options["items"])
    if request.operation is Operation.RENAME and os.path.lexists(request.options["source"]):
        return False
    return marked_by(request.prefix) == request.id


def partial_archive(request: Request) -> Path:
    """The folder beside an archive's place in which it is written."""
    target = Path(request.options["target"])
    return target.parent / f".{target.name}.{request.id}"


def complete(request: Request, log: Callable[[str], object]) -> dict[str, Any]:
    """What follows once the change stands, and the job's result. Repeatable, so that another process may do it.

    The shared list is a courtesy: an environment is whole without it, and conda finds it in its folder all the same.
    """
    try:
        if request.operation in _MADE and not request.options.get("venv"):
            conda_records.remember(request.prefix, Path.home())
        elif request.operation is Operation.REMOVE:
            conda_records.forget(request.prefix, Path.home())
        elif request.operation is Operation.RESTORE and request.options["listed"]:
            conda_records.remember(request.prefix, Path.home())
    except OSError as error:
        log(f"~/.conda/environments.txt could not be brought up to date: {error}")
    if request.operation is Operation.RENAME:
        _leave(request, log)
    result = {"environment_id": prefix_id(request.prefix), "prefix": request.prefix, "name": request.name}
    if request.operation is Operation.REMOVE:
        return result | {"undo_until": until(request.root, request.id)}
    if request.operation is Operation.PACK:
        target = request.options["target"]
        return result | {"path": target, "bytes": os.path.getsize(target)}
    if request.operation is Operation.CLEAN:
        return result | {"bytes": sum(each["bytes"] or 0 for each in request.options["items"])}
    of_conda = not (request.options.get("wheels") or request.options.get("venv"))
    return result | ({"packages": _conda_packages(request.prefix)} if of_conda else {})


def _leave(request: Request, log: Callable[[str], object]) -> None:
    """Nothing is at the former place any more, for conda as for us."""
    source = request.options["source"]
    try:
        conda_records.forget(source, Path.home())
        folder = Path(request.options["data_dir"], "envlink")
        Bindings(folder).forget([source])
        Uses(folder).follow(source, request.prefix)
    except (OSError, DiskError) as error:
        log(f"What is known of {source} could not be forgotten: {error}")


def _conda_packages(prefix: str) -> int:
    return sum(1 for _ in Path(prefix, "conda-meta").glob("*.json"))


def tidy_after(request: Request) -> None:
    """Leave no half of an archive, no mention of what was not made, and, where the environment lies in no environments
    folder, nothing of ours there."""
    if request.operation is Operation.PACK:
        shutil.rmtree(partial_archive(request), ignore_errors=True)
    if request.operation is Operation.CREATE and not os.path.lexists(request.prefix):
        with suppress(OSError):  # an engine of its own may have named it in conda's list before it failed
            conda_records.forget(request.prefix, Path.home())
    if request.options.get("tidy"):
        empty_trash(request.root, request.id)
        tidy(request.root)


def clean_after(request: Request) -> None:
    """What need not be waited for, once the job has said its last word: old generations and the trash go."""
    keep = request.options.get("keep_generations")
    if keep is not None:
        thin(request.root, request.prefix, keep, request.id)
    empty_trash(request.root, request.id)
