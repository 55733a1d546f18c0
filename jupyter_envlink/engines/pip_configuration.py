"""What the user has configured for pip, by the names of pip's options: https://pip.pypa.io/en/stable/topics/configuration/"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

from ..errors import PipFailed
from ..redaction import redact
from ..sentence import told

_TRUE = ("1", "true", "yes", "on", "y", "t")


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """What its files and variables say, the variables' word last. Raises ``PipFailed`` (``pip-config``)."""
    return {**_configured(environ), **_exported(environ)}


def is_on(value: str) -> bool:
    """Whether pip takes ``value`` for a yes."""
    return value.lower() in _TRUE


def option_name(variable: str) -> str:
    """The option that a variable sets: ``index-url`` for ``PIP_INDEX_URL``; empty where it sets none."""
    return variable[4:].lower().replace("_", "-") if variable.upper().startswith("PIP_") else ""


def _exported(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for variable, value in environ.items() if (name := option_name(variable))}


def _configured(environ: Mapping[str, str]) -> dict[str, str]:
    """pip's own files, the general ones first."""
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
        message = told("pip's configuration file {path} cannot be read: {what}", path=path, what=what)
        raise PipFailed(message, told("Mend that file, or move it away."), code="pip-config") from None


def _section(parser: configparser.RawConfigParser, name: str) -> dict[str, str]:
    return dict(parser.items(name)) if parser.has_section(name) else {}
