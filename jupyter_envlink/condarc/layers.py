"""One source of configuration: a file, or the ``CONDA_*`` variables. Values as they were written, and their marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..sentence import told
from .keys import ALIASES, EXPANDED, KNOWN, LISTS
from .places import NAMES, SUFFIXES
from .variables import expand_all

Say = Callable[[str], object]


class Mark(Protocol):
    """A place in a text, as PyYAML counts: from 0."""

    line: int
    column: int


_MARK = re.compile(r"[\s,\]}]*#[#!]*(final|top|bottom)[#!]*\s*")
_MAY_BE_MARKED = re.compile(rb"#[#!]*(?:final|top|bottom)")


@dataclass(frozen=True)
class Layer:
    """``values`` by their own names, no aliases. ``marks`` has, by the place of a value, what its line says of it:

    ``(key,)`` → ``final``; ``(key, index)`` → ``top`` or ``bottom``; ``(key, name)`` → ``final``.
    """

    source: str
    values: Mapping[str, Any]
    marks: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)

    def is_final(self, key: str) -> bool:
        """Whether no stronger source may say anything more."""
        return self.marks.get((key,)) == "final"


def read_layer(path: Path, environ: Mapping[str, str], say: Say) -> Layer | None:
    """The settings in ``path``; ``None``, and a sentence, where there are none to be had."""
    import yaml

    if path.name not in NAMES and path.suffix not in SUFFIXES:
        say(
            told(
                "{path} is ignored, as by conda: the name of a condarc is condarc, .condarc, or ends in .yml or .yaml.",
                path=path,
            )
        )
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = path.read_bytes()
        content = yaml.load(data, Loader=loader)
        marks = _marks(yaml.compose(data, Loader=loader), data) if _MAY_BE_MARKED.search(data) else {}
        if content is not None and not isinstance(content, dict):
            say(told("{path} is ignored: it does not hold a mapping of settings.", path=path))
            return None
        return Layer(str(path), _named(content or {}, str(path), environ, say), marks)
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        say(told("{path} could not be read and is ignored: {error}.", path=path, error=" ".join(str(error).split())))
        return None


def variables_layer(environ: Mapping[str, str]) -> Layer:
    """The ``CONDA_*`` variables as one more layer, stronger than every file."""
    values: dict[str, Any] = {}
    marks: dict[tuple[str | int, ...], str] = {}
    for name in (*ALIASES, *KNOWN):  # the names themselves last: they count where both are set
        text = environ.get(f"CONDA_{name.upper()}")
        key = ALIASES.get(name, name)
        if text:
            text, *rest = (part.strip() for part in text.split("!important"))
            values[key] = [part.strip() for part in text.split(LISTS[key])] if key in LISTS else text
            marks.update({(key,): "final"} if rest else {})
    return Layer(told("the CONDA_* variables"), _expanded(values, environ), marks)


def _named(content: Mapping[Any, Any], source: str, environ: Mapping[str, str], say: Say) -> dict[str, Any]:
    """``content`` by the keys' own names, variables expanded."""
    written = {str(key): value for key, value in content.items()}
    for alias in written.keys() & ALIASES.keys():
        if ALIASES[alias] in written:
            say(
                told(
                    "{source} says both {alias} and {aliases}, which are the same: the second is used.",
                    source=source,
                    alias=alias,
                    aliases=ALIASES[alias],
                )
            )
    own = {key: value for key, value in written.items() if key not in ALIASES}
    aliased = {ALIASES[key]: value for key, value in written.items() if key in ALIASES}
    return _expanded({**aliased, **own}, environ)


def _expanded(values: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    return {key: expand_all(value, environ) if key in EXPANDED else value for key, value in values.items()}


def _marks(root: Any, data: bytes) -> dict[tuple[str | int, ...], str]:
    """``#!final``, ``#!top`` and ``#!bottom``, each by the place of the value that it stands behind."""
    if root is None or root.id != "mapping":
        return {}
    lines = data.decode("utf-8", "replace").splitlines()
    found: dict[tuple[str | int, ...], str] = {}
    for key, value in root.value:
        name = ALIASES.get(str(key.value), str(key.value))
        found.update(_mark((name,), _line_of(key, value, lines)))
        items = enumerate(value.value) if value.id == "sequence" else _pairs(value)
        for place, item in items:
            found.update(_mark((name, place), _behind(item, lines)))
    return found


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return [(str(key.value), value) for key, value in node.value] if node.id == "mapping" else []


def _mark(place: tuple[str | int, ...], rest: str) -> dict[tuple[str | int, ...], str]:
    found = _MARK.fullmatch(rest)
    return {place: found[1]} if found else {}


def _line_of(key: Any, value: Any, lines: list[str]) -> str:
    """What stands behind a key's value where both are on one line, else behind the key."""
    end: Mark = key.end_mark
    if value.start_mark.line == end.line and value.start_mark.column > end.column:
        return _behind(value, lines)
    return lines[end.line][end.column :].lstrip(" :")


def _behind(node: Any, lines: list[str]) -> str:
    end: Mark = node.end_mark
    return lines[end.line][end.column :] if end.line < len(lines) else ""
