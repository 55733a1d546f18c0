"""Virtual environments by uv: on a Python that this machine has, since nothing that nobody asked for is downloaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from packaging.specifiers import SpecifierSet

from .. import process
from ..errors import Conflict, PipFailed
from ..redaction import redact
from ..sentence import told
from .installed import constraints, installed, search_path
from .pip_part import PipStep, steps_in
from .uv import find_uv, uv_environ, uv_install

_SAID = 15
_ASKED_WITHIN = 300.0


def make_venv(prefix: str, requires_python: str | None, on_line: Callable[[str], None]) -> None:
    """A virtual environment at ``prefix``, a folder that exists. Files that lie there stay.

    Raises ``Conflict`` (``no-python``) where this machine has no Python that ``requires_python`` (PEP 440) takes.
    """
    said: list[str] = []
    for python in _pythons(requires_python):
        argv = [find_uv(), "venv", "--no-project", "--allow-existing", "--no-python-downloads", "--color", "never"]
        argv += [*(("--python", python) if python else ()), "--", prefix]
        if not _run(argv, prefix, said, on_line):
            return
    reason = redact("\n".join(said[-_SAID:]).strip())
    wanted = f"Python {requires_python}" if requires_python else "Python"
    message = told("uv found no {wanted} on this machine: {reason}", wanted=wanted, reason=reason)
    remedy = told("Install one, for example with `uv python install`, or loosen requires-python.")
    raise Conflict(message, remedy, code="no-python")


def _pythons(requires_python: str | None) -> list[str | None]:
    """What to ask uv for in turn: it searches PATH and its own, which need not hold the Python that we run on."""
    ours = sys.version_info[:3]
    fits = not requires_python or SpecifierSet(requires_python).contains(".".join(map(str, ours)))
    return [requires_python, *([sys.executable] if fits else [])]


def install_pylock(python: str, lock: Path, on_line: Callable[[str], None], prune: bool = False) -> None:
    """Exactly what ``lock`` (PEP 751) names, the hashes verified. ``prune``: all else goes. Raises ``PipFailed``."""
    _install(_pylock_argv(python, lock, prune), python, str(lock.parent), on_line)


def pylock_steps(python: str, lock: Path, prune: bool) -> tuple[PipStep, ...] | None:
    """What installing it would do; ``None`` where that cannot be told."""
    argv = [*_pylock_argv(python, lock, prune), "--dry-run", "--output-format", "json"]
    done = process.run(argv, env=uv_environ(os.environ), cwd=lock.parent, timeout=_ASKED_WITHIN)
    return None if done.returncode else steps_in(done.stdout)


def _pylock_argv(python: str, lock: Path, prune: bool) -> list[str]:
    if prune:
        return [*uv_install(python, "sync"), "--link-mode", "copy", "--allow-empty-requirements", str(lock)]
    return [*uv_install(python), "--link-mode", "copy", "--no-deps", "--requirement", str(lock)]


def add_beside(python: str, requirement: str, folder: Path, on_line: Callable[[str], None]) -> None:
    """``requirement``, and what it needs, while all that is installed keeps its version. ``folder`` is scratch."""
    kept = folder / ".envlink-constraints.txt"
    kept.write_text(constraints(installed(search_path(python, str(folder)))), encoding="utf-8")
    try:
        argv = [*uv_install(python), "--link-mode", "copy", "--constraint", str(kept), requirement]
        _install(argv, python, str(folder), on_line)
    finally:
        kept.unlink()


def add_pip(python: str, cwd: str, on_line: Callable[[str], None]) -> None:
    """pip itself, for what only pip can install. Raises ``PipFailed``."""
    _install([*uv_install(python), "--link-mode", "copy", "pip"], python, cwd, on_line)


def _install(argv: Sequence[str], python: str, cwd: str, on_line: Callable[[str], None]) -> None:
    said: list[str] = []
    code = _run(argv, cwd, said, on_line)
    if code:
        reason = redact("\n".join(said[-_SAID:]).strip())
        message = told("uv could not install for {python}: {reason}", python=python, reason=reason)
        raise PipFailed(message, told("Mend or remove the entry that it names. The environment was not made."))


def _run(argv: Sequence[str], cwd: str, said: list[str], on_line: Callable[[str], None]) -> int:
    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    return process.stream(argv, env=uv_environ(os.environ), cwd=cwd, on_line=keep)
