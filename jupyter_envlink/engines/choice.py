"""Which engine is to work: a value, for the options of jobs and the questions of planners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

EMBEDDED = "rattler"


@dataclass(frozen=True)
class Choice:
    """An engine by its name; ``program`` is the path of its command line, where one is configured."""

    name: str = EMBEDDED
    program: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For ``of``."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Choice:
        """Where nothing is kept, as in jobs of earlier versions, it is the embedded one."""
        return cls(**kept) if kept else cls()


DEFAULT = Choice()
