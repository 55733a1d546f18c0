"""Wheels from the Python package index, by pip under the machine's own pip configuration."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .errors import ChannelError
from .interpreter import Interpreter
from .requirements import OLDER_VERSIONS, WITH_DEPENDENCIES
from .tool import find_tool
from .wheel import Wheel


def download(interpreters: list[Interpreter], folder: Path) -> list[Wheel]:
    """Download what the channel needs for each interpreter. Raises ChannelError with pip's last words."""
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(lambda interpreter: _download_for(interpreter, folder), interpreters))
    users: dict[str, list[Interpreter]] = {}
    for interpreter, own in zip(interpreters, folders, strict=True):
        for path in sorted(own.glob("*.whl")):
            users.setdefault(path.name, []).append(interpreter)
    return [Wheel.read(folder / users[name][0].version / name, users[name]) for name in sorted(users)]


def _download_for(interpreter: Interpreter, folder: Path) -> Path:
    own = folder / interpreter.version
    own.mkdir(parents=True)
    _pip_download(interpreter, own, WITH_DEPENDENCIES)
    for requirement in OLDER_VERSIONS:
        _pip_download(interpreter, own, ["--no-deps", requirement])
    return own


def _pip_download(interpreter: Interpreter, folder: Path, words: Iterable[str]) -> None:
    command = [*_pip(interpreter), "download", "--quiet", "--only-binary=:all:", "--dest", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
        raise ChannelError(
            f"pip could not download {' '.join(words)} for Python {interpreter.version}: {' '.join(errors[-4:])}; "
            "is a Python package index reachable from here (pip config list)?"
        )


def _pip(interpreter: Interpreter) -> list[str]:
    """``--python`` makes pip judge tags and markers as that interpreter, which need not have a pip."""
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
        own = Path(sys.executable) == interpreter.executable
    else:
        pip, own = [find_tool("uv", f"{sys.executable} -m ensurepip"), "tool", "run", "pip"], False
    return pip if own else [*pip, "--python", str(interpreter.executable)]
