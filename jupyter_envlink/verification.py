"""Whether an environment's Python does what it was changed for, found out by starting it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from . import process
from .errors import VerificationFailed
from .sentence import joined, told

#: How long an environment's Python may take to start: seconds. A cold network file system is slow.
PYTHON_STARTS_WITHIN = 120


def python_of(prefix: str) -> str:
    """Where a conda environment's Python is, if it has one."""
    return os.path.join(prefix, "python.exe") if sys.platform == "win32" else os.path.join(prefix, "bin", "python")


_CODE = """import sys, importlib.util
print(sys.prefix)
print(*[module for module in sys.argv[1:] if not importlib.util.find_spec(module)])
"""
_IMPORT = """if importlib.util.find_spec("ipykernel"):
    import ipykernel.kernelapp
"""
"""``ipykernel_launcher`` alone imports nothing. What the import compiles is what the first start of a kernel needs."""


def verify_python(prefix: str, modules: Sequence[str], imports: bool = True) -> None:
    """A conda environment's Python starts, knows its place, and finds ``modules``; an ipykernel that is there can be
    imported, with all that a kernel needs, where that is to be tried (``imports``). Raises ``VerificationFailed``."""
    missing = _answer(prefix, [python_of(prefix), "-I", "-c", _CODE + (_IMPORT if imports else ""), *modules])
    if missing:
        message = told("{missing} is not in {prefix}, although it was installed.", missing=missing, prefix=prefix)
        raise VerificationFailed(message, told("Look into the log; the environment was not kept."))


def verify_kernel(prefix: str, python: str, ipykernel: Sequence[str]) -> None:
    """``python`` knows ``prefix`` as its own place, and the command ``ipykernel`` runs. Raises ``VerificationFailed``.

    For any Python from 2.7 on. No byte code is written.
    """
    _answer(prefix, [python, "-B", "-c", "import sys; print(sys.prefix)"])
    done = _run([*ipykernel, "--version"], prefix)
    if done.returncode:
        message = told(
            "ipykernel was installed for {python}, but does not start: {done}", python=python, done=_said(done)
        )
        raise VerificationFailed(message, told("Look into the log; what was installed was not kept."))


def verify_venv(prefix: str, python: str) -> None:
    """A virtual environment's Python starts and knows its place. Raises ``VerificationFailed``."""
    _answer(prefix, [python, "-B", "-c", "import sys; print(sys.prefix)"])


def verify_kernel_files(prefix: str) -> None:
    """The environment holds a kernel, of whatever language, that can be offered. Raises ``VerificationFailed``."""
    from .locators.kernelfiles import read_kernel_files

    files = read_kernel_files(os.path.join(prefix, "share", "jupyter", "kernels"), {})
    if not files.kernels:
        message = told("{prefix} has no kernel, although one was installed.", prefix=prefix)
        if files.faults:
            message = joined(" ", [message, joined("; ", files.faults)])
        raise VerificationFailed(message, told("Look into the log; the environment was not kept."))


def _answer(prefix: str, argv: Sequence[str]) -> str:
    """What ``argv`` prints after the place that it takes for its own, which must be ``prefix``."""
    done = _run(argv, prefix)
    where, _, rest = done.stdout.partition("\n")
    if done.returncode or os.path.realpath(where) != os.path.realpath(prefix):
        message = told("The Python of {prefix} does not work: {done}", prefix=prefix, done=_said(done))
        raise VerificationFailed(message, told("Another version of Python may; the environment was not kept."))
    return rest.strip()


def _run(argv: Sequence[str], prefix: str) -> process.Completed:
    environ = process.clean_environ(os.environ)
    return process.run(argv, env=environ, cwd=prefix, timeout=PYTHON_STARTS_WITHIN)


def _said(done: process.Completed) -> str:
    return (done.stderr or done.stdout).strip()[-1000:]
