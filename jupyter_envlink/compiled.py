"""Byte code of packages, kept from one environment to the next.

What packages of one archive compile to is the same in every environment with the same Python: it is hard-linked from
here, as their files are from the package cache. Whether it fits its source Python itself sees, by the time and size of
the source, which each ``.pyc`` holds (PEP 552), and compiles again what does not.

``FOLDER/PYTHON/PACKAGE/PART/PATH``: by the Python's and the package's name, version, build and SHA-256, which ``part``
of its code it is, and where in an environment the file lies. ``FOLDER/worked/`` knows which packages have been found
to work together. Readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What no environment has asked for this long goes: seconds.
KEPT_FOR = 90 * 86400
_DIGEST = re.compile(rb'^  "sha256": "([0-9a-f]{16})', re.MULTILINE)
"""The package's own in its record, where those of its files are deeper in."""
_BEGINNING = 4096
"""Bytes of a record, which may have megabytes, among which rattler writes it; conda does at the end."""


@dataclass(frozen=True)
class CompiledCode:
    """The byte code that lies in ``folder``, which may not exist. Methods may raise ``OSError``."""

    folder: Path

    def lend(self, prefix: str, part: str) -> bool:
        """Put ``part`` of the packages' code where it is missing in an environment; whether it is all known."""
        places = self._places(prefix).values()
        known = bool(places)
        for place in places:
            source = place / part if place else None
            if source is None or not source.is_dir():
                known = False
            else:
                _link_tree(str(source), prefix)
                os.utime(source.parent)
        return known

    def keep(self, prefix: str, part: str) -> None:
        """Take over what the environment has of the packages whose ``part`` is not known. Whose file is not ours,
        and what holds the prefix, is passed over."""
        for record, place in self._places(prefix).items():
            if place is not None and not (place / part).exists():
                self._put(prefix, Path(prefix, "conda-meta", f"{record}.json"), place, part)

    def has_worked(self, prefix: str) -> bool:
        """Whether an environment of exactly these packages has been found to work; never where pip has installed more,
        of which nobody knows what it is."""
        place = self._proof(prefix)
        if place is None or not place.is_dir():
            return False
        os.utime(place)
        return True

    def note_working(self, prefix: str) -> None:
        """The environment works: so will all others of exactly these packages."""
        place = self._proof(prefix)
        if place is not None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.mkdir(parents=True, exist_ok=True)

    def sweep(self) -> None:
        """Delete what nobody has asked for in a long time."""
        oldest = time.time() - KEPT_FOR
        for package in self.folder.glob("*/*"):
            if package.stat().st_mtime < oldest:
                shutil.rmtree(package)

    def _places(self, prefix: str) -> Mapping[str, Path | None]:
        """For each package's record where its code is kept; ``None`` where it cannot be told from others."""
        names = dict(_names(prefix))
        python = next((name for record, name in names.items() if record.rsplit("-", 2)[0] == "python"), None)
        kept_apart = python is not None and "pypy" not in python
        return {
            record: self.folder / str(python) / name if kept_apart and name else None for record, name in names.items()
        }

    def _proof(self, prefix: str) -> Path | None:
        places = self._places(prefix).values()
        if not places or None in places or not _is_condas(prefix):
            return None
        names = "\n".join(sorted(map(str, places)))
        return self.folder / "worked" / hashlib.sha256(names.encode()).hexdigest()

    def _put(self, prefix: str, record: Path, place: Path, part: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.mkdir(parents=True, exist_ok=True)
        made = tempfile.mkdtemp(prefix=".", dir=place)
        try:
            for path in byte_code(prefix, json.loads(record.read_bytes())):
                if _is_own(os.path.join(prefix, path)):
                    target = os.path.join(made, path)
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    _link(os.path.join(prefix, path), target)
            with suppress(OSError):  # another process was quicker
                os.rename(made, place / part)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _names(prefix: str) -> Iterator[tuple[str, str | None]]:
    """Each record's name, and that of the package's folder; the latter is ``None`` where its hash is not known."""
    for path in Path(prefix, "conda-meta").glob("*-*-*.json"):
        with open(path, "rb") as stream:
            digest = _digest(stream.read(_BEGINNING)) or _digest(stream.read())
        yield path.stem, f"{path.stem}-{digest}" if digest else None


def _digest(data: bytes) -> str | None:
    found = _DIGEST.search(data)
    return found[1].decode("ascii") if found else None


def byte_code(prefix: str, record: Mapping[str, Any]) -> Iterator[str]:
    """What the modules of a package were compiled to, as paths in the environment; not what the package brings itself,
    and not what holds the prefix."""
    listed = {each["_path"]: each for each in record.get("paths_data", {}).get("paths", ())}
    folders = {os.path.dirname(path) for path, each in listed.items() if path.endswith(".py")}
    for folder in folders:
        cache = f"{folder}/__pycache__" if folder else "__pycache__"
        for name in _listed(os.path.join(prefix, cache)):
            path, source = f"{cache}/{name}", listed.get(f"{folder}/{name.split('.')[0]}.py")
            if name.endswith(".pyc") and source and not source.get("prefix_placeholder") and path not in listed:
                yield path


def _is_condas(prefix: str) -> bool:
    """Whether each Python distribution has come with a conda package, as its ``INSTALLER`` (PEP 376) says."""
    for folder in (*Path(prefix).glob("lib/python*/site-packages"), *Path(prefix).glob("Lib/site-packages")):
        for name in os.listdir(folder):
            if name.endswith((".egg-info", ".egg-link")):
                return False
            if name.endswith(".dist-info") and _text(folder / name / "INSTALLER").strip() != "conda":
                return False
    return True


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _is_own(path: str) -> bool:
    """Whether nobody else has written it, who shares the environment with us."""
    return not hasattr(os, "getuid") or os.lstat(path).st_uid == os.getuid()


def _link_tree(source: str, target: str) -> None:
    with os.scandir(source) as items:
        for item in items:
            place = os.path.join(target, item.name)
            if item.is_dir(follow_symlinks=False):
                with suppress(FileExistsError):
                    os.mkdir(place)
                _link_tree(item.path, place)
            else:
                _link(item.path, place)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)
