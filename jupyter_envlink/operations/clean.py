"""Deletes trees that nobody needs: earlier states, packages that no environment has, what killed jobs have left."""

from __future__ import annotations

from typing import Any

from ..cleaning import delete_tree
from ..engines.base import Step
from ..errors import EnvlinkError
from ..leftover import Leftover, leftover_of
from ..outcome import complete
from ..reporting import Reporter
from ..request import Request
from ..sentence import told


def clean(request: Request, report: Reporter) -> dict[str, Any]:
    """Delete ``options["items"]``, each a ``Leftover``. What may not go just now stays, and the log says why."""
    items = [leftover_of(each) for each in request.options["items"]]
    whole = sum(each.bytes or 0 for each in items) or 1
    freed = gone = 0
    report.phase("deleting", told("{number} to delete", number=len(items)))
    for each in items:
        report.step(Step("deleting", gone / whole, each.name or each.path, (gone, whole)))
        gone += each.bytes or 0
        freed += (each.bytes or 0) if _deleted(each, report) else 0
    return {**complete(request, report.line), "bytes": freed}


def _deleted(leftover: Leftover, report: Reporter) -> bool:
    try:
        delete_tree(leftover)
    except EnvlinkError as error:
        report.line(f"Kept {leftover.path}: {error.message}")
        return False
    except OSError as error:
        report.line(f"Kept {leftover.path}: {error.strerror}.")
        return False
    report.line(f"Deleted {leftover.path}")
    return True
