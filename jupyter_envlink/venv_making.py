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
from .engines.pip_part import PipPart, install_part, needs_pip
from .engines.uv_venv import add_beside, add_pip, install_pylock, make_venv
from .formats import Venv
from .formats.detection import is_pylock_name
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
    exact = venv.is_pylock or any("--hash" in line for line in venv.requirements)
    report.phase("pip", ", ".join([*(plan.file.pip or ()), *kernel]))
    if venv.is_pylock:
        _install_lock(request, python, report)
    else:
        _install(request, python, [*venv.requirements, *([] if exact else kernel)], report)
    if exact and kernel:  # it is not in the list, and what is there stays as it is
        add_beside(python, kernel[0], Path(request.prefix), report.line)


def _install(request: Request, python: str, requirements: list[str], report: Reporter) -> None:
    part = PipPart(request.prefix, python, tuple(requirements), request.options.get("folder") or request.prefix)
    if needs_pip(part):
        add_pip(python, request.prefix, report.line)
    install_part(part, Path(request.prefix, ".envlink-requirements.txt"), report.line)


def _install_lock(request: Request, python: str, report: Reporter) -> None:
    """From the file where it lies, from where its paths count; from a copy, where the text is another one."""
    text, folder, path = (request.options.get(key) for key in ("text", "folder", "path"))
    original = Path(folder or "", os.path.basename(path or ""))
    staged = Path(request.prefix, "pylock.toml")
    if folder and is_pylock_name(original.name) and _holds(original, text):
        install_pylock(python, original, report.line)
        return
    staged.write_text(text or "", encoding="utf-8")
    install_pylock(python, staged, report.line)
    staged.unlink()


def _holds(path: Path, text: str | None) -> bool:
    try:
        return path.read_text(encoding="utf-8-sig") == text
    except (OSError, UnicodeDecodeError):
        return False


def _verify(prefix: str, plan: Plan) -> None:
    python = venv_python(prefix)
    if plan.brings_ipykernel:
        verify_kernel(prefix, python, [python, "-B", "-m", "ipykernel"])
    else:
        verify_venv(prefix, python)
