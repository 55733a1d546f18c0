"""Making a virtual environment from a file. Runs in the worker, like ``operations``.

A virtual environment holds its own path in its scripts, and cannot be made elsewhere and then moved. So its place is
taken first, by an empty folder that bears the job's mark: until the commit it is listed as being made, and a crash at
any moment takes it away again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .engines.ipykernel import requirement
from .engines.uv import install_pip
from .engines.uv_venv import add_beside, make_venv
from .formats import Venv
from .locators.pythons import venv_python
from .outcome import complete
from .planning import Plan
from .reporting import Reporter
from .request import Request
from .transaction import change, refuse_existing
from .verification import verify_kernel, verify_venv


def create_venv(request: Request, plan: Plan, venv: Venv, report: Reporter) -> dict[str, Any]:
    """A virtual environment at ``request.prefix``, where nothing is yet. Raises ``EnvlinkError``, ``OSError``."""
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        report.phase("solving", f"Looking for a Python {venv.requires_python or ''}".rstrip())
        os.mkdir(transaction.staging)
        transaction.place()
        make_venv(request.prefix, venv.requires_python, report.line)
        _fill(request, plan, venv, report)
        report.phase("verifying", "Starting its Python")
        _verify(request.prefix, plan)
        transaction.commit()
    return complete(request, report.line)


def _fill(request: Request, plan: Plan, venv: Venv, report: Reporter) -> None:
    python = venv_python(request.prefix)
    kernel = [requirement(None)] if plan.brings_ipykernel else []
    hashed = any("--hash" in line for line in venv.requirements)
    together = [*venv.requirements, *([] if hashed else kernel)]
    report.phase("pip", ", ".join([*(plan.file.pip or ()), *kernel]))
    staged = Path(request.prefix, ".envlink-requirements.txt")
    install_pip(python, together, request.options.get("folder") or request.prefix, staged, report.line)
    staged.unlink()
    if hashed and kernel:  # it has no hash, and what has one stays as it is
        add_beside(python, kernel[0], Path(request.prefix), report.line)


def _verify(prefix: str, plan: Plan) -> None:
    python = venv_python(prefix)
    if plan.brings_ipykernel:
        verify_kernel(prefix, python, [python, "-B", "-m", "ipykernel"])
    else:
        verify_venv(prefix, python)
