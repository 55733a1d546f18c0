"""A list of packages as an environment.yml, written as people write one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import envfile
from .errors import InvalidRequest
from .exports.text import Quoted, dumped
from .sentence import told

FILENAME = "environment.yml"
_PLAIN = re.compile(r"[A-Za-z_][\w./:=-]*", re.ASCII)
_TRUTHS = frozenset(("y", "yes", "n", "no", "true", "false", "on", "off", "null"))


def compose(name: str | None, channels: Sequence[str] | None, packages: Sequence[str]) -> str:
    """The file. Without channels those of conda's configuration will be asked. Raises ``InvalidRequest`` where a name,
    a channel or a package is none: the file would have that error."""
    if name:
        envfile.names.validate(name)
    content: dict[str, Any] = {"name": _text(name)} if name else {}
    if channels:
        content["channels"] = [_text(each) for each in channels]
    content["dependencies"] = [_text(each) for each in packages]
    text = dumped(content)
    found = next((each for each in envfile.read(text).diagnostics if each.severity == "error"), None)
    if found is not None:
        raise InvalidRequest(found.message, found.hint or told("Write it otherwise."), code=found.code)
    return text


def _text(value: str) -> str:
    """What any reader of YAML might take for something else than a text is quoted."""
    value = value.strip()
    is_plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _TRUTHS and not value.endswith(":")
    return value if is_plain else Quoted(value)
