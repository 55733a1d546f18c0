"""Giving an environment a kernel: into it, or, as an overlay, beside it. Runs in the worker, like ``operations``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import overlay, tree
from .engines import installed
from .engines.base import Step
from .engines.ipykernel import Target, add, requirement
from .errors import VerificationFailed
from .outcome import complete
from .reporting import Reporter
from .request import Request
from .sentence import told
from .transaction import Transaction, change, changing
from .verification import verify_kernel

#: How far a download has come by what uv says meanwhile.
_SHARES = {"Resolved": 0.2, "Prepared": 0.8, "Installed": 1.0}


def install_wheels(request: Request, report: Reporter) -> dict[str, Any]:
    """ipykernel from the package index, into an environment that no conda has made.

    It is done twice. First in a clone that is thrown away: whatever can fail does so there, and all is downloaded.
    Then, for a second or two, at the environment's own place, where alone scripts get the right paths: in a clone
    that has taken the environment's place, which comes back if that fails or its process is killed.
    """
    python = os.path.relpath(request.options["python"], request.prefix)
    with changing(request) as transaction:
        report.phase("downloading", told("Trying it in a copy of {prefix}", prefix=request.prefix))
        tree.clone(request.prefix, transaction.staging)
        add(_target(request, transaction.staging, python, trial=True), _told(report))
        _verify(transaction.staging, python)
        tree.delete(transaction.staging)
        report.phase("installing", told("Installing into {prefix}", prefix=request.prefix))
        tree.clone(request.prefix, transaction.staging)
        transaction.exchange()
        add(_target(request, request.prefix, python, trial=False), report.line)
        report.phase("verifying", told("Starting its kernel"))
        _verify(request.prefix, python)
        transaction.commit()
    return complete(request, report.line)


def make_overlay(request: Request, report: Reporter) -> dict[str, Any]:
    """ipykernel from the package index, beside the environment: nothing of the environment is written to."""
    place = overlay.overlay_path(request.prefix)
    place.parent.mkdir(parents=True, exist_ok=True)
    with change(str(place.parent), str(place), request.id, request.operation.value) as transaction:
        folder = Path(transaction.staging)
        (folder / overlay.LIB).mkdir(parents=True)
        _fill(folder, request, report)
        report.phase("verifying", told("Starting its kernel"))
        _finish(folder, request)
        _put(transaction)
        transaction.commit()
    return complete(request, report.line)


def _target(request: Request, prefix: str, python: str, trial: bool) -> Target:
    return Target(prefix, os.path.join(prefix, python), request.options["python_version"], trial=trial)


def _verify(prefix: str, python: str) -> None:
    absolute = os.path.join(prefix, python)
    verify_kernel(prefix, absolute, [absolute, "-B", "-m", "ipykernel"])


def _told(report: Reporter) -> Callable[[str], None]:
    """Each line into the log, and what it says about how far the download is."""

    def tell(line: str) -> None:
        report.line(line)
        share = _SHARES.get(line.partition(" ")[0])
        if share is not None:
            report.step(Step("downloading", share, line))

    return tell


def _fill(folder: Path, request: Request, report: Reporter) -> None:
    """Into ``lib`` what ipykernel needs and the environment does not hold, in versions that go with what it holds."""
    python, version = request.options["python"], request.options["python_version"]
    report.phase(
        "downloading", told("Looking for {spec} beside what {name} holds", spec=requirement(version), name=request.name)
    )
    held = installed.installed(installed.search_path(python, request.prefix))
    kept, lib = folder / "constraints.txt", folder / overlay.LIB
    kept.write_text(installed.constraints(held), encoding="utf-8")
    without = {name: one for name, one in held.items() if name != "ipykernel"}  # its kernel.json is needed
    shown = installed.show_in(lib, without)
    add(Target(request.prefix, python, version, lib, kept), _told(report))
    for each in (*shown, lib / "bin", lib / "Scripts"):  # scripts would not find lib
        shutil.rmtree(each, ignore_errors=True)
    kept.unlink()


def _finish(folder: Path, request: Request) -> None:
    options = request.options
    try:
        kernel = overlay.finish(folder, request.prefix, options["python"], options["python_version"], request.id)
    except LookupError as error:
        message = told(
            "ipykernel was installed beside {name}, but brought no kernel: {error}.", name=request.name, error=error
        )
        raise VerificationFailed(message, told("Install a kernel into the environment itself.")) from error
    verify_kernel(request.prefix, options["python"], overlay.command(kernel, "ipykernel"))


def _put(transaction: Transaction) -> None:
    """Where it is to lie; an older one, of a Python that is no more, goes."""
    if os.path.lexists(transaction.prefix):
        transaction.exchange()
    else:
        transaction.place()
