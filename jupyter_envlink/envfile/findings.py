"""What a reading collects on its way: entries and diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from ..redaction import redact
from .diagnostics import Diagnostic, Edit, Place, Severity
from .model import Entry, Kind
from .nodes import Node

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
        self.names: list[str] = []
        self.builds: list[str] = []
        """One for each entry of kind ``conda``, in lower case, and empty where there is none to see."""
        self.has_pip = False
        """There is a pip block, be it empty."""
        self.diagnostics: list[Diagnostic] = []

    def enter(self, kind: Kind, text: str, place: Place, key: str | None = None) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            raise TooManyEntries
        self.entries.append(Entry(kind, text, *place, key))

    def enter_scalars(self, kind: Kind, nodes: Sequence[Node]) -> None:
        """As ``enter`` for each, with the text of the node where it stands: most entries are that."""
        room = MAX_ENTRIES - len(self.entries)
        self.entries += [
            Entry(
                kind,
                node.value,
                (at := node.start_mark).line + 1,
                at.column + 1,
                (to := node.end_mark).line + 1,
                to.column + 1,
            )
            for node in nodes[:room]
        ]
        if len(nodes) > room:
            raise TooManyEntries

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
        line, column, end_line, end_column = place or (None, None, None, None)
        said = redact(message)
        self.diagnostics.append(Diagnostic(code, severity, line, column, end_line, end_column, said, hint, fix))
