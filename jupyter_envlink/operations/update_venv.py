"""Bringing a virtual environment in line with a file, by uv: in a clone that has taken the environment's place.

Its scripts hold its path, so that the last installation has to be where it belongs. What can fail does so before, in a
clone that is thrown away, for which all is downloaded.
"""

from __future__ import annotations

from typing import Any

from .. import tree
from ..outcome import complete
from ..planning import Plan
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..transaction import changing
from ..venv_filling import Filling


def update_venv(request: Request, plan: Plan, report: Reporter) -> dict[str, Any]:
    """What is there stays where it fits; where nothing is to be changed, nothing is touched."""
    assert plan.venv is not None
    filling = Filling.of(request, plan, plan.venv)
    with changing(request) as transaction:
        report.phase("solving", told("Asking uv what {name} lacks", name=request.name))
        steps = filling.steps(request.prefix)
        if steps == ():
            report.line("Nothing changes.")
            return complete(request, report.line) | {"changed": False}
        for step in steps or ():
            report.line(f"{step.name} {step.version or ''}".strip() + f" will be {step.action}.")
        report.phase("pip", filling.about)
        tree.clone(request.prefix, transaction.staging)
        filling.fill(transaction.staging, report.line)
        filling.verify(transaction.staging)
        tree.delete(transaction.staging)
        tree.clone(request.prefix, transaction.staging)
        transaction.exchange()
        filling.fill(request.prefix, report.line)
        report.phase("verifying", told("Starting its Python"))
        filling.verify(request.prefix)
        transaction.commit()
    return complete(request, report.line) | {"changed": True}
