"""Texts and scalars of a configuration to what they mean, as ``conda.auxlib.type_coercion`` takes them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..sentence import told
from .layers import Say
from .variables import expand_path

PRIORITIES: Mapping[str, str] = {
    **{word: word for word in ("strict", "flexible", "disabled")},
    "true": "flexible",
    "false": "disabled",
}
_TRUE = {"true", "yes", "on", "y", "1"}
_FALSE = {"false", "no", "off", "n", "0", "non", "none"}


def truth(value: Any, key: str, say: Say) -> bool | None:
    """``None`` where nothing, or nothing that can be understood, is said."""
    if value is None:
        return None
    text = str(value).strip().lower()
    if text not in _TRUE | _FALSE:
        say(told("{key} must be true or false, not {value!r}: ignored.", key=key, value=value))
        return None
    return text in _TRUE


def number(value: Any, key: str, say: Say) -> int | None:
    """A whole number from 0 on; ``None`` as above."""
    if value is None or str(value).isdecimal():
        return None if value is None else int(str(value))
    say(told("{key} must be a number, not {value!r}: ignored.", key=key, value=value))
    return None


def priority(value: Any, say: Say) -> str:
    known = "flexible" if value is None else PRIORITIES.get(str(value).lower())
    if known is None:
        say(
            told("channel_priority must be strict, flexible or disabled, not {value!r}: flexible is used.", value=value)
        )
    return known or "flexible"


def verification(value: Any, environ: Mapping[str, str], home: Path, say: Say) -> bool | str:
    """Whom to trust: ``False`` for anybody, ``True``, ``"truststore"``, or a path of certificates that is there."""
    text = "true" if value is None else str(value).strip("<> ").lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    if text == "truststore":
        return "truststore"
    path = str(expand_path(str(value), environ, home))
    if os.path.exists(path):
        return path
    say(told("ssl_verify names {path}, which is not there: the certificates of the system are used.", path=path))
    return True


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def lists(values: Mapping[str, Any], key: str, say: Say) -> dict[str, tuple[str, ...]]:
    """Only the names whose value is a list."""
    for name in (name for name, value in values.items() if not isinstance(value, list)):
        say(told("{name} of {key} must be a list: ignored.", name=name, key=key))
    return {
        name: tuple(dict.fromkeys(str(item) for item in value if item is not None))
        for name, value in values.items()
        if isinstance(value, list)
    }
