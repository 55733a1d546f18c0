"""What people have asked for in a conda environment, as ``conda-meta/history`` has kept it: reading only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .envfile.spec import package_name

_LINE = re.compile(r"#\s*(\w+)\s*specs:\s*(.+)")
_ADDED, _REMOVED = ("update", "install", "neutered"), ("remove", "uninstall")
#: Commas outside of brackets and before a name part specs in the history of old condas: `python >=2.7,<3` has another.
_COMMA = re.compile(r",(?![^\[]*\])(?=\s*[A-Za-z_])")


def requested_in_history(prefix: str, installed: Iterable[str]) -> tuple[str, ...]:
    """The spec that was last asked for of each package, in the order in which they were first asked for.

    As conda reads it (``History.get_requested_specs_map``): what was removed, or is not ``installed``, is left out.
    Empty where there is no history. Raises ``OSError`` where there is one that may not be read.
    """
    asked: dict[str, str] = {}
    for action, specs in _actions(_text(prefix)):
        for spec in specs:
            name = package_name(spec)
            if action in _ADDED:
                asked[name] = spec
            elif action in _REMOVED:
                asked.pop(name, None)
    present = set(installed)
    return tuple(spec for name, spec in asked.items() if name in present)


def _text(prefix: str) -> str:
    try:
        return Path(prefix, "conda-meta", "history").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _actions(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.splitlines():
        found = _LINE.match(line)
        if found:
            yield found[1], _specs(found[2].strip())


def _specs(text: str) -> list[str]:
    """A list as conda and micromamba write it, or the bare texts with commas of old condas."""
    if not text.startswith("["):
        return [part.strip() for part in _COMMA.split(text) if part.strip()]
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(each) for each in value] if isinstance(value, list) else []
