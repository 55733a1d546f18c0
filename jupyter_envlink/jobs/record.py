"""A job: one operation's durable record. Values only; ``store`` puts them on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from ..environment import prefix_id
from ..phases import weights
from ..request import Request


class Status(str, Enum):
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        return self in (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.INTERRUPTED)


@dataclass(frozen=True)
class Progress:
    """Where the job is: ``state.json``, replaced as a whole."""

    status: Status = Status.QUEUED
    phase: str | None = None
    percent: float | None = None
    bytes: Mapping[str, int] | None = None
    """``done`` and ``total`` of a download that is going on."""
    message: str = ""
    started: str | None = None
    finished: str | None = None
    error: Mapping[str, Any] | None = None
    result: Mapping[str, Any] | None = None


QUEUED = Progress()


@dataclass(frozen=True)
class Job:
    request: Request
    progress: Progress

    @property
    def id(self) -> str:
        return self.request.id

    @property
    def status(self) -> Status:
        return self.progress.status

    def as_dict(self) -> dict[str, Any]:
        """The job as HTTP and ``--json`` show it: ``Job`` of ``openapi.yaml``. The request's options stay here."""
        request = self.request
        source = request.options.get("source")
        return {
            "id": request.id,
            "operation": request.operation.value,
            "name": request.name,
            "prefix": request.prefix,
            "environment_id": prefix_id(request.prefix),
            "source_id": prefix_id(source) if isinstance(source, str) else None,
            "created": request.created,
            "phases": list(weights(request)),
            **vars(self.progress),
            "status": self.status.value,
        }


def now() -> str:
    """This moment, ISO 8601, UTC, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
