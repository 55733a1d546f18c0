"""What a planner is asked: a file, and what becomes of it. JSON, small, and without any secret but the file's own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from ..channel_rules import Limits
from ..engines.choice import DEFAULT, Choice
from ..planning import Plan, contents_of, plan_of
from ..source import Source
from ..updating import Target


@dataclass(frozen=True)
class Question:
    """``prefix`` is where the environment is or will be. With ``refresh`` the channels are asked whatever is known."""

    source: Source
    prefix: str | None
    limits: Limits
    target: Target | None = None
    refresh: bool = False
    engine: Choice = DEFAULT

    kind: ClassVar[str] = "question"

    def plan(self) -> Plan:
        """The plan of the file as far as it can be read; it is read again, as the channels may be others by now."""
        contents = contents_of(self.source, self.limits)
        return plan_of(contents, prefix=self.prefix, limits=self.limits, target=self.target)

    def as_dict(self) -> dict[str, Any]:
        """For ``of``."""
        source = {**asdict(self.source), "content": base64.b64encode(self.source.content).decode("ascii")}
        target = asdict(self.target) if self.target else None
        more = {"prefix": self.prefix, "target": target, "refresh": self.refresh, "engine": self.engine.as_dict()}
        return {"source": source, "limits": self.limits.as_dict(), **more}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Question:
        source = {**kept["source"], "content": base64.b64decode(kept["source"]["content"])}
        target = Target(**kept["target"]) if kept["target"] else None
        limits, engine = Limits.of(kept["limits"]), Choice.of(kept["engine"])
        return cls(Source(**source), kept["prefix"], limits, target, kept["refresh"], engine)
