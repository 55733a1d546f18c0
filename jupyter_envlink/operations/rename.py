"""An environment under another name, which is another place: a clone of it, and then the original goes. In the worker.

It can be killed at any moment: until the commit the original is there, or comes back; from then on there is the new one
alone. What both need not have apart is shared meanwhile, so that this takes no longer than hard links do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..bindings import Bindings
from ..outcome import complete
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..steady import steady
from ..transaction import change, refuse_existing
from .clone import copy_to, verify


def rename(request: Request, report: Reporter) -> dict[str, Any]:
    """What was at ``options["source"]`` is at ``request.prefix`` afterwards, in the same folder."""
    source = request.options["source"]
    with change(request.root, request.prefix, request.id, request.operation.value, source=source) as transaction:
        refuse_existing(request.prefix)
        with steady(source, own=request.id):
            report.phase("copying", told("Making {prefix} of {source}", prefix=request.prefix, source=source))
            copy_to(transaction.staging, request, report, moves=True)
            transaction.place()
            verify(request, report)
        report.phase("moving", told("Taking {source} away", source=source))
        Bindings(Path(request.options["data_dir"], "envlink")).rename(source, request.prefix)
        transaction.leave()
        transaction.commit()
    return complete(request, report.line)
