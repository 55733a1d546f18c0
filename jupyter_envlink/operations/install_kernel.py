"""A kernel for a conda environment, from the channels that its packages came from."""

from __future__ import annotations

import asyncio
from typing import Any

from .. import conda_records
from ..channel_rules import Limits
from ..difference import difference
from ..engines.rattler import packages, prefix_records, requested_specs
from ..fulfilment import refuse_unfulfilled
from ..outcome import complete
from ..planning import kernel_channels
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..transaction import changing
from ..tree import clone
from ..verification import verify_kernel_files
from .installing import (
    changed_lines,
    compile_start,
    engine_for,
    install,
    put,
    run_farewells,
    run_scripts,
    start_python,
)


def install_kernel(request: Request, report: Reporter) -> dict[str, Any]:
    """``ipykernel``, or that of another language, into a conda environment: in a clone, which then takes its place."""
    engine = engine_for(request)
    records = prefix_records(request.prefix)
    specs = [request.options["spec"]]
    channels, pins = kernel_channels(request.prefix, specs, Limits.of(request.options.get("limits", {})))
    with changing(request) as transaction:
        report.phase(
            "solving", told("Looking for {spec} among {channels}", spec=specs[0], channels=", ".join(channels.shown))
        )
        solution = asyncio.run(engine.solve(channels, specs, request.prefix, constraints=pins.constraints))
        changes = difference(packages(records), solution.packages)
        clone(request.prefix, transaction.staging)
        in_place = engine.in_place(solution)
        run_farewells(request, engine, solution, changes.going, transaction.staging, report)
        with put(transaction.exchange, in_place):
            install(engine, solution, transaction, [*requested_specs(records), *specs], report)
            if not in_place:
                lines = changed_lines(packages(records), solution.packages, request.prefix)
                conda_records.write_history(transaction.made, f"jupyter envlink attach {request.name}", lines, specs)
        run_scripts(request, engine, solution, changes.coming, report)
        compile_start(request, report)
        _verify(request, report)
        transaction.commit()
    return complete(request, report.line)


def _verify(request: Request, report: Reporter) -> None:
    if request.options["spec"].startswith("r-"):
        report.phase("verifying", told("Looking for its kernel"))
        verify_kernel_files(request.prefix)
    else:
        start_python(request, ["ipykernel"], report)
    refuse_unfulfilled(request.prefix, [request.options["spec"]], None)
