"""Making a virtual environment from a file. Runs in the worker, like ``operations``.

A virtual environment holds its own path in its scripts, and cannot be made elsewhere and then moved. So its place is
taken first, by an empty folder that bears the job's mark: until the commit it is listed as being made, and a crash at
any moment takes it away again.
"""

from __future__ import annotations

import os
from typing import Any

from .engines.uv_venv import make_venv
from .formats import Venv
from .outcome import complete
from .planning import Plan
from .reporting import Reporter
from .request import Request
from .sentence import told
from .transaction import change, refuse_existing
from .venv_filling import Filling


def create_venv(request: Request, plan: Plan, venv: Venv, report: Reporter) -> dict[str, Any]:
    """A virtual environment at ``request.prefix``, where nothing is yet. Raises ``EnvlinkError``, ``OSError``."""
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        report.phase(
            "solving",
            told("Looking for a Python {versions}", versions=venv.requires_python)
            if venv.requires_python
            else told("Looking for a Python"),
        )
        os.mkdir(transaction.staging)
        transaction.place()
        make_venv(request.prefix, venv.requires_python, report.line)
        filling = Filling.of(request, plan, venv)
        report.phase("pip", filling.about)
        filling.fill(request.prefix, report.line)
        report.phase("verifying", told("Starting its Python"))
        filling.verify(request.prefix)
        transaction.commit()
    return complete(request, report.line)
