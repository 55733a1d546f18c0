"""Pages written from the program: its traits, its HTTP contract, its events, its command line, its modules."""

from __future__ import annotations

from pathlib import Path

from . import commands, http, modules, traits

__all__ = ["write_all"]


def write_all(folder: Path) -> None:
    """Writes each page into `folder`; leaves alone what has not changed, so that Sphinx reads only what has."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "configuration.md": traits.page(),
        "http.md": http.page(),
        "events.md": http.events_page(),
        "commands.md": commands.page(),
        "modules.md": modules.page(),
    }
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
