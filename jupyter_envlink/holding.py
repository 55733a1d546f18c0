"""What an environment holds, package by package, with what each of them needs. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Need:
    """What one package says that it needs."""

    name: str
    """Of the package that is there for it, else as it is asked for."""
    spec: str
    """As the package's metadata writes it."""
    installed: bool

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Held:
    """One installed package: ``InstalledPackage`` of ``openapi.yaml``."""

    name: str
    version: str
    build: str
    channel: str | None
    size: int | None
    """Bytes of its archive."""
    subdir: str | None
    manager: str
    """``conda``, or ``pip`` for what any of Python's installers has brought."""
    requested: str | None
    """What somebody has asked for by its name; ``None`` for what came along."""
    disk: int | None
    """Bytes of its files, as its own records say; ``None`` where they do not."""
    needs: tuple[Need, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "needs": [need.as_dict() for need in self.needs]}


@dataclass(frozen=True)
class Holdings:
    """By name, conda's before Python's. ``unreadable`` are files that say nothing of the package they are of."""

    packages: tuple[Held, ...] = ()
    unreadable: tuple[str, ...] = ()
