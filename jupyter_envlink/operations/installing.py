"""What several operations do: solve, install, run pip, and look whether it works."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .. import compiling, conda_records
from ..engines.base import Engine, Package, Solution
from ..engines.choice import EMBEDDED, Choice
from ..engines.embedded import embedded
from ..errors import Unsolvable
from ..planning import Plan
from ..reporting import Reporter
from ..request import Request
from ..solving import solution_of
from ..transaction import Transaction
from ..verification import python_of, verify_python


def engine_for(request: Request) -> Engine:
    """The one that the job asks for. Raises ``EngineMissing``."""
    choice = Choice.of(request.options.get("engine"))
    if choice.name == EMBEDDED:
        return embedded(request.prefix)
    from ..engines.chosen import engine_of  # it brings what no other worker needs

    return engine_of(choice, request.prefix)


def solve(engine: Engine, plan: Plan, report: Reporter) -> Solution:
    """What ``plan`` comes to. Raises ``Unsolvable`` with what is in each other's way, ``ChannelError``."""
    for note in plan.notes:
        report.line(note)
    exactly = plan.locked is not None and not plan.added
    doing = "Looking at the packages" if exactly else "Looking for a solution among"
    report.phase("solving", f"{doing} {', '.join(plan.channels.shown)}")
    try:
        solution = asyncio.run(solution_of(engine, plan))
    except Unsolvable as error:
        from ..explaining import explained

        report.line(error.message)
        raise error if plan.locked else asyncio.run(explained(error, plan, engine)) from None
    report.line(f"{len(solution.packages)} packages, {solution.archive_bytes / 1e6:.1f} MB to download at most")
    return solution


@contextmanager
def put(at_its_place: Callable[[], None], before: bool) -> Iterator[None]:
    """What is made in the block is put ``at_its_place``: afterwards, or ``before`` by an engine that works there."""
    if before:
        at_its_place()
    yield
    if not before:
        at_its_place()


def install(
    engine: Engine, solution: Solution, transaction: Transaction, specs: Sequence[str], report: Reporter
) -> None:
    """Make what is being made hold the solution; ``specs`` are what people have asked for."""
    report.phase("downloading", f"{len(solution.packages)} packages")
    report.line("\n".join(f"{each.name} {each.version} {each.build}" for each in solution.packages))
    compiling.drop(transaction.made, (f"{each.name}-{each.version}-{each.build}" for each in solution.packages))
    asyncio.run(engine.install(solution, transaction.made, transaction.prefix, specs, report.step))
    conda_records.strip_secrets(transaction.made)


def changed_lines(before: Sequence[Package], after: Sequence[Package]) -> list[str]:
    """The lines of a history's revision: what went and what came."""

    def lines(some: Sequence[Package]) -> set[str]:
        return {f"{each.channel}::{each.name}-{each.version}-{each.build}" for each in some}

    gone, new = lines(before) - lines(after), lines(after) - lines(before)
    return [*(f"-{line}" for line in sorted(gone)), *(f"+{line}" for line in sorted(new))]


def install_pip(request: Request, plan: Plan, report: Reporter) -> None:
    """The ``pip:`` part of the file, into the environment at its place."""
    from ..engines import uv

    items = plan.locked.pip if plan.locked else plan.file.pip
    if not items:
        return
    report.phase("pip", ", ".join(plan.file.pip or ()))
    folder = request.options.get("folder") or request.prefix
    staged = Path(request.prefix, "conda-meta", "envlink-requirements.txt")
    options = ["--no-deps"] if plan.locked else []
    uv.install_pip(python_of(request.prefix), items, folder, staged, report.line, options)
    staged.unlink()


def compile_start(request: Request, report: Reporter) -> None:
    """What a kernel's start imports, where that is wanted: in the environment at its place."""
    if request.options.get("compile"):
        compiling.compile_start(request.prefix, report.line)


def verify(prefix: str, plan: Plan, report: Reporter) -> None:
    """An environment that has a Python can start it."""
    if os.path.lexists(python_of(prefix)):
        start_python(prefix, ["ipykernel"] if plan.brings_ipykernel else [], report)


def start_python(prefix: str, modules: Sequence[str], report: Reporter) -> None:
    """Raises ``VerificationFailed`` where it does not start, does not know its place, or lacks one of ``modules``."""
    report.phase("verifying", "Starting its Python")
    verify_python(prefix, modules)
