"""One way to mend a file, ready to be shown and used."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Remedy:
    """``text`` is the whole changed file, ``diff`` (unified) how it differs; ``solves`` is ``None`` where that was not
    tried."""

    code: str
    title: str
    explanation: str
    text: str
    diff: str
    solves: bool | None

    def as_dict(self) -> dict[str, Any]:
        """``Remedy`` of ``openapi.yaml``."""
        return asdict(self)
