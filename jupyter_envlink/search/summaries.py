"""What packages are for, in a sentence: as those say that have been downloaded once. Channels' indexes do not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..engines.rattler_kept import package_folder

_LONGEST = 300


class Summaries:
    """Read once, and again when the cache of packages has others."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, dict[str, str]]] = {}

    def of(self, cache: Path | None) -> Mapping[str, str]:
        """By the name of the package; ``cache`` is that of the engine. Raises nothing."""
        folder = package_folder(cache)
        try:
            moment = os.stat(folder).st_mtime_ns
        except OSError:
            return {}
        if self._known.get(folder, (None,))[0] != moment:
            self._known[folder] = moment, dict(_read(folder))
        return self._known[folder][1]


def _read(folder: Path) -> Iterator[tuple[str, str]]:
    """In the order of names, so that of several versions the last one speaks."""
    for entry in sorted(os.listdir(folder)):
        name, *rest = entry.rsplit("-", 2)
        summary = _summary(folder / entry / "info" / "about.json") if len(rest) == 2 else None
        if summary:
            yield name, summary


def _summary(path: Path) -> str | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    said = found.get("summary") if isinstance(found, dict) else None
    return " ".join(said.split())[:_LONGEST] if isinstance(said, str) else None
