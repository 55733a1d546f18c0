"""What ``scalars.shape`` calls a value, with its article."""

from __future__ import annotations

from ..sentence import told

_KINDS = {
    "text": told("a text"),
    "list": told("a list"),
    "mapping": told("a mapping"),
    "null": told("a null"),
    "number": told("a number"),
    "boolean": told("a boolean"),
    "date": told("a date"),
}


def a(kind: str) -> str:
    return _KINDS[kind]
