"""Environments that were removed and can come back: ``ROOT/.envlink/removed/JOB/env``, ``removed.json`` beside it.

``JOB`` is the job that removed it. An environment goes there, and comes back, by one rename, so that a crash leaves it
at one place or the other. Its generations lie beside it: they go there first and come back last, and without the
environment they are given back. In a shared root everybody sees, and deletes, only what they have removed themselves.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from . import tree
from .environment import prefix_id
from .errors import DiskError, NotFound
from .files import read_json, write_json
from .generations import folder_of as folder_of_generations
from .journal import HOME, IGNORED, journal_dir
from .sentence import told

RECORD, TREE, GENERATIONS = "removed.json", "env", "generations"


@dataclass(frozen=True)
class Removed:
    """One of them. ``until`` (seconds since 1970): when it is deleted for good."""

    job: str
    name: str
    prefix: str
    removed: float
    until: float
    listed: bool
    """Whether ``~/.conda/environments.txt`` named it."""
    binding: Mapping[str, Any] = field(default_factory=dict)
    """What links.json said of it."""

    @property
    def root(self) -> str:
        return os.path.dirname(self.prefix)

    @property
    def folder(self) -> Path:
        return folder_of(self.root, self.job)

    def as_dict(self) -> dict[str, Any]:
        """``Removed`` of ``openapi.yaml``."""
        return {
            "job": self.job,
            "environment_id": prefix_id(self.prefix),
            "name": self.name,
            "prefix": self.prefix,
            "removed": iso(self.removed),
            "until": iso(self.until),
        }


def iso(moment: float) -> str:
    """Seconds since 1970 as ISO 8601, UTC."""
    said = datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds")
    return said.replace("+00:00", "Z")


def folder_of(root: str, job: str) -> Path:
    """Where what ``job`` removed from ``root`` is kept, if it is."""
    return Path(root, HOME, "removed", job)


def is_kept(root: str, job: str) -> bool:
    """Whether what ``job`` removed can come back."""
    return os.path.isdir(folder_of(root, job) / TREE)


def until(root: str, job: str) -> str | None:
    """Until when what ``job`` removed can come back, ISO 8601; ``None`` where it cannot."""
    found = _read(root, job)
    return iso(found.until) if found and is_kept(root, job) and not is_over(found) else None


def put_away(what: Removed) -> None:
    """Take the environment from its place. Raises ``OSError``, and ``DiskError`` where it cannot be moved at all."""
    what.folder.mkdir(parents=True, exist_ok=True)
    write_json(what.folder / RECORD, asdict(what))
    try:
        _move(folder_of_generations(what.root, what.prefix), what.folder / GENERATIONS)
        os.rename(what.prefix, what.folder / TREE)
    except OSError as error:
        drop(what)
        raise _immovable(what.prefix) if error.errno in (errno.EBUSY, errno.EXDEV) else error from None


def put_back(what: Removed) -> None:
    """Take the environment to its place, where nothing is. Raises ``NotFound`` where it is gone, and ``OSError``."""
    try:
        os.rename(what.folder / TREE, what.prefix)
    except FileNotFoundError as error:
        raise gone(what.job) from error


def drop(what: Removed) -> None:
    """Forget about one that is back, or was never put away, once it has its generations. Raises nothing."""
    with suppress(OSError):
        _move(what.folder / GENERATIONS, folder_of_generations(what.root, what.prefix))
        (what.folder / RECORD).unlink(missing_ok=True)
        what.folder.rmdir()


def discard(what: Removed) -> Path | None:
    """Give it up: into the trash, in one step. Returns what is to be deleted there; ``None`` if it is gone already."""
    trash = Path(what.root, HOME, "trash", f"{what.job}-removed")
    trash.parent.mkdir(exist_ok=True)
    try:
        os.rename(what.folder, trash)
    except FileNotFoundError:
        return None
    return trash


def find(root: str) -> list[Removed]:
    """Those of this user that can come back to ``root``, the one removed last first. Raises ``OSError``."""
    found = (_read(root, job) for job in _jobs(root))
    kept = [each for each in found if each and is_kept(root, each.job)]
    return sorted(kept, key=lambda each: each.removed, reverse=True)


def sweep(root: str) -> None:
    """Delete records beside which nothing lies, and whose job is over: a crash has left them. Raises ``OSError``."""
    for job in _jobs(root):
        is_open = os.path.lexists(os.path.join(journal_dir(root), f"{job}.json"))
        if not is_open and not os.path.lexists(folder_of(root, job) / TREE):
            what = _read(root, job)
            if what:
                drop(what)
            with suppress(OSError):  # another user's, in a shared folder
                tree.delete(str(folder_of(root, job)))


def is_over(what: Removed) -> bool:
    """Whether it is to be deleted for good by now."""
    return what.until <= time.time()


def hide(root: str) -> None:
    """Keep our folder in somebody's project out of their version control. Raises ``OSError``."""
    Path(root, HOME).mkdir(exist_ok=True)
    Path(root, HOME, IGNORED).write_text("*\n", encoding="utf-8")


def gone(job: str) -> NotFound:
    message = told("What the job {job} removed cannot be brought back: it is back already, or deleted.", job=job)
    return NotFound(message, told("The list of removed environments shows those that are kept."))


def _move(source: Path, target: Path) -> None:
    """Where there is something to be moved, and room for it."""
    if os.path.lexists(source) and not os.path.lexists(target):
        target.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another process has just done so
            os.rename(source, target)


def _jobs(root: str) -> list[str]:
    folder = folder_of(root, "")
    if folder.is_symlink() or folder.parent.is_symlink():  # nobody gets us to move or delete what it leads to
        return []
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _read(root: str, job: str) -> Removed | None:
    """One that this user has written, and whose places are those that it must have."""
    path = folder_of(root, job) / RECORD
    try:
        mine = not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
        found = read_json(path) if mine and not path.parent.is_symlink() else None
        what = Removed(**found) if found else None
        return what if what and _is_sound(what, root, job) else None
    except (OSError, TypeError, ValueError):
        return None


def _is_sound(what: Removed, root: str, job: str) -> bool:
    texts, times = (what.job, what.name, what.prefix), (what.removed, what.until)
    kinds = all(isinstance(each, str) for each in texts) and all(isinstance(each, (int, float)) for each in times)
    if not kinds or not isinstance(what.binding, dict) or what.job != job or "\0" in what.prefix:
        return False
    parent, name = os.path.split(what.prefix)
    return os.path.realpath(parent) == os.path.realpath(root) and name not in ("", ".", "..", HOME)


def _immovable(prefix: str) -> DiskError:
    message = told(
        "{prefix} cannot be moved away: it is a mount point, or lies on another disk than its folder.", prefix=prefix
    )
    return DiskError(message, told("Unmount it, or delete what is in it by hand."), code="cannot-move")
