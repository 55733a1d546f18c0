"""Bytes to text, without a guess: UTF-8, or UTF-16 where a byte order mark says so."""

from __future__ import annotations

import codecs

from ..sentence import told
from .diagnostics import Place
from .findings import Findings
from .layout import Lines

MAX_BYTES = 1 << 20
"""The largest real file known has 19.6 kB."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_BINARY = {
    b"PK\x03\x04": told("a zip archive"),
    b"\x1f\x8b": told("a gzip archive"),
    b"BZh": told("a bzip2 archive"),
    b"\x28\xb5\x2f\xfd": told("a zstandard archive"),
    b"\x89PNG": told("a picture"),
    b"%PDF": told("a PDF"),
    b"\x7fELF": told("a program"),
}
_SAVE = told("Save the file as UTF-8: in Windows' Notepad and PowerShell (Out-File -Encoding utf8) that is a choice.")


def decoded(source: bytes | str, findings: Findings, limit: int = MAX_BYTES) -> str | None:
    """The text of ``source``; ``None``, and the reason in ``findings``, where it has none or more than ``limit``."""
    if len(source) > limit:
        findings.error(
            "too-large",
            None,
            told("The file is larger than {limit} KiB.", limit=limit // 1024),
            told("Is it the right file?"),
        )
        return None
    text = _text(source, findings) if isinstance(source, str) else _from_bytes(source, findings)
    return text if text is None else text.removeprefix("\ufeff")


def _text(source: str, findings: Findings) -> str | None:
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        place = _place(source[: error.start])
        findings.error(
            "encoding", place, told("Line {line} holds half a character (a lone surrogate).", line=place.line), _SAVE
        )
        return None
    return source


def _from_bytes(source: bytes, findings: Findings) -> str | None:
    encoding, label = next(
        ((name, label) for mark, name, label in _MARKS if source.startswith(mark)), ("utf-8", "UTF-8")
    )
    if label == "UTF-32":
        message = told("The file is UTF-32, which YAML tools do not read.")
    elif known := next((what for magic, what in _BINARY.items() if source.startswith(magic)), None):
        message = told("The file is {known}, not a text.", known=known)
    elif label == "UTF-8" and b"\0" in source:
        message = _wide(source)
    else:
        return _strictly(source, encoding, label, findings)
    findings.error("encoding", Place(1, 1, 1, 1), message, _SAVE)
    return None


def _wide(source: bytes) -> str:
    """What has NULs in it: the place of the first one shows how many bytes each character has."""
    shape = bytes(byte != 0 for byte in source[:4])
    names = {b"\1\0\0\0": "UTF-32", b"\0\0\0\1": "UTF-32", b"\1\0\1\0": "UTF-16", b"\0\1\0\1": "UTF-16"}
    name = names.get(shape)
    if not name:
        return told("The file is not a text: it holds NULs.")
    return told("The file is {encoding} without a byte order mark, which is a guess to every tool.", encoding=name)


def _strictly(source: bytes, encoding: str, label: str, findings: Findings) -> str | None:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        _undecodable(source, error, label, encoding, findings)
        return None


def _undecodable(source: bytes, error: UnicodeDecodeError, label: str, encoding: str, findings: Findings) -> None:
    place = _place(source[: error.start].decode(encoding, "ignore").removeprefix("\ufeff"))
    if error.start >= len(source) or label != "UTF-8":
        message = (
            told("The file is not {label}: it is cut off in line {line}.", label=label, line=place.line)
            if error.end >= len(source)
            else told("The file is not {label}: half a character in line {line}.", label=label, line=place.line)
        )
        findings.error("encoding", place, message, _SAVE)
        return
    byte = source[error.start : error.start + 1]
    meant = byte.decode("cp1252", "ignore")
    findings.error("encoding", place, _one_byte(byte.hex(), place.line, meant), _SAVE)


def _one_byte(byte: str, line: int, meant: str) -> str:
    if not meant.isprintable():
        return told(
            "The file is not UTF-8 (byte 0x{byte} in line {line}): it may be Windows-1252 or Latin-1.",
            byte=byte,
            line=line,
        )
    return told(
        "The file is not UTF-8 (byte 0x{byte} in line {line}): it may be Windows-1252 or Latin-1, where that is "
        "{meant!r}.",
        byte=byte,
        line=line,
        meant=meant,
    )


def _place(before: str) -> Place:
    return Lines(before).place(len(before), len(before) + 1)
