"""Which notebooks have used which environment, and when: a small record of one person, for that person alone.

``FOLDER/uses.json`` (JUPYTER_DATA_DIR/envlink), readable by its owner only: ``{"version", "since", "environments":
{prefix: {"used", "notebooks": {path: used}}}}``. It holds paths and times, nothing of what the notebooks hold.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .environment import Environment
from .files import read_json, write_json
from .jobs.record import now

MOST_ENVIRONMENTS = 500
"""Beyond that those go that were used longest ago."""
MOST_NOTEBOOKS = 20
"""Of one environment."""

_LOCK_WITHIN = 5.0
_VERSION = 1


@dataclass(frozen=True)
class Use:
    """When an environment was used last, ISO 8601, and when by each notebook (an absolute path)."""

    used: str
    notebooks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A kernel that ran in ``prefix`` and was busy last at ``used``; ``notebook``: whose it is, an absolute path."""

    prefix: str
    used: str
    notebook: str | None = None


Record = dict[str, Use]


class Uses:
    """Several servers may write it: each change is read, made and replaced under a lock.

    It is advice, not truth: a file that cannot be understood counts as empty, and is replaced by the next change.
    """

    def __init__(self, folder: Path, log: logging.Logger | None = None) -> None:
        self.path = folder / "uses.json"
        self._log = log or logging.getLogger(__name__)
        self._version: tuple[int, int, int] | None = None
        self._all: Mapping[str, Use] = MappingProxyType({})
        self._since: str | None = None

    def all(self) -> Mapping[str, Use]:
        """By prefix. Reads the file where it differs from what was read last."""
        self._look()
        return self._all

    @property
    def since(self) -> str | None:
        """When the record began, ISO 8601: of what was before, nothing is known."""
        self._look()
        return self._since

    def add(self, seen: Iterable[Seen]) -> bool:
        """Write down what was seen; whether that was news. Raises ``OSError``."""
        some = tuple(seen)
        return self._change(lambda record: _with(record, some))

    def follow(self, old: str, new: str) -> None:
        """An environment is at another place now, and was used there as it was before. Raises ``OSError``."""

        def moved(record: Record) -> Record:
            return {new if prefix == old else prefix: use for prefix, use in record.items()}

        if old in self.all():
            self._change(moved)

    def forget(self, prefixes: Collection[str]) -> None:
        """Drop what is known of them. Raises ``OSError``."""
        if set(prefixes) & set(self.all()):
            self._change(lambda record: {prefix: use for prefix, use in record.items() if prefix not in prefixes})

    def _change(self, change: Callable[[Record], Record]) -> bool:
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", timeout=_LOCK_WITHIN, mode=0o600):
            content = read_json(self.path) or {}
            before = _decoded(content)
            after = _bounded(change(dict(before)))
            is_new = after != before or "since" not in content
            if is_new:
                environments = {prefix: asdict(use) for prefix, use in after.items()}
                since = content.get("since") or now()
                write_json(self.path, {"version": _VERSION, "since": since, "environments": environments})
            return is_new

    def _look(self) -> None:
        version = self._stat()
        if version == self._version:
            return
        try:
            content = read_json(self.path) or {}
        except OSError as error:
            self._log.warning(
                "envlink: cannot read %s: %s. When environments were used is not known.", self.path, error
            )
            content = {}
        since = content.get("since")
        self._since = since if isinstance(since, str) else None
        self._all, self._version = MappingProxyType(_decoded(content)), version

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino)


def described(
    uses: Uses,
    environment: Environment,
    kernels: Iterable[Mapping[str, Any]],
    path_of: Callable[[str], str | None] = lambda file: None,
) -> dict[str, Any]:
    """``Uses`` of ``openapi.yaml``: ``kernels`` are those that run, ``path_of`` how a server names a file."""
    use = uses.all().get(environment.prefix, Use(""))
    exist = [(file, used) for file, used in use.notebooks.items() if os.path.isfile(file)]
    return {
        "environment_id": environment.id,
        "running": list(kernels),
        "notebooks": [{"file": file, "path": path_of(file), "used": used} for file, used in exist],
        "last_used": use.used or None,
        "since": uses.since,
    }


def _with(record: Record, some: Iterable[Seen]) -> Record:
    for seen in some:
        known = record.get(seen.prefix, Use(""))
        notebooks = dict(known.notebooks)
        if seen.notebook is not None:
            notebooks[seen.notebook] = max(notebooks.get(seen.notebook, ""), seen.used)
        record[seen.prefix] = Use(max(known.used, seen.used), notebooks)
    return record


def _bounded(record: Record) -> Record:
    """What was used last comes first."""
    latest = sorted(record.items(), key=lambda item: item[1].used, reverse=True)[:MOST_ENVIRONMENTS]
    return {prefix: Use(use.used, _latest(use.notebooks)) for prefix, use in latest}


def _latest(notebooks: Mapping[str, str]) -> dict[str, str]:
    latest = sorted(notebooks.items(), key=lambda item: item[1], reverse=True)
    return dict(latest[:MOST_NOTEBOOKS])


def _decoded(content: Mapping[str, Any]) -> Record:
    """What of it can be understood."""
    environments = content.get("environments")
    found = environments.items() if isinstance(environments, dict) else ()
    return {prefix: use for prefix, value in found if (use := _use(value))}


def _use(value: Any) -> Use | None:
    used = value.get("used") if isinstance(value, dict) else None
    if not isinstance(used, str):
        return None
    notebooks = value.get("notebooks")
    some = notebooks.items() if isinstance(notebooks, dict) else ()
    return Use(used, {path: when for path, when in some if isinstance(when, str)})
