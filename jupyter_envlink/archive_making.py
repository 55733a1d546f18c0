"""Making an environment from an archive of conda-pack. Runs in the worker, like ``operations``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import conda_records
from .channel_rules import Limits
from .difference import difference
from .engines.base import Engine, Package, Solution, Step
from .engines.rattler import prefix_records, requested_specs
from .envfile import platforms
from .errors import ChannelError, NotAllowed, Unsolvable
from .formats.conda_pack import installed, refuse_others
from .locators.kernelfiles import read_kernel_files
from .outcome import complete
from .planning import kernel_channels
from .reporting import Reporter
from .request import Request
from .sentence import told
from .transaction import Transaction, change, refuse_existing
from .unpacking import fix_prefixes, unpack
from .verification import python_of, verify_python


def create_unpacked(
    request: Request, archive: Path, engine: Engine, limits: Limits, report: Reporter
) -> dict[str, Any]:
    """The environment in ``archive``, at ``request.prefix``, where nothing is yet; with a kernel, if one can be had.

    ``limits`` is what the administrator says of channels. Raises ``EnvlinkError`` and ``OSError``:
    then nothing is left.
    """
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        report.phase("unpacking", told("Unpacking {archive}", archive=archive))
        os.mkdir(transaction.staging)
        staging = Path(transaction.staging)
        unpack(archive, staging, lambda share, name: report.step(Step("unpacking", share, name)))
        fix_prefixes(staging, request.prefix)
        refuse_others(installed(staging), True, platforms.current())
        conda_records.publish(transaction.staging)
        _add_kernel(transaction, engine, limits, report)
        transaction.place()
        report.phase("verifying", told("Starting its Python"))
        if os.path.lexists(python_of(request.prefix)):
            verify_python(request.prefix, [])
        transaction.commit()
    return complete(request, report.line)


def _add_kernel(transaction: Transaction, engine: Engine, limits: Limits, report: Reporter) -> None:
    """On top of what was packed, which stays as it is. Without a network the environment is whole without one."""
    if read_kernel_files(os.path.join(transaction.staging, "share", "jupyter", "kernels"), {}).kernels:
        return
    if not os.path.lexists(python_of(transaction.staging)):
        return
    report.phase("solving", told("Nothing in the archive brings a kernel: looking for ipykernel"))
    try:
        solution = _with_kernel(transaction.staging, engine, limits)
    except (Unsolvable, ChannelError, NotAllowed) as error:
        report.line(f"{error.message}\nThe environment is made without a kernel; attach it later to install one.")
        return
    report.phase("downloading", told("ipykernel, and what it needs"))
    specs = [*requested_specs(prefix_records(transaction.staging)), "ipykernel"]
    asyncio.run(engine.install(solution, transaction.staging, transaction.prefix, specs, report.step))
    conda_records.publish(transaction.staging)
    conda_records.write_history(transaction.staging, "jupyter envlink create", [], ["ipykernel"])


def _with_kernel(prefix: str, engine: Engine, limits: Limits) -> Solution:
    """Raises ``Unsolvable`` where ipykernel would move what is there, ``ChannelError`` and ``NotAllowed``."""
    channels, pins = kernel_channels(prefix, ["ipykernel"], limits)
    solution = asyncio.run(engine.solve(channels, ["ipykernel"], prefix, constraints=pins.constraints))
    _refuse_moves(engine.installed(prefix), solution)
    return solution


def _refuse_moves(before: Sequence[Package], solution: Solution) -> None:
    changes = difference(before, solution.packages)
    if changes.upgrade or changes.downgrade or changes.rebuild or changes.remove:
        message = told("No ipykernel goes with the packages as they were packed.")
        raise Unsolvable(message, told("Attach the environment to let them move."), code="conflict")
