"""TOML texts, and where a value stands in one: the parser tells nothing of places, so a value is looked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..envfile.decoding import decoded
from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..sentence import told
from .contents import MAX_BYTES
from .lines import place_in

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOP = Place(1, 1, 1, 1)
_AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)")


class Toml:
    """A parsed text; its tables by path, and the places of values."""

    def __init__(self, text: str, content: Mapping[str, Any]) -> None:
        self.text = text
        self.content = content

    def table(self, *path: str) -> Mapping[str, Any]:
        """The table at ``path``; empty where there is none, or something else."""
        found: Any = self.content
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def place(self, *words: str) -> Place:
        """Where the first of ``words`` that is found stands, as a text first and then as it is."""
        for word in words:
            found = place_in(self.text, f'"{word}"') or place_in(self.text, f"'{word}'") or place_in(self.text, word)
            if found:
                return found
        return TOP


def parsed(content: bytes, findings: Findings) -> Toml | None:
    """The text in ``content``; ``None``, and why in ``findings``, where it is no TOML."""
    text = decoded(content, findings, MAX_BYTES)
    if text is None:
        return None
    try:
        return Toml(text, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _AT.search(str(error))
        place = Place(int(found[1]), int(found[2]), int(found[1]), int(found[2]) + 1) if found else None
        why = _AT.sub("", str(error)).rstrip(".")
        findings.error(
            "toml-syntax",
            place,
            told("The text is not TOML: {why}.", why=why),
            told("Look at the quotes and brackets there."),
        )
        return None


def texts(value: Any) -> list[str]:
    """The texts in a list; none where it is no list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def tables(value: Any) -> Sequence[Mapping[str, Any]]:
    """The tables in a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
