"""Whom an operation tells what it is doing."""

from __future__ import annotations

from typing import Protocol

from .engines.base import Step


class Reporter(Protocol):
    """May be called from any thread."""

    def phase(self, name: str, text: str) -> None:
        """A new phase begins."""
        ...

    def step(self, step: Step) -> None:
        """It has come so far."""
        ...

    def line(self, text: str) -> None:
        """A line for the log."""
        ...
