"""Each operation: what a worker does, as engine + transaction + records. Runs in the worker, never in a server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import conda_records, condarc
from .archive_making import create_unpacked
from .channel_rules import Limits
from .engines.base import Engine, Package, Solution
from .engines.package_cache import cache_folder
from .engines.rattler import RattlerEngine, packages, prefix_records, requested_specs
from .engines.rattler_index import Index, once
from .errors import Conflict, Unsolvable
from .explaining import explained
from .kernel_install import install_wheels, make_overlay
from .network import network_of
from .outcome import complete, tidy_after
from .packing import pack
from .planning import Plan, kernel_channels, plan_of_text
from .reporting import Reporter
from .request import Operation, Request
from .solving import solution_of
from .transaction import Transaction, change, refuse_existing
from .venv_making import create_venv
from .verification import python_of, verify_kernel_files, verify_python


def weights(request: Request) -> Mapping[str, float]:
    """The phases of the operation in their order, each with its part of the whole time."""
    if request.operation is Operation.REMOVE:
        return {"moving": 5, "removing": 95}
    if request.options.get("archive"):
        return {"unpacking": 60, "solving": 5, "downloading": 20, "installing": 10, "verifying": 5}
    if request.options.get("venv"):
        return {"solving": 10, "pip": 80, "verifying": 10}
    if request.operation is Operation.OVERLAY:
        return {"downloading": 80, "verifying": 20}
    if request.operation is Operation.PACK:
        return {"reading": 10, "packing": 90}
    if request.operation is Operation.INSTALL_KERNEL and request.options.get("wheels"):
        return {"downloading": 70, "installing": 15, "verifying": 15}
    if request.operation is Operation.INSTALL_KERNEL:
        return {"solving": 15, "downloading": 45, "installing": 35, "verifying": 5}
    return {"solving": 10, "downloading": 40, "installing": 25, "pip": 20, "verifying": 5}


def perform(request: Request, report: Reporter) -> dict[str, Any]:
    """Do it, and return the job's result. Raises ``EnvlinkError`` or ``OSError``; then nothing has changed."""
    doers: Mapping[Operation, Callable[[Request, Reporter], dict[str, Any]]] = {
        Operation.CREATE: create,
        Operation.REMOVE: remove,
        Operation.INSTALL_KERNEL: install_wheels if request.options.get("wheels") else install_kernel,
        Operation.OVERLAY: make_overlay,
        Operation.PACK: pack,
    }
    try:
        return doers[request.operation](request, report)
    finally:
        tidy_after(request)


def create(request: Request, report: Reporter) -> dict[str, Any]:
    """An environment from the text of a file, at a place where nothing is yet."""
    options = request.options
    limits = Limits.of(options.get("limits", {}))
    if options.get("archive"):
        return create_unpacked(request, Path(options["archive"]), default_engine(request.prefix), limits, report)
    plan = plan_of_text(options["text"], options.get("path"), options.get("folder"), request.prefix, limits)
    if plan.venv is not None:
        return create_venv(request, plan, plan.venv, report)
    engine = default_engine(request.prefix)
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        solution = _solve(engine, plan, report)
        _install(engine, solution, transaction, plan.specs, report)
        _write_records(transaction.staging, plan, solution)
        transaction.place()
        _install_pip(request, plan, report)
        _verify(request.prefix, plan, report)
        transaction.commit()
    return complete(request, report.line)


def install_kernel(request: Request, report: Reporter) -> dict[str, Any]:
    """``ipykernel``, or that of another language, into a conda environment: in a clone, which then takes its place."""
    from .tree import clone

    engine = default_engine(request.prefix)
    records = prefix_records(request.prefix)
    specs = [request.options["spec"]]
    channels, pins = kernel_channels(request.prefix, specs, Limits.of(request.options.get("limits", {})))
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        report.phase("solving", f"Looking for {specs[0]} among {', '.join(channels.shown)}")
        solution = asyncio.run(engine.solve(channels, specs, request.prefix, constraints=pins.constraints))
        clone(request.prefix, transaction.staging)
        _install(engine, solution, transaction, [*requested_specs(records), *specs], report)
        changes = _changes(packages(records), solution.packages)
        conda_records.write_history(transaction.staging, f"jupyter envlink attach {request.name}", changes, specs)
        transaction.exchange()
        _verify_kernel(request, report)
        transaction.commit()
    return complete(request, report.line)


def remove(request: Request, report: Reporter) -> dict[str, Any]:
    """Away from its place in one step, then from the disk."""
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        report.phase("moving", f"Moving {request.prefix} away")
        if not os.path.isdir(request.prefix):
            raise Conflict(f"{request.prefix} is gone already.", "Look at the list again.", code="gone")
        transaction.move_away()
        report.phase("removing", "Deleting its files")
        rest = transaction.commit()
    if rest:
        report.line(f"Some of its files may not be deleted by you; they are in {rest}.")
    return complete(request, report.line)


def default_engine(prefix: str, index: Index = once) -> RattlerEngine:
    """The embedded one for ``prefix``, loaded: what that costs belongs to the worker's start, not to the solve."""
    import rattler  # noqa: F401

    conda = condarc.load(prefix=prefix)
    network = network_of(conda, os.environ)
    return RattlerEngine(cache_folder(condarc=conda), network=network, condarc=conda, index=index)


def _solve(engine: Engine, plan: Plan, report: Reporter) -> Solution:
    for note in plan.notes:
        report.line(note)
    exactly = plan.locked is not None and not plan.added
    doing = "Looking at the packages" if exactly else "Looking for a solution among"
    report.phase("solving", f"{doing} {', '.join(plan.channels.shown)}")
    try:
        solution = asyncio.run(solution_of(engine, plan))
    except Unsolvable as error:
        report.line(error.message)
        raise error if plan.locked else asyncio.run(explained(error, plan, engine)) from None
    report.line(f"{len(solution.packages)} packages, {solution.archive_bytes / 1e6:.1f} MB to download at most")
    return solution


def _install(
    engine: Engine, solution: Solution, transaction: Transaction, specs: tuple[str, ...] | list[str], report: Reporter
) -> None:
    report.phase("downloading", f"{len(solution.packages)} packages")
    report.line("\n".join(f"{each.name} {each.version} {each.build}" for each in solution.packages))
    asyncio.run(engine.install(solution, transaction.staging, transaction.prefix, specs, report.step))
    conda_records.strip_secrets(transaction.staging)


def _write_records(staging: str, plan: Plan, solution: Solution) -> None:
    changes = _changes((), solution.packages)
    conda_records.write_history(staging, f"jupyter envlink create {plan.file.path or ''}".strip(), changes, plan.specs)
    conda_records.write_variables(staging, plan.file.variables or {})


def _changes(before: tuple[Package, ...], after: tuple[Package, ...]) -> list[str]:
    """The lines of a history's revision: what went and what came."""

    def lines(some: tuple[Package, ...]) -> set[str]:
        return {f"{each.channel}::{each.name}-{each.version}-{each.build}" for each in some}

    gone, new = lines(before) - lines(after), lines(after) - lines(before)
    return [*(f"-{line}" for line in sorted(gone)), *(f"+{line}" for line in sorted(new))]


def _install_pip(request: Request, plan: Plan, report: Reporter) -> None:
    from .engines.uv import install_pip

    items = plan.locked.pip if plan.locked else plan.file.pip
    if not items:
        return
    report.phase("pip", ", ".join(plan.file.pip or ()))
    folder = request.options.get("folder") or request.prefix
    staged = Path(request.prefix, "conda-meta", "envlink-requirements.txt")
    options = ["--no-deps"] if plan.locked else []
    install_pip(python_of(request.prefix), items, folder, staged, report.line, options)
    staged.unlink()


def _verify(prefix: str, plan: Plan, report: Reporter) -> None:
    if os.path.lexists(python_of(prefix)):
        _verify_python(prefix, ["ipykernel"] if plan.brings_ipykernel else [], report)


def _verify_kernel(request: Request, report: Reporter) -> None:
    if request.options["spec"].startswith("r-"):
        report.phase("verifying", "Looking for its kernel")
        verify_kernel_files(request.prefix)
    else:
        _verify_python(request.prefix, ["ipykernel"], report)


def _verify_python(prefix: str, modules: list[str], report: Reporter) -> None:
    report.phase("verifying", "Starting its Python")
    verify_python(prefix, modules)
