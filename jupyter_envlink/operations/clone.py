"""An environment like another one, under another name: the original is only read. In the worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from .. import conda_records
from ..engines.base import Step
from ..outcome import complete
from ..relocation import clone_to, spellings
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..steady import steady
from ..transaction import change, refuse_existing
from ..verification import verify_kernel, verify_kernel_files, verify_venv

_OF_BASE = frozenset({"pkgs", "envs", "conda-bld"})
"""What a base installation holds beside its own packages; conda's ``walk_prefix`` leaves it out, too."""
_MARKS = ("frozen", "pixi", "pixi_env_prefix")
"""Of ``conda-meta``: the clone is no project's, and whoever made it may change it (CEP 22)."""
_OFTEN = 200


def clone(request: Request, report: Reporter) -> dict[str, Any]:
    """A clone of ``options["source"]`` at ``request.prefix``, where nothing is yet."""
    source = request.options["source"]
    with change(request.root, request.prefix, request.id, request.operation.value) as transaction:
        refuse_existing(request.prefix)
        report.phase("copying", told("Cloning {source}", source=source))
        with steady(source):
            copy_to(transaction.staging, request, report, leave_out=_left_out(request))
        for name in _MARKS:
            Path(transaction.staging, "conda-meta", name).unlink(missing_ok=True)
        transaction.place()
        verify(request, report)
        transaction.commit()
    return complete(request, report.line)


def copy_to(
    staging: str, request: Request, report: Reporter, *, moves: bool = False, leave_out: Collection[str] = ()
) -> None:
    """Into ``staging`` what is to lie at ``request.prefix``, with a revision in its history that says so."""
    source, verb = request.options["source"], request.operation.value
    old = spellings(source, conda_records.remembered(Path.home()))
    tell = _progress(source, request.root, report)
    done = clone_to(source, staging, old, request.prefix, moves=moves, leave_out=leave_out, on_file=tell)
    report.line(f"The new path was written into {len(done.rewritten)} files.")
    if done.unchanged:
        report.line(f"They hold the old path in a form that cannot be rewritten: {', '.join(sorted(done.unchanged))}")
    if not request.options["venv"]:
        conda_records.write_history(staging, f"jupyter envlink {verb} {source} {request.name}", (), ())


def verify(request: Request, report: Reporter) -> None:
    """The environment works at its new place, and so does the kernel that it had: of any Python from 2.7 on.

    Raises ``VerificationFailed``.
    """
    prefix, kernel = request.prefix, request.options["kernel"]
    report.phase("verifying", told("Starting it at its new place"))
    if request.options["python"] is None:
        if kernel:
            verify_kernel_files(prefix)
        return
    python = os.path.join(prefix, request.options["python"])
    if kernel == "ipykernel":
        verify_kernel(prefix, python, [python, "-B", "-m", "ipykernel"])
    else:
        verify_venv(prefix, python)


def _left_out(request: Request) -> Collection[str]:
    """What is no part of the environment: above all the folder that the clone itself is made in."""
    inside = os.path.relpath(request.root, request.options["source"]).split(os.sep)[0]
    return {*(_OF_BASE if request.options["base"] else ()), *({inside} - {os.pardir, os.curdir})}


def _progress(source: str, root: str, report: Reporter) -> Callable[[str], None] | None:
    """How far it is, where it takes long: from one file system to another."""
    if os.stat(source).st_dev == os.stat(root).st_dev:
        return None
    total = sum(len(names) for _, _, names in os.walk(source))
    done = 0

    def tell(name: str) -> None:
        nonlocal done
        done += 1
        if done % _OFTEN == 0:
            report.step(Step("copying", min(1.0, done / total), name))

    return tell
