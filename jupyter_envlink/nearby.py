"""The environment files that lie near a folder, each with the environment that belongs to it and what an update of that
would change: read from the disk, nothing is run or asked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from .belonging import Belonging
from .environment import Environment
from .errors import EnvlinkError
from .formats import Format, detect
from .fulfilment import missing_packages
from .planning import Plan, read_source
from .present import pip_changes, variable_changes
from .sentence import told
from .source import Source, read_file

if TYPE_CHECKING:
    from .preview import Preview

LEVELS = 16
"""Folders that are looked into: the one that is asked about, and those above it."""
ENTRIES = 5000
"""Names that are looked at in one folder."""
FILES = 50
LARGEST_READ = 1 << 20
"""Bytes of a list of wishes. What is larger is listed by its name alone."""

_NAMES = re.compile(
    r"(?:.*[-_.])?env(?:ironment)?s?(?:[-_.].*)?\.ya?ml|(?:.*[-_.])?conda-lock\.ya?ml|pixi\.lock|"
    r"(?:.*[-_.])?(?:requirements|explicit|conda-spec|spec-file)(?:[-_.].*)?\.(?:txt|in)|pyproject\.toml|pylock(?:\.[^.]+)?\.toml",
    re.IGNORECASE,
)
_LISTS_OF_WISHES = ("environment-yml", "requirements", "pyproject")
"""What is short, and may change after an environment was made of it; the others are locks, which tools write."""


_LOCK = told("A lock says exactly what is installed: another environment is made of it, none is updated.")
_UNREAD = told("It cannot be read, or is too large for a list of packages.")


@dataclass(frozen=True)
class NearbyFile:
    """``NearbyFile`` of ``openapi.yaml``. ``path`` counts from the root folder, or is whole where there is none."""

    path: str
    name: str
    format: Format
    errors: int = 0
    environment_id: str | None = None
    environment: str | None = None
    changes: int | None = None
    obstacle: str | None = None


def near(
    folder: str, root: str | None, belonging: Belonging, preview: Preview, is_listed: Callable[[str], bool]
) -> dict[str, Any]:
    """``Nearby`` of ``openapi.yaml``: the files in ``folder`` and above it up to ``root``, the nearest first.

    ``is_listed`` says of a name whether it may be shown.
    """
    base = root or ""
    found = (os.path.join(each, name) for each in above(folder, root) for name in names_in(each, is_listed))
    files = [_file(full, _shown(full, base), belonging, preview) for full in islice(found, FILES)]
    shown = [asdict(each) for each in files if each]
    return {"folder": _shown(folder, base), "files": shown, "is_whole": next(found, None) is None}


def above(folder: str, root: str | None) -> Iterator[str]:
    """``folder`` and those above it, up to ``root`` or that of the file system, ``LEVELS`` at most."""
    for _ in range(LEVELS):
        yield folder
        parent = os.path.dirname(folder)
        if folder in (root, parent):
            return
        folder = parent


def names_in(folder: str, is_listed: Callable[[str], bool]) -> list[str]:
    """The environment files of one folder, by their names; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                each.name
                for each in islice(entries, ENTRIES)
                if _NAMES.fullmatch(each.name) and is_listed(each.name) and _is_file(each)
            )
    except OSError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _shown(full: str, root: str) -> str:
    """As the contents API names it; a whole path where there is no root."""
    if not root:
        return full
    path = os.path.relpath(full, root).replace(os.sep, "/")
    return "" if path == "." else path


def _file(full: str, shown: str, belonging: Belonging, preview: Preview) -> NearbyFile | None:
    """``None`` for what turns out to ask for nothing, as a ``pyproject.toml`` that holds a tool's settings alone."""
    by_name = detect(b"", full)
    if by_name is None:
        return None
    bare = NearbyFile(shown, os.path.basename(full), by_name)
    if by_name not in _LISTS_OF_WISHES:
        return _owned(bare, belonging.of(full, by_name, None), _LOCK)
    source = _read(full, shown)
    if source is None:
        return _owned(bare, belonging.of(full, by_name, None), _UNREAD)
    contents = read_source(source)
    if contents.format == "pyproject" and not contents.file.entries:
        return None
    read = replace(bare, format=contents.format, errors=sum(d.severity == "error" for d in contents.file.diagnostics))
    owner = belonging.of(full, contents.format, contents.file.name)
    return _compared(_owned(read, owner), owner, source, preview)


def _read(full: str, shown: str) -> Source | None:
    try:
        if os.path.getsize(full) > LARGEST_READ:
            return None
        return Source(read_file(full, shown), shown, os.path.dirname(full))
    except (OSError, EnvlinkError):
        return None


def _owned(file: NearbyFile, owner: Environment | None, obstacle: str | None = None) -> NearbyFile:
    if owner is None:
        return file
    return replace(file, environment_id=owner.id, environment=owner.name, obstacle=obstacle)


def _compared(file: NearbyFile, owner: Environment | None, source: Source, preview: Preview) -> NearbyFile:
    if owner is None or file.errors:
        return file
    try:
        return replace(file, changes=count(preview.update(source, owner, prune=False).plan))
    except EnvlinkError as error:
        return replace(file, obstacle=error.message)


def count(plan: Plan) -> int:
    """How much of what the file asks for its target does not have, or has in another version."""
    prefix = plan.target.prefix if plan.target else ""
    conda = [] if plan.venv else missing_packages(prefix, plan.specs)
    pip = [each for each in pip_changes(prefix, plan.file.pip or ()) if each.change in ("install", "change")]
    return len(conda) + len(pip) + len(variable_changes(prefix, plan.file.variables or {}))
