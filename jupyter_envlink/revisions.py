"""What conda-like tools have done to an environment, as ``conda-meta/history`` has kept it: reading only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .redaction import redact

_HEAD = re.compile(r"==> (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) <==")
_COMMAND = re.compile(r"# cmd: (.+)")
_CHANGE = re.compile(r"([+-])(?:.*::)?([^\s:]+)$")


@dataclass
class Revision:
    """``Revision`` of ``openapi.yaml``: one entry of conda's history."""

    number: int
    """As ``conda list --revisions`` counts."""
    date: str | None
    """ISO 8601, in the zone of the machine."""
    command: str | None
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def revisions(prefix: str) -> list[Revision]:
    """The newest first; none where no history is, or none that can be read."""
    try:
        text = Path(prefix, "conda-meta", "history").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return list(_parsed(text))[::-1]


def _parsed(text: str) -> Iterator[Revision]:
    current: Revision | None = None
    for line in text.splitlines():
        if head := _HEAD.fullmatch(line.strip()):
            if current:
                yield current
            current = Revision(current.number + 1 if current else 0, _moment(head[1]), None)
        elif current:
            _read(line, current)
    if current:
        yield current


def _read(line: str, into: Revision) -> None:
    if command := _COMMAND.match(line):
        into.command = redact(command[1].strip())
    elif change := _CHANGE.match(line):
        (into.added if change[1] == "+" else into.removed).append(change[2])


def _moment(text: str) -> str | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").astimezone().isoformat()
    except (ValueError, OverflowError, OSError):
        return None
