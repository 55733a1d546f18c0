"""What a reading collects on its way: entries and diagnostics."""

from __future__ import annotations

from ..redaction import redact
from .diagnostics import Diagnostic, Edit, Place, Severity
from .model import Entry, Kind
from .spec import Spec

MAX_ENTRIES = 10_000
"""The largest real file known has 696. Aliases make a short file long, so entries are counted, not bytes."""


Fix = str | Edit | None
"""A text is put in place of the marked range."""


class TooManyEntries(Exception):
    """The reading stops here; never leaves this package."""


class Findings:
    """Grows while a file is read; frozen into an ``EnvironmentFile`` at the end."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.entries: list[Entry] = []
        self.specs: list[Spec] = []
        """One for each entry of kind ``conda``."""
        self.has_pip = False
        """There is a pip block, be it empty."""
        self.diagnostics: list[Diagnostic] = []

    def enter(self, kind: Kind, text: str, place: Place, key: str | None = None) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            raise TooManyEntries
        self.entries.append(Entry(kind, text, *place, key=key))

    def error(self, code: str, place: Place | None, message: str, hint: str | None = None, fix: Fix = None) -> None:
        self._add("error", code, place, message, hint, fix)

    def warning(self, code: str, place: Place | None, message: str, hint: str | None = None, fix: Fix = None) -> None:
        self._add("warning", code, place, message, hint, fix)

    def info(self, code: str, place: Place | None, message: str, hint: str | None = None, fix: Fix = None) -> None:
        self._add("info", code, place, message, hint, fix)

    def _add(
        self, severity: Severity, code: str, place: Place | None, message: str, hint: str | None, fix: Fix
    ) -> None:
        if len(self.diagnostics) >= MAX_ENTRIES:
            raise TooManyEntries
        if isinstance(fix, str):
            fix = Edit(*place, text=fix) if place else None
        at: dict[str, int | None] = dict.fromkeys(("line", "column", "end_line", "end_column"))
        at |= place._asdict() if place else {}
        self.diagnostics.append(Diagnostic(code, severity, **at, message=redact(message), hint=hint, fix=fix))
