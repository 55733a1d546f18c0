"""An environment file as it was written: raw texts with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..redaction import redact
from .diagnostics import Diagnostic

Kind = Literal["name", "channel", "conda", "pip", "variable", "prefix"]


class Entry(NamedTuple):
    """One text of the file and where it stands (from 1; ``end_column`` is one past its last character)."""

    kind: Kind
    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    key: str | None = None
    """The variable's name, for variables."""


@dataclass(frozen=True)
class EnvironmentFile:
    """What :func:`~jupyter_envlink.envfile.read` found. ``None`` means that the file has no such part.

    Texts are raw and in the file's order; ``pip`` holds all pip blocks, one after the other. A part with errors
    holds what could be read of it.
    """

    path: str | None
    name: str | None
    channels: tuple[str, ...] | None
    conda: tuple[str, ...] | None
    pip: tuple[str, ...] | None
    variables: Mapping[str, str] | None
    prefix: str | None
    diagnostics: tuple[Diagnostic, ...]
    entries: tuple[Entry, ...]

    @property
    def ok(self) -> bool:
        """Whether it can be used: no diagnostic is an error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for finding in self.diagnostics if finding.severity == "error")

    def checked(self) -> dict[str, Any]:
        """The ``CheckedFile`` of ``openapi.yaml``: JSON, without the secrets of its addresses."""
        return {
            "path": self.path,
            "ok": self.ok,
            "name": self.name,
            "channels": _shown(self.channels),
            "conda": _shown(self.conda),
            "pip": _shown(self.pip),
            "variables": None if self.variables is None else dict(self.variables),
            "diagnostics": [finding.as_dict() for finding in self.diagnostics],
        }


def _shown(texts: tuple[str, ...] | None) -> list[str] | None:
    return None if texts is None else [redact(text) for text in texts]
