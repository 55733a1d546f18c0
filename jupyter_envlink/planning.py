"""What creating from a file would do: the file, the channels that will be asked, and what we add."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import condarc
from .channels import Channels, resolve
from .envfile import EnvironmentFile, read
from .envfile.additions import Addition, additions
from .envfile.matchspec import for_rattler
from .errors import InvalidFile


@dataclass(frozen=True)
class Plan:
    file: EnvironmentFile
    channels: Channels
    added: tuple[Addition, ...]

    @property
    def specs(self) -> tuple[str, ...]:
        """Everything to solve for, in the engine's words: what the file lists, and what we add.

        Raises ``Unclear`` for a file that is not ``ok``.
        """
        return (*map(for_rattler, self.file.conda or ()), *(addition.spec for addition in self.added))

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.channels.notes, *(addition.reason for addition in self.added))

    @property
    def brings_ipykernel(self) -> bool:
        return any(addition.spec.startswith("ipykernel") for addition in self.added)

    def as_dict(self) -> dict[str, Any]:
        """The part of ``Plan`` (``openapi.yaml``) that is known without asking a channel."""
        return {
            "channels": list(self.channels.shown),
            "conda": list(self.file.conda or ()),
            "pip": list(self.file.pip or ()),
            "variables": dict(self.file.variables or {}),
            "added": [{"spec": addition.spec, "reason": addition.reason} for addition in self.added],
            "notes": list(self.channels.notes),
            "diagnostics": [diagnostic.as_dict() for diagnostic in self.file.diagnostics],
        }


def plan_of(file: EnvironmentFile, environ: Mapping[str, str] | None = None) -> Plan:
    """The plan of a file as far as it can be read; whether it is ``ok`` is for the caller to ask."""
    added = additions(file)
    specs = [*(file.conda or ()), *(addition.spec for addition in added)]
    environ = os.environ if environ is None else environ
    return Plan(file, resolve(file.channels, specs, condarc.load(environ), environ), added)


def plan_of_text(text: str, path: str | None) -> Plan:
    """As ``plan_of``. Raises ``InvalidFile`` with the diagnostics where the file has errors."""
    file = read(text, path=path)
    refuse_errors(file)
    return plan_of(file)


def refuse_errors(file: EnvironmentFile) -> None:
    """Raises ``InvalidFile`` naming the first error and its place."""
    errors = [diagnostic for diagnostic in file.diagnostics if diagnostic.severity == "error"]
    if not errors:
        return
    first = errors[0]
    place = f"{file.path or 'the file'}, line {first.line}" if first.line else file.path or "the file"
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    details = {"diagnostics": [diagnostic.as_dict() for diagnostic in file.diagnostics]}
    raise InvalidFile(
        f"{place}: {first.message}{more}", first.hint or "Mend the line, then try again.", details=details
    )
