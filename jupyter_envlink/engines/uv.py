"""uv, in place of pip: it asks what the user's pip would ask, and hears nothing of the server's own environment."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from .. import process
from ..errors import EnvlinkError, PipFailed
from ..redaction import redact
from ..sentence import told
from .pip_configuration import is_on, settings

#: What pip reads from its configuration and environment, and uv under another name.
_AS_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
}
_LOOKS_WITHIN = 60.0


def uninstall(python: str, names: Sequence[str], on_line: Callable[[str], None]) -> None:
    """Take the distributions ``names`` away from ``python``. Raises ``PipFailed``."""
    argv = [find_uv(), "pip", "uninstall", "--python", python, "--no-progress", "--color", "never", *names]
    said: list[str] = []

    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    code = process.stream(argv, env=uv_environ(os.environ), on_line=keep)
    if code:
        message = told(
            "{names} could not be removed: {reason}",
            names=", ".join(names),
            reason=redact(" ".join(said[-15:]).strip()),
        )
        raise PipFailed(message, told("Remove them by hand, then try again."), details={"returncode": code})


def uv_install(python: str, verb: str = "install") -> list[str]:
    """``uv pip install`` (or ``sync``) for ``python``, asking as the user's pip would. Raises ``PipFailed``."""
    argv = [find_uv(), "pip", verb, "--python", python, "--no-progress", "--color", "never"]
    argv += ["--index-strategy", "unsafe-best-match"]
    return [*argv, "--no-index"] if no_index() else argv


def no_index() -> bool:
    """Whether the user's pip asks no index at all; uv has no variable for it."""
    return is_on(settings(os.environ).get("no-index", ""))


def refuses(python: str, cwd: str) -> str | None:
    """Why uv installs nothing for ``python`` (one too old, or broken), in uv's own words; ``None`` where it does.

    Raises ``PipFailed`` where it is missing or pip's configuration cannot be read.
    """
    argv = [find_uv(), "python", "find", "--no-project", "--no-python-downloads", "--color", "never", python]
    environ = uv_environ(os.environ)
    try:
        done = process.run(argv, env=environ, cwd=cwd, timeout=_LOOKS_WITHIN)
    except EnvlinkError as error:
        return error.message
    if not done.returncode:
        return None
    said = " ".join(done.stderr.split())  # it breaks its lines where it thinks that a terminal ends
    return said.rpartition("error: ")[2] or told("it does not say why")


def find_uv() -> str:
    """uv's program: the one that came with us, beside our Python, or on ``PATH``. Raises ``PipFailed``."""
    import uv

    with suppress(FileNotFoundError, TypeError):  # TypeError: in some virtual environments made by uv itself
        return os.fsdecode(uv.find_uv_bin())
    found = shutil.which("uv", path=os.path.dirname(sys.executable)) or shutil.which("uv")
    if found is None:
        remedy = told("Install it again: {executable} -m pip install --force-reinstall uv", executable=sys.executable)
        raise PipFailed(
            told("The program uv, which installs the pip part of a file, is missing."), remedy, code="no-uv"
        )
    return found


def uv_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """A clean environment in which uv asks the same indexes as the user's pip would."""
    translated = {
        _AS_UV[name]: _value(name, value) for name, value in settings(environ).items() if name in _AS_UV and value
    }
    return {**translated, **process.clean_environ(environ, pip=True), "PYTHONNOUSERSITE": "1"}


def _value(name: str, value: str) -> str:
    """pip parts its lists by white space; so does uv, but for one."""
    return ",".join(value.split()) if name == "find-links" else " ".join(value.split())
