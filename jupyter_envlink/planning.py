"""What creating from a file would do: the file, the channels that will be asked, and what we add."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import condarc, formats
from .channels import Channels, resolve
from .envfile import EnvironmentFile
from .envfile.additions import Addition, additions
from .envfile.matchspec import for_rattler
from .errors import InvalidFile
from .formats import Contents, Format, Locked, Venv


@dataclass(frozen=True)
class Plan:
    file: EnvironmentFile
    channels: Channels
    added: tuple[Addition, ...]
    format: Format = "environment-yml"
    locked: Locked | None = None
    """Exactly what will be installed; only ``added`` is solved for, on top of it."""
    venv: Venv | None = None
    """A virtual environment is made, and no conda environment."""

    @property
    def specs(self) -> tuple[str, ...]:
        """Everything that is asked for, in the engine's words: what the file lists, and what we add.

        Raises ``Unclear`` for a file that is not ``ok``.
        """
        listed = self.locked.specs if self.locked else map(for_rattler, self.file.conda or ())
        return (*listed, *(addition.spec for addition in self.added))

    @property
    def conda(self) -> tuple[str, ...]:
        """The file's conda packages as specs, without secrets."""
        return self.locked.specs if self.locked else self.file.conda or ()

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.channels.notes, *(addition.reason for addition in self.added))

    @property
    def brings_ipykernel(self) -> bool:
        return any(addition.spec.startswith("ipykernel") for addition in self.added)

    def as_dict(self) -> dict[str, Any]:
        """The part of ``Plan`` (``openapi.yaml``) that is known without asking a channel."""
        return {
            "format": self.format,
            "channels": list(self.channels.shown),
            "conda": list(self.conda),
            "pip": list(self.file.pip or ()),
            "variables": dict(self.file.variables or {}),
            "added": [{"spec": addition.spec, "reason": addition.reason} for addition in self.added],
            "notes": list(self.channels.notes),
            "diagnostics": [diagnostic.as_dict() for diagnostic in self.file.diagnostics],
        }


def plan_of(contents: Contents, environ: Mapping[str, str] | None = None) -> Plan:
    """The plan of a file as far as it can be read; whether it is ``ok`` is for the caller to ask."""
    file, environ = contents.file, os.environ if environ is None else environ
    if contents.venv is not None:
        return Plan(file, Channels((), "strict"), _for_venv(file), contents.format, venv=contents.venv)
    if contents.locked is not None:
        return _exactly(contents, contents.locked, environ)
    added = additions(file)
    specs = [*(file.conda or ()), *(addition.spec for addition in added)]
    return Plan(file, resolve(file.channels, specs, condarc.load(environ), environ), added, contents.format)


def _exactly(contents: Contents, locked: Locked, environ: Mapping[str, str]) -> Plan:
    """Only what is added is asked of channels: those of the locked packages, then the configured ones."""
    added = additions(replace(contents.file, conda=locked.specs, pip=locked.pip or None))
    added = tuple(addition for addition in added if addition.spec != "pip")  # uv needs none
    channels = Channels(locked.channels, "strict")
    if added:
        channels = resolve(locked.channels, [each.spec for each in added], condarc.load(environ), environ)
    return Plan(contents.file, channels, added, contents.format, locked)


def _for_venv(file: EnvironmentFile) -> tuple[Addition, ...]:
    return tuple(each for each in additions(replace(file, conda=("python", "pip"))) if each.spec == "ipykernel")


def plan_of_text(text: str, path: str | None, folder: str | None = None) -> Plan:
    """As ``plan_of``. Raises ``InvalidFile`` with the diagnostics where the file has errors."""
    contents = formats.read(text, path, folder)
    refuse_errors(contents.file)
    return plan_of(contents)


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
