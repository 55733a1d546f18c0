"""What files alone cannot show: whether an environment's Python starts, and whether its kernel can be imported."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import Any

from . import process
from .checks import Check
from .environment import Environment
from .errors import EnvlinkError
from .sentence import told

WITHIN = 60.0
"""Seconds for each program: the first import on a network disk is slow."""
_VERSION = "import sys; sys.stdout.write('.'.join(map(str, sys.version_info[:3])))"
_IMPORT = "import importlib, sys; importlib.import_module(sys.argv[1])"
_ANSWERS = ("ipykernel_launcher", "ipykernel")
"""Modules that import the whole kernel and end, when asked for their version."""


def python_starts(environment: Environment, within: float = WITHIN) -> Check:
    """Run its Python. Blocks for as long as that takes."""
    python = environment.python
    if python is None:
        return Check("python-starts", None, told("There is no Python to start."))
    said = _run([python, "-c", _VERSION], process.clean_environ(os.environ), within)
    if isinstance(said, str):
        return Check(
            "python-starts",
            False,
            told("{python} does not start: {said}", python=python, said=said),
            told("Create the environment again."),
        )
    return Check("python-starts", True, told("{python} starts: Python {stdout}.", python=python, stdout=said.stdout))


def kernel_imports(name: str, spec: Mapping[str, Any], within: float = WITHIN) -> Check:
    """Import the kernel's module with the command and the variables of ``spec``, its kernel.json."""
    argv = command(spec["argv"])
    if argv is None:
        return Check(
            "kernel-imports",
            None,
            told("The kernel {name} is no Python module; only starting it would show more.", name=name),
        )
    said = _run(argv, _environ(spec.get("env", {})), within)
    if isinstance(said, str):
        remedy = told("Install the package that is named, or reinstall the kernel's own (ipykernel for Python).")
        return Check(
            "kernel-imports", False, told("The kernel {name} cannot be imported: {said}", name=name, said=said), remedy
        )
    return Check("kernel-imports", True, told("The kernel {name} can be imported.", name=name))


def command(argv: Sequence[str]) -> list[str] | None:
    """What imports the module that ``argv`` runs, and ends; ``None`` where it runs none."""
    known = next((index for index, word in enumerate(argv) if word in _ANSWERS), None)
    if known is not None:
        return [*argv[: known + 1], "--version"]
    if "-m" in argv[1:-1]:
        at = list(argv).index("-m", 1)
        return [*argv[:at], "-c", _IMPORT, argv[at + 1]]
    return None


def _environ(env: Mapping[str, str]) -> dict[str, str]:
    """The variables of a kernel, as jupyter_client makes them."""
    return {**os.environ, **{name: Template(value).safe_substitute(os.environ) for name, value in env.items()}}


def _run(argv: Sequence[str], environ: Mapping[str, str], within: float) -> process.Completed | str:
    """What it answered, or in one line why it did not."""
    try:
        done = process.run(argv, env=environ, timeout=within)
    except EnvlinkError as error:
        return error.message
    if done.returncode == 0:
        return done
    return next(
        reversed(list(_lines(done.stderr))), told("it ended with {code} and said nothing.", code=done.returncode)
    )


def _lines(text: str) -> Iterator[str]:
    yield from filter(None, map(str.strip, text.splitlines()))
