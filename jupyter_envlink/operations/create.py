"""Making an environment of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import conda_records
from ..channel_rules import Limits
from ..engines.base import Solution
from ..engines.embedded import embedded
from ..outcome import complete
from ..planning import Plan, plan_of_text
from ..reporting import Reporter
from ..request import Request
from ..transaction import change, refuse_existing
from .installing import (
    changed_lines,
    compile_start,
    engine_for,
    install,
    install_pip,
    put,
    run_scripts,
    solve,
    verify,
)


def create(request: Request, report: Reporter) -> dict[str, Any]:
    """An environment from the text of a file, at a place where nothing is yet."""
    options = request.options
    limits = Limits.of(options.get("limits", {}))
    if options.get("archive"):
        from ..archive_making import create_unpacked

        return create_unpacked(request, Path(options["archive"]), embedded(request.prefix), limits, report)
    plan = plan_of_text(options["text"], options.get("path"), options.get("folder"), request.prefix, limits)
    if plan.venv is not None:
        from ..venv_making import create_venv

        return create_venv(request, plan, plan.venv, report)
    engine = engine_for(request)
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        solution = solve(engine, plan, report)
        in_place = engine.in_place(solution)
        if in_place:
            conda_records.begin(transaction.staging)
        with put(transaction.place, in_place):
            install(engine, solution, transaction, plan.specs, report)
            if not in_place:
                _write_history(request.prefix, transaction.made, plan, solution)
            conda_records.write_variables(transaction.made, plan.file.variables or {})
        run_scripts(request, engine, solution, solution.packages, report)
        install_pip(request, plan, report)
        compile_start(request, report)
        verify(request, plan, report)
        transaction.commit()
    return complete(request, report.line)


def _write_history(prefix: str, made: str, plan: Plan, solution: Solution) -> None:
    lines = changed_lines((), solution.packages, prefix)
    conda_records.write_history(made, f"jupyter envlink create {plan.file.path or ''}".strip(), lines, plan.specs)
