"""Updating an environment from a file; a conda environment in a clone, which then takes its place."""

from __future__ import annotations

from typing import Any

from ..cloning import cloning
from ..outcome import complete
from ..reporting import Reporter
from ..request import Request
from ..transaction import changing


def update(request: Request, report: Reporter) -> dict[str, Any]:
    """As ``conda env update``: see ``updating``. The option ``ahead`` says that a clone will probably be needed: it is
    made while all else is imported."""
    if request.options.get("venv"):
        from .bringing_in_line import plan_of_update
        from .update_venv import update_venv

        return update_venv(request, plan_of_update(request), report)
    ahead = request.options.get("ahead", False)
    with changing(request) as transaction, cloning(request.prefix, transaction.staging, ahead) as cloned:
        from .bringing_in_line import bring_in_line

        changed = bring_in_line(request, transaction, cloned, report)
    return complete(request, report.line) | {"changed": changed}
