"""What several operations do: solve, install, run pip, and look whether it works."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from .. import compiling, conda_records
from ..engines.base import Engine, Package, Solution
from ..engines.choice import EMBEDDED, Choice
from ..engines.embedded import embedded
from ..errors import Unsolvable
from ..planning import Plan
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..solving import solution_of
from ..transaction import Transaction
from ..verification import python_of, verify_python

if TYPE_CHECKING:
    from ..engines.pip_part import PipPart


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
    channels = ", ".join(plan.channels.shown)
    report.phase(
        "solving",
        told("Looking at the packages {channels}", channels=channels)
        if exactly
        else told("Looking for a solution among {channels}", channels=channels),
    )
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
    report.phase("downloading", told("{number} packages", number=len(solution.packages)))
    report.line("\n".join(f"{each.name} {each.version} {each.build}" for each in solution.packages))
    compiling.drop(transaction.made, (f"{each.name}-{each.version}-{each.build}" for each in solution.packages))
    Thread(target=import_module, args=("jupyter_envlink.fulfilment",), daemon=True).start()  # for ``verify``
    asyncio.run(engine.install(solution, transaction.made, transaction.prefix, specs, report.step))
    conda_records.publish(transaction.made)


def changed_lines(before: Sequence[Package], after: Sequence[Package], prefix: str) -> list[str]:
    """The lines of a history's revision: what went and what came, each as conda names it (``PackageRecord.dist_str``).

    conda compares them to its own names of what is there, and takes every other name for a change of somebody else's.
    """
    names = {channel: _channel_name(channel, prefix) for channel in {each.channel for each in (*before, *after)}}

    def lines(some: Sequence[Package]) -> set[str]:
        return {f"{names[each.channel]}/{each.subdir}::{each.name}-{each.version}-{each.build}" for each in some}

    gone, new = lines(before) - lines(after), lines(after) - lines(before)
    return [*(f"-{line}" for line in sorted(gone)), *(f"+{line}" for line in sorted(new))]


def run_scripts(
    request: Request, engine: Engine, solution: Solution, packages: Sequence[Package], report: Reporter
) -> None:
    """What ``packages``, which have come to the environment's place, want to be run, where that is allowed.

    An engine that works there has run it itself; whoever chooses it has allowed that.
    """
    from ..link_scripts import after_linking

    if not engine.in_place(solution):
        after_linking(request.prefix, packages, bool(request.options.get("link_scripts")), report.line)


def run_farewells(
    request: Request, engine: Engine, solution: Solution, packages: Sequence[Package], staging: str, report: Reporter
) -> None:
    """What ``packages``, which are about to go from ``staging``, want to be run, where that is allowed."""
    from ..link_scripts import before_unlinking

    if not engine.in_place(solution):
        before_unlinking(staging, packages, bool(request.options.get("link_scripts")), report.line)


def _channel_name(channel: str | None, prefix: str) -> str:
    from .. import condarc
    from ..channel_names import channel_name
    from ..redaction import without_secrets

    url = without_secrets(channel or "").rstrip("/")
    return channel_name(url, condarc.load(prefix=prefix), os.environ) if url else "<unknown>"


def install_pip(request: Request, plan: Plan, report: Reporter) -> None:
    """The ``pip:`` part of the file, into the environment at its place."""
    part = pip_part(request, plan)
    if part is not None:
        from ..engines.pip_part import install_part

        report.phase("pip", ", ".join(plan.file.pip or ()))
        install_part(part, Path(request.prefix, "conda-meta", "envlink-requirements.txt"), report.line)


def pip_part(request: Request, plan: Plan) -> PipPart | None:
    """What of the file is pip's; ``None`` where nothing is."""
    items = plan.locked.pip if plan.locked else plan.file.pip
    if not items:
        return None
    from ..engines.pip_part import PipPart

    folder, by = request.options.get("folder") or request.prefix, request.options.get("pip", "uv")
    python, alone = python_of(request.prefix), plan.locked is not None
    return PipPart(request.prefix, python, tuple(items), folder, by, alone=alone)


def compile_start(request: Request, report: Reporter) -> None:
    """What a kernel's start imports, where that is wanted: in the environment at its place."""
    if request.options.get("compile"):
        compiling.compile_start(request.prefix, report.line)


def verify(request: Request, plan: Plan, report: Reporter) -> None:
    """What was asked for is there, and a Python starts. Raises ``VerificationFailed``."""
    prefix = request.prefix
    modules = ["ipykernel"] if plan.brings_ipykernel else []
    with ThreadPoolExecutor(1) as beside:  # to look at the records takes as long as to start it
        started = beside.submit(start_python, request, modules, report) if os.path.lexists(python_of(prefix)) else None
        from ..fulfilment import refuse_unfulfilled

        refuse_unfulfilled(prefix, plan.specs, pip_part(request, plan))
        if started is not None:
            started.result()


def start_python(request: Request, modules: Sequence[str], report: Reporter) -> None:
    """Raises ``VerificationFailed`` where it does not start, does not know its place, or lacks one of ``modules``.

    Its kernel is imported, too, unless that of exactly these packages has been before: it is the same files.
    """
    report.phase("verifying", told("Starting its Python"))
    keeps = bool(request.options.get("compile"))
    known = keeps and compiling.has_worked(request.prefix)
    verify_python(request.prefix, modules, imports=not known)
    if keeps and not known:
        compiling.note_working(request.prefix)
