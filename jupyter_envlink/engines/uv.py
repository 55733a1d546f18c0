"""The ``pip:`` part of a file, by uv: as pip would, with the file's folder as the working directory."""

from __future__ import annotations

import configparser
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from .. import process
from ..channels import redact
from ..errors import PipFailed

#: What pip reads from its configuration and environment, and uv under another name.
_AS_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
}
_TRUE = ("1", "true", "yes", "on", "y", "t")


def install_pip(
    python: str,
    items: Sequence[str],
    folder: str,
    requirements: Path,
    on_line: Callable[[str], None],
    options: Sequence[str] = (),
) -> None:
    """Install ``items`` (lines of a requirements file) for ``python``; relative paths count from ``folder``.

    ``requirements`` is a path to write the list to. Raises ``PipFailed``: with the last lines of uv's output, or where
    uv is missing (``no-uv``) or a configuration file of pip cannot be read (``pip-config``).
    """
    requirements.write_text("\n".join(items) + "\n", encoding="utf-8")
    argv = [*uv_install(python), "--link-mode", "copy", *options, "--requirement", "-"]
    said: list[str] = []

    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    code = process.stream(argv, env=uv_environ(os.environ), cwd=folder, stdin=requirements, on_line=keep)
    if code:
        reason = redact("\n".join(said[-15:]).strip())
        message = f"The pip part of the file could not be installed: {reason}"
        remedy = "Mend or remove the entry that it names. The environment was not made."
        raise PipFailed(message, remedy, details={"returncode": code})


def uninstall(python: str, names: Sequence[str], on_line: Callable[[str], None]) -> None:
    """Take the distributions ``names`` away from ``python``. Raises ``PipFailed``."""
    argv = [find_uv(), "pip", "uninstall", "--python", python, "--no-progress", "--color", "never", *names]
    said: list[str] = []

    def keep(line: str) -> None:
        said.append(line)
        on_line(line)

    code = process.stream(argv, env=uv_environ(os.environ), on_line=keep)
    if code:
        message = f"{', '.join(names)} could not be removed: {redact(' '.join(said[-15:]).strip())}"
        raise PipFailed(message, "Remove them by hand, then try again.", details={"returncode": code})


def uv_install(python: str) -> list[str]:
    """``uv pip install`` for ``python``, asking as the user's pip would. Raises ``PipFailed``."""
    argv = [find_uv(), "pip", "install", "--python", python, "--no-progress", "--color", "never"]
    argv += ["--index-strategy", "unsafe-best-match"]
    return [*argv, "--no-index"] if no_index() else argv


def no_index() -> bool:
    """Whether the user's pip asks no index at all; uv has no variable for it."""
    return _settings(os.environ).get("no-index", "").lower() in _TRUE


def find_uv() -> str:
    """uv's program: the one that came with us, beside our Python, or on ``PATH``. Raises ``PipFailed``."""
    import uv

    with suppress(FileNotFoundError, TypeError):  # TypeError: in some virtual environments made by uv itself
        return os.fsdecode(uv.find_uv_bin())
    found = shutil.which("uv", path=os.path.dirname(sys.executable)) or shutil.which("uv")
    if found is None:
        remedy = f"Install it again: {sys.executable} -m pip install --force-reinstall uv"
        raise PipFailed("The program uv, which installs the pip part of a file, is missing.", remedy, code="no-uv")
    return found


def uv_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """A clean environment in which uv asks the same indexes as the user's pip would."""
    settings = _settings(environ)
    translated = {_AS_UV[name]: _value(name, value) for name, value in settings.items() if name in _AS_UV and value}
    return {**translated, **process.clean_environ(environ, pip=True), "PYTHONNOUSERSITE": "1"}


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    """pip's, by the names of its options."""
    return {**_configured(environ), **_exported(environ)}


def _value(name: str, value: str) -> str:
    """pip parts its lists by white space; so does uv, but for one."""
    return ",".join(value.split()) if name == "find-links" else " ".join(value.split())


def _exported(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name[4:].lower().replace("_", "-"): value for name, value in environ.items() if name.upper().startswith("PIP_")
    }


def _configured(environ: Mapping[str, str]) -> dict[str, str]:
    """pip's own files, the general ones first: https://pip.pypa.io/en/stable/topics/configuration/"""
    home = Path.home()
    files = [
        Path("/etc/pip.conf"),
        *(Path(each, "pip", "pip.conf") for each in reversed(environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"))),
        home / ".pip" / "pip.conf",
        home / "Library" / "Application Support" / "pip" / "pip.conf",
        Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "pip", "pip.conf"),
        Path(environ.get("APPDATA") or home / "AppData" / "Roaming", "pip", "pip.ini"),
        *(Path(each) for each in [environ.get("PIP_CONFIG_FILE")] if each),
    ]
    parser = configparser.RawConfigParser(strict=False)
    for path in files:
        _read(parser, path)
    return {**_section(parser, "global"), **_section(parser, "install")}


def _read(parser: configparser.RawConfigParser, path: Path) -> None:
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        what = redact(str(error).splitlines()[0])
        message = f"pip's configuration file {path} cannot be read: {what}"
        raise PipFailed(message, "Mend that file, or move it away.", code="pip-config") from None


def _section(parser: configparser.RawConfigParser, name: str) -> dict[str, str]:
    return dict(parser.items(name)) if parser.has_section(name) else {}
