"""Taking an environment away."""

from __future__ import annotations

import os
from typing import Any

from ..errors import Conflict
from ..outcome import complete
from ..recovery import empty_trash
from ..reporting import Reporter
from ..request import Request
from ..transaction import change


def remove(request: Request, report: Reporter) -> dict[str, Any]:
    """Away from its place in one step, then from the disk."""
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        report.phase("moving", f"Moving {request.prefix} away")
        if not os.path.isdir(request.prefix):
            raise Conflict(f"{request.prefix} is gone already.", "Look at the list again.", code="gone")
        transaction.move_away()
        transaction.commit()
        report.phase("removing", "Deleting its files")
        rest = empty_trash(request.root, request.id)
    if rest:
        report.line(f"Some of its files may not be deleted by you; they are in {rest}.")
    return complete(request, report.line)
