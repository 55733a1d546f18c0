"""Scalars as text, with what YAML would make of them, and texts as scalars."""

from __future__ import annotations

import re
from typing import Literal

from .nodes import Node

Shape = Literal["text", "null", "number", "boolean", "date", "list", "mapping"]

_NUMBER = re.compile(
    r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|\d[\d_]*|(?:\d[\d_]*\.[\d_]*|\.\d+|\d[\d_]*(?=[eE]))(?:[eE][-+]?\d+)?|\.(?:inf|Inf|INF))"
    r"|\.(?:nan|NaN|NAN)",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt \t].*)?", re.ASCII)
"""conda's YAML reader makes dates of such texts, version 1.2 or not."""
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {"true", "True", "TRUE", "false", "False", "FALSE"}
_ODD = frozenset("0123456789.+-~nNtTfF") | {""}
"""What a plain scalar begins with that is not a text; most are told by this alone."""
_PLAIN = re.compile(r"[A-Za-z0-9_./$](?:[^:#\s]|:(?=\S)|\s(?=[^#\s]))*")

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def shape(node: Node) -> Shape:
    """What YAML 1.2's core schema makes of ``node`` (conda reads 1.2: ``yes`` and ``on`` are texts)."""
    if node.id != "scalar":
        return "list" if node.id == "sequence" else "mapping"
    text: str = node.value
    if text[:1] not in _ODD or is_quoted(node):
        return "text"
    if text in _NULL:
        return "null"
    if text in _BOOLEAN:
        return "boolean"
    if text[0] in "0123456789.+-" and _NUMBER.fullmatch(text):
        return "number"
    return "date" if text[4:5] == "-" and _DATE.fullmatch(text) else "text"


def _looks_typed(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _DATE.fullmatch(text))


def is_quoted(node: Node) -> bool:
    """Quoted, or a block scalar."""
    return getattr(node, "style", None) not in (None, "")


def scalar(text: str, like: Node | None = None) -> str:
    """``text`` as YAML, quoted where it has to be or where ``like`` is."""
    style = getattr(like, "style", None)
    plain = _PLAIN.fullmatch(text) and text not in _NULL | _BOOLEAN and not _looks_typed(text)
    if style not in ("'", '"') and plain and text.isprintable():
        return text
    return quoted(text, "'" if style == "'" else '"')


def quoted(text: str, quote: str) -> str:
    """``text`` in those quotes; in double ones where it holds what only they can hold."""
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def brief(text: str, limit: int = 80) -> str:
    """``text`` for a message: in one line, cut where it is long."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(c if c.isprintable() else "?" for c in line)
    return f"'{line if len(line) <= limit else line[: limit - 1] + '…'}'"
