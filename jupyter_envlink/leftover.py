"""Something on the disk that may go. Values only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

UNDOABLE = frozenset({"environment"})
"""Kinds that can be brought back for a while."""
SLOW = frozenset({"job", "generation", "package", "removed"})
"""Kinds of whole trees, which are deleted by a worker."""


@dataclass(frozen=True)
class Leftover:
    """One file or folder. ``kind`` is ``spec``, ``activation``, ``job`` or ``unfinished``, which nothing stands behind;
    of what is kept to undo something, ``removed`` or ``generation``; ``environment``, which nobody uses; or
    ``package``, of the package cache, which no environment has."""

    kind: str
    path: str
    reason: str
    name: str | None = None
    """Of the environment that it is, or was of; of a package."""
    prefix: str | None = None
    """Where that environment is or was."""
    used: str | None = None
    """When it was used last, ISO 8601, where that is known."""
    bytes: int | None = None
    """What its removal frees; ``None`` before it was measured."""

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.kind} {self.path}".encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def measured(self, size: int) -> Leftover:
        return replace(self, bytes=size)

    def as_dict(self) -> dict[str, Any]:
        """``Leftover`` of ``openapi.yaml``."""
        return {"id": self.id, **asdict(self), "undoable": self.kind in UNDOABLE}


def leftover_of(found: Mapping[str, Any]) -> Leftover:
    """What ``as_dict`` was made of."""
    return Leftover(**{name: found[name] for name in Leftover.__dataclass_fields__})
