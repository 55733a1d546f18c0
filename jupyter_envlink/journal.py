"""The journal of unfinished operations: one JSON file per job, beside the environments it concerns.

``ENVS_ROOT/.envlink/journal/JOB.json`` holds ``{"job", "operation", "prefix", "staging", "step", "keep", "source"}``
from before a job's first change to the disk until after its last.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .files import write_json

HOME = ".envlink"
"""The hidden folder of an envs root that holds everything of ours: no environment lies in it."""
IGNORED = ".gitignore"
"""In that folder, where it lies in somebody's project."""

MAKING = frozenset({"create", "clone", "rename"})
"""While one of these is unfinished, nothing at its prefix is to be used yet."""


def journal_dir(envs_root: str) -> str:
    """Where the journal of the environments directly under ``envs_root`` lies; it may not exist."""
    return os.path.join(envs_root, HOME, "journal")


def open_entries(envs_root: str) -> Mapping[str, str]:
    """Canonical prefix to operation (``create``, ``remove``, ``install-kernel``, …) for each unfinished job.

    A root without a journal, or one that cannot be read, has none. An entry that cannot be understood (half
    written, foreign, garbage) is left out, and one whose change stands, though not all is put away. Raises nothing.
    """
    entries = (_entry(path) for path in _entry_files(envs_root))
    unfinished = [entry for entry in entries if entry and entry.get("step") != "committed"]
    return {os.path.realpath(entry["prefix"]): entry["operation"] for entry in unfinished}


@dataclass(frozen=True)
class Entry:
    """One unfinished job of an environments folder: what it is changing, and how far it has come."""

    job: str
    operation: str
    prefix: str
    staging: str
    step: str
    keep: str = ""
    """Where below ``HOME`` the former tree goes once this is committed; empty: to the trash."""
    source: str = ""
    """Where the environment was that a renaming moves to ``prefix``."""

    @property
    def places(self) -> tuple[str, ...]:
        """Every prefix that the job changes."""
        return tuple(filter(None, (self.prefix, self.source)))

    @property
    def departed(self) -> str:
        """Where what was at ``source`` lies until the job is done."""
        return self.staging + ".departed"

    def write(self, envs_root: str) -> None:
        """Write the entry down, or its new step. Raises ``OSError``."""
        folder = Path(journal_dir(envs_root))
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / f"{self.job}.json", asdict(self))

    def at(self, step: str, envs_root: str) -> Entry:
        """The entry, written down at ``step``."""
        entry = replace(self, step=step)
        entry.write(envs_root)
        return entry

    def close(self, envs_root: str) -> None:
        """The job needs nothing more. Closing twice is no error."""
        Path(journal_dir(envs_root), f"{self.job}.json").unlink(missing_ok=True)


def read_entry(envs_root: str, job: str) -> Entry | None:
    """The open entry of ``job``, where it has one."""
    return next((entry for entry in read_entries(envs_root) if entry.job == job), None)


def read_entries(envs_root: str) -> list[Entry]:
    """Every entry that one of our jobs may have written, the oldest job first.

    Others may write into a shared environments folder, and what an entry names is moved and deleted: one whose
    places lie anywhere but where a job of this root has them is passed over.
    """
    found = (_trusted(path, envs_root) for path in _entry_files(envs_root))
    return [entry for entry in found if entry]


def staging_path(envs_root: str, job: str, prefix: str) -> str:
    """Where ``job`` makes the tree that is to take the place of ``prefix``."""
    return os.path.join(envs_root, HOME, "staging", job, os.path.basename(prefix))


def _trusted(path: str, envs_root: str) -> Entry | None:
    found = _entry(path)
    if found is None or {*found, "keep", "source"} != _FIELDS:
        return None
    if not all(isinstance(value, str) for value in found.values()):
        return None
    at_home = all(_is_directly_in(envs_root, each) for each in filter(None, (found["prefix"], found.get("source"))))
    if not at_home or os.path.basename(path) != f"{found['job']}.json" or not _KEPT.fullmatch(found.get("keep", "")):
        return None
    return Entry(**{**found, "staging": staging_path(envs_root, found["job"], found["prefix"])})


def _is_directly_in(envs_root: str, prefix: str) -> bool:
    parent, name = os.path.split(prefix)
    return os.path.realpath(parent) == os.path.realpath(envs_root) and name not in ("", ".", "..", HOME)


_FIELDS = {"job", "operation", "prefix", "staging", "step", "keep", "source"}
_KEPT = re.compile(r"|generations/[0-9a-f]{12}/[0-9]{1,9}|removed/[0-9a-z-]{8,40}")


def _entry_files(envs_root: str) -> list[str]:
    try:
        with os.scandir(journal_dir(envs_root)) as files:  # a file half written when its writer died begins with a dot
            return sorted(file.path for file in files if file.name.endswith(".json") and file.name[0] != ".")
    except OSError:
        return []


def _entry(path: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return entry if _is_entry(entry) else None


def _is_entry(entry: object) -> bool:
    """A prefix that ``realpath`` takes (absolute, no NUL) and an operation are all that a reader needs."""
    if not isinstance(entry, dict):
        return False
    prefix, operation = entry.get("prefix"), entry.get("operation")
    return isinstance(prefix, str) and isinstance(operation, str) and os.path.isabs(prefix) and "\0" not in prefix
