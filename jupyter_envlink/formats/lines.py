"""A text as lines with their places, without comments and without what is blank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..envfile.diagnostics import Place


class Line(NamedTuple):
    text: str
    place: Place


def lines(text: str) -> Iterator[Line]:
    """Each line stripped, comments (``#`` first) and blank ones left out."""
    for number, raw in enumerate(text.splitlines(), 1):
        stripped = raw.strip()
        if stripped and not stripped.startswith("#"):
            yield Line(stripped, place_of(stripped, raw, number))


def place_of(part: str, raw: str, number: int) -> Place:
    """Where ``part`` stands in the line ``raw``, the whole line where it is not found."""
    start = max(raw.find(part), 0)
    return Place(number, start + 1, number, start + len(part) + 1)


def place_in(text: str, part: str) -> Place | None:
    """Where ``part`` first stands in ``text``."""
    start = text.find(part) if part else -1
    if start < 0:
        return None
    number, before = text.count("\n", 0, start) + 1, text.rfind("\n", 0, start) + 1
    column = start - before + 1
    return Place(number, column, number, column + len(part.partition("\n")[0]))


def logical_lines(text: str) -> Iterator[Line]:
    """The lines of a requirements file: those that end in a backslash joined, comments left out, as pip does it."""
    begun: list[str] = []
    first = last = 0
    for number, raw in enumerate(text.splitlines(), 1):
        if not begun and (not raw.strip() or raw.lstrip().startswith("#")):
            continue
        first = first if begun else number
        last = number
        continues = raw.endswith("\\") and not raw.lstrip().startswith("#")
        begun.append(raw.removesuffix("\\") if continues else raw)
        if not continues:
            yield from _joined(begun, first, last)
            begun = []
    yield from _joined(begun, first, last)


def _uncommented(raw: str) -> str:
    return re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip()


def _joined(raws: list[str], first: int, last: int) -> Iterator[Line]:
    parts = [_uncommented(raw) for raw in raws]
    text = " ".join(part for part in parts if part)
    if text:
        begin, end = place_of(parts[0], raws[0], first), place_of(parts[-1], raws[-1], last)
        yield Line(text, Place(*begin[:2], *end[2:]))
