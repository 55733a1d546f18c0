"""What a planner is asked about packages. JSON, and without any secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import Any, ClassVar

from ..channel_rules import NO_LIMITS, Limits
from ..errors import InvalidRequest
from ..sentence import told

MOST = 100
USUAL = 20
_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,127}")


@dataclass(frozen=True)
class Search:
    """Packages whose names have ``query`` in them; or, where it is a whole ``name``, that one with its versions.

    ``channels`` are named as in a file; those of conda's configuration where it is ``None``.
    """

    query: str
    limit: int = USUAL
    channels: tuple[str, ...] | None = None
    whole: bool = False
    limits: Limits = NO_LIMITS

    kind: ClassVar[str] = "search"

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST:
            raise InvalidRequest(
                told("limit is {limit}.", limit=self.limit), told("limit is a number from 1 to {most}.", most=MOST)
            )
        if self.whole and not _NAME.fullmatch(self.query):
            raise InvalidRequest(
                told("{query!r} is no name of a package.", query=self.query[:200]),
                told("Letters, digits, '-', '_' and '.'."),
            )

    def as_dict(self) -> dict[str, Any]:
        """For ``of``."""
        return {**asdict(self), "limits": self.limits.as_dict()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Search:
        channels = kept["channels"]
        more = {"channels": None if channels is None else tuple(channels), "limits": Limits.of(kept["limits"])}
        return cls(**{**kept, **more})


def asked_for(text: str) -> str:
    """What somebody has typed, as names are written."""
    return re.sub(r"\s+", "-", text.strip()).lower()


def best(names: Iterable[str], query: str, limit: int) -> list[str]:
    """Of ``names``, which all hold ``query``, those that begin with it come first; the shorter ones before the longer,
    so that the very name comes before all others."""
    return nsmallest(limit, names, key=lambda name: (not name.startswith(query), len(name), name))
