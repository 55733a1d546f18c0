"""The programs of engines that are command lines: where they are, and which version each is."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from .. import process
from .._roots import root_prefixes
from ..errors import EngineMissing, EnvlinkError
from ..sentence import told

_VARIABLES = ("CONDA_EXE", "_CONDA_EXE", "MAMBA_EXE")
_SCRIPTS = (".bat", ".cmd")
_ANSWERS_WITHIN = 30.0
_VERSION = re.compile(r"\d+(?:\.\w+)+")


def find_program(name: str, configured: str | None, environ: Mapping[str, str], home: Path) -> str:
    """The absolute path of the program ``name``: ``configured``, or else as a shell would find it, or else in a base
    installation. Raises ``EngineMissing``."""
    if configured:
        if os.path.isabs(configured) and _runs(configured):
            return configured
        message = told(
            "{configured}, configured as the program of the engine {name}, is no program.",
            configured=configured,
            name=name,
        )
        raise EngineMissing(message, told("Correct c.Envlink.engine_program: it is an absolute path."))
    found = next(filter(_runs, _candidates(name, environ, home)), None)
    if found is None:
        remedy = told(
            "Install {name}, put it on PATH, or name its program in c.Envlink.engine_program; the engine "
            "rattler needs no program.",
            name=name,
        )
        raise EngineMissing(
            told("The engine {name} is chosen, and no program of that name is on this machine.", name=name), remedy
        )
    return os.path.abspath(found)


def version_of(program: str) -> str | None:
    """What ``program --version`` says; ``None`` where that is no version. It is asked once for each file."""
    try:
        status = os.stat(program)
    except OSError:
        return None
    return _version(program, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _version(program: str, changed: int, size: int) -> str | None:
    environ = process.clean_environ(os.environ)
    try:
        done = process.run([program, "--version"], env=environ, timeout=_ANSWERS_WITHIN, check=True)
    except EnvlinkError:
        return None
    words = (word for line in done.stdout.splitlines() for word in line.split())
    return next(filter(_VERSION.fullmatch, words), None)


def _candidates(name: str, environ: Mapping[str, str], home: Path) -> Iterator[str]:
    for variable in _VARIABLES:
        value = environ.get(variable, "")
        if os.path.isabs(value) and Path(value).stem.lower() == name:
            yield value
    on_path = shutil.which(name, path=environ.get("PATH"))
    if on_path:
        yield on_path
    folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    for root in root_prefixes(environ, home):
        yield os.path.join(root, folder, name + ending)
    yield os.path.join(home, ".local", "bin", name + ending)


def _runs(program: str) -> bool:
    """Windows' shell, which would run a ``.bat``, takes parts of specs for redirections: none is ever started."""
    is_script = os.name == "nt" and program.lower().endswith(_SCRIPTS)
    return not is_script and os.path.isfile(program) and os.access(program, os.X_OK)
