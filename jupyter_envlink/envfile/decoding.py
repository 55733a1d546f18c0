"""Bytes to text, without a guess: UTF-8, or UTF-16 where a byte order mark says so."""

from __future__ import annotations

import codecs

from .diagnostics import Place
from .findings import Findings

MAX_BYTES = 1 << 20
"""The largest real file known has 19.6 kB."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAVE = "Save the file as UTF-8: in Windows' Notepad and PowerShell (Out-File -Encoding utf8) that is a choice."


def decoded(source: bytes | str, findings: Findings, limit: int = MAX_BYTES) -> str | None:
    """The text of ``source``; ``None``, and the reason in ``findings``, where it has none or more than ``limit``."""
    if len(source) > limit:
        findings.error("too-large", None, f"The file is larger than {limit // 1024} KiB.", "Is it the right file?")
        return None
    text = _text(source, findings) if isinstance(source, str) else _from_bytes(source, findings)
    return text if text is None else text.removeprefix("\ufeff")


def _text(source: str, findings: Findings) -> str | None:
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        place = _place(source[: error.start])
        findings.error("encoding", place, f"Line {place.line} holds half a character (a lone surrogate).", _SAVE)
        return None
    return source


def _from_bytes(source: bytes, findings: Findings) -> str | None:
    encoding, label = next(
        ((name, label) for mark, name, label in _MARKS if source.startswith(mark)), ("utf-8", "UTF-8")
    )
    if label == "UTF-32":
        findings.error("encoding", Place(1, 1, 1, 1), "The file is UTF-32, which YAML tools do not read.", _SAVE)
        return None
    if label == "UTF-8" and b"\0" in source:
        message = "The file is UTF-16 without a byte order mark, or it is not a text at all."
        findings.error("encoding", Place(1, 1, 1, 1), message, _SAVE)
        return None
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        _undecodable(source, error, label, encoding, findings)
        return None


def _undecodable(source: bytes, error: UnicodeDecodeError, label: str, encoding: str, findings: Findings) -> None:
    place = _place(source[: error.start].decode(encoding, "ignore"))
    byte = f"byte 0x{source[error.start]:02x} in line {place.line}" if error.start < len(source) else "it is cut off"
    findings.error("encoding", place, f"The file is not {label} ({byte}).", _SAVE)


def _place(before: str) -> Place:
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return Place(line, column, line, column + 1)
