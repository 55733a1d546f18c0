"""Bringing a conda environment in line with a file, within a transaction: see ``update``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import conda_records
from ..channel_rules import Limits
from ..difference import Difference, difference
from ..engines.base import Package, Solution
from ..engines.rattler import packages, prefix_records, requested_by_name
from ..engines.uv import uninstall
from ..envfile.spec import package_name
from ..pip_packages import stranded, unneeded
from ..planning import Plan, plan_of_text
from ..reporting import Reporter
from ..request import Request
from ..transaction import Transaction
from ..updating import Target
from ..verification import python_of
from .installing import (
    changed_lines,
    compile_start,
    engine_for,
    install,
    install_pip,
    pip_part,
    put,
    run_farewells,
    run_scripts,
    solve,
    verify,
)


def bring_in_line(request: Request, transaction: Transaction, cloned: Callable[[], None], report: Reporter) -> bool:
    """Whether it was another one: else nothing is touched. ``cloned`` waits until the staging tree is a clone."""
    plan = plan_of_update(request)
    engine = engine_for(request)
    records = prefix_records(request.prefix)
    requested = requested_by_name(request.prefix, records)
    before = packages(records)
    solution = solve(engine, plan, report)
    changes = difference(before, solution.packages)
    report.line(_told(changes))
    _warn(request, solution, report)
    if _is_nothing(request, plan, changes, requested):
        return False
    cloned()
    wanted = _requested(plan, requested)
    in_place = engine.in_place(solution)
    run_farewells(request, engine, solution, changes.going, transaction.staging, report)
    with put(transaction.exchange, in_place):
        if changes.is_any or wanted != requested:
            install(engine, solution, transaction, tuple(wanted.values()), report)
        if not in_place:
            _write_history(transaction, plan, before, solution, set(requested) - set(wanted))
        conda_records.write_variables(transaction.made, plan.file.variables or {})
    run_scripts(request, engine, solution, changes.coming, report)
    install_pip(request, plan, report)
    _remove_pip(request, plan, report)
    compile_start(request, report)
    verify(request, plan, report)
    transaction.commit()
    return True


def plan_of_update(request: Request) -> Plan:
    options = request.options
    limits = Limits.of(options.get("limits", {}))
    target = Target(**options["target"])
    return plan_of_text(options["text"], options.get("path"), options.get("folder"), request.prefix, limits, target)


def _warn(request: Request, solution: Solution, report: Reporter) -> None:
    lost = [f"{each.name} {each.version}" for each in stranded(request.prefix, solution.packages)]
    if lost:
        report.line(f"Python becomes another one: what pip had installed stays behind. {', '.join(lost)}")


def _remove_pip(request: Request, plan: Plan, report: Reporter) -> None:
    if plan.target is None or not plan.target.prune:
        return
    names = [each.name for each in unneeded(request.prefix, plan.file.pip or ())]
    if names:
        report.line(f"pip's packages that the file does not need: {', '.join(names)}")
        uninstall(python_of(request.prefix), names, report.line)


def _told(changes: Difference) -> str:
    if not changes.is_any:
        return "No conda package changes."
    moved = len(changes.upgrade) + len(changes.downgrade) + len(changes.rebuild)
    counts = {"install": len(changes.install), "change": moved, "remove": len(changes.remove)}
    return f"Conda packages to {', '.join(f'{what}: {count}' for what, count in counts.items() if count)}"


def _requested(plan: Plan, earlier: dict[str, str]) -> dict[str, str]:
    """What has been asked for once this is done, by name: pruning forgets what the file does not name."""
    kept = {} if plan.target is None or plan.target.prune else earlier
    return {**kept, **{package_name(spec): spec for spec in plan.specs}}


def _is_nothing(request: Request, plan: Plan, changes: Difference, requested: dict[str, str]) -> bool:
    if changes.is_any or _requested(plan, requested) != requested:
        return False
    from ..present import variable_changes

    if variable_changes(request.prefix, plan.file.variables or {}):
        return False
    if plan.target and plan.target.prune and unneeded(request.prefix, plan.file.pip or ()):
        return False
    part = pip_part(request, plan)
    if part is None:
        return True
    from ..engines.pip_part import pip_would_change

    return not pip_would_change(part)


def _write_history(
    transaction: Transaction, plan: Plan, before: Sequence[Package], solution: Solution, forgotten: set[str]
) -> None:
    lines = changed_lines(before, solution.packages, transaction.prefix)
    command = f"jupyter envlink update {plan.file.path or ''}".strip()
    conda_records.write_history(transaction.made, command, lines, plan.specs, sorted(forgotten))
