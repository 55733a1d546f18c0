"""ipykernel for any Python, from the package index: by uv or, where uv does not take that Python, by its own pip."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import process
from ..errors import Conflict, PipFailed
from ..redaction import redact
from ..sentence import told
from .uv import uv_environ, uv_install

#: uv's own words: "Please use Python 3.6 or newer".
_UV_FROM = (3, 6)

#: What uv runs to compile asks for ``py_compile.PycInvalidationMode``.
_UV_COMPILES_FROM = (3, 7)

#: The last ipykernel for each Python that pip must serve, by PyPI's Requires-Python of its releases. uv finds it
#: itself, and so does pip from 9 on; that of an environment so old may be older.
_LAST = {(2, 7): "4.10.1", (3, 4): "5.1.4", (3, 5): "5.5.6"}

#: Older ones ask for so little that they fit everywhere, and then do not work.
_AT_LEAST = "5"

_SAID = 15


@dataclass(frozen=True)
class Target:
    """Whom ipykernel is for: ``python`` of ``version`` (major and minor), in ``prefix``.

    With ``folder`` it goes there instead of into the environment, kept to ``constraints``, a requirements file. What
    is made for a ``trial`` will be thrown away.
    """

    prefix: str
    python: str
    version: str | None
    folder: Path | None = None
    constraints: Path | None = None
    trial: bool = False


def requirement(version: str | None) -> str:
    """What to ask the index for. Raises ``Conflict`` (``python-too-old``) where no ipykernel ever was for it."""
    minor = _minor(version)
    if minor is None or minor >= _UV_FROM:
        return f"ipykernel>={_AT_LEAST}"
    if minor not in _LAST:
        message = told("There is no ipykernel for Python {version}.", version=version)
        raise Conflict(message, told("Create an environment with a newer Python."), code="python-too-old")
    return f"ipykernel<={_LAST[minor]}"


def add(target: Target, on_line: Callable[[str], None]) -> None:
    """Install ipykernel. Each line that the installer says goes to ``on_line``. Raises ``PipFailed``, ``Conflict``."""
    said: list[str] = []

    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    argv, environ = _by_uv(target) if _uv_takes(target.version) else _by_pip(target)
    code = process.stream(argv, env=environ, cwd=target.prefix, on_line=keep)
    if code:
        reason = redact("\n".join(said[-_SAID:]).strip())
        message = told("ipykernel could not be installed for {python}: {reason}", python=target.python, reason=reason)
        remedy = told("Look into the log. The environment is as it was.")
        raise PipFailed(message, remedy, details={"returncode": code})


def _by_uv(target: Target) -> tuple[list[str], dict[str, str]]:
    argv = [*uv_install(target.python), "--link-mode", "hardlink" if target.trial else "copy"]
    if target.folder and (_minor(target.version) or _UV_FROM) >= _UV_COMPILES_FROM:
        argv.append("--compile-bytecode")
    # uv starts that Python to compile, whose own library may lie in an environment that is not to be touched.
    return [*argv, *_where(target)], {**uv_environ(os.environ), "PYTHONDONTWRITEBYTECODE": "1"}


def _by_pip(target: Target) -> tuple[list[str], dict[str, str]]:
    argv = [target.python, "-m", "pip", "install", "--disable-pip-version-check"]
    return [*argv, *_where(target)], {**process.clean_environ(os.environ), "PYTHONNOUSERSITE": "1"}


def _where(target: Target) -> Sequence[str]:
    into = ["--target", str(target.folder)] if target.folder else []
    kept = ["--constraint", str(target.constraints)] if target.constraints else []
    return [*into, *kept, requirement(target.version)]


def _uv_takes(version: str | None) -> bool:
    minor = _minor(version)
    return minor is None or minor >= _UV_FROM


def _minor(version: str | None) -> tuple[int, ...] | None:
    parts = (version or "").split(".")[:2]
    return tuple(map(int, parts)) if len(parts) == 2 and all(map(str.isdigit, parts)) else None
