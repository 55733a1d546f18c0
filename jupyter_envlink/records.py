"""The records of an environment's packages, read one by one: what cannot be read is told, and hides no others."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from packaging.utils import canonicalize_name

from .distributions import Distribution, Distributions, distributions, site_packages

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_METADATA = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class Record:
    """One package of conda: ``said`` is its record, empty where that cannot be read."""

    path: str
    name: str
    version: str
    build: str
    said: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def files(self) -> Iterator[tuple[str, int | None]]:
        """Each path below the prefix, with its bytes where the record says them."""
        data = self.said.get("paths_data")
        listed = data.get("paths") if isinstance(data, dict) else None
        if isinstance(listed, list):
            for each in listed:
                if isinstance(each, dict) and isinstance(each.get("_path"), str):
                    size = each.get("size_in_bytes")
                    yield each["_path"], size if isinstance(size, int) else None
        else:
            yield from ((each, None) for each in self.texts("files"))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.said.get(key)
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

    def text(self, key: str) -> str | None:
        value = self.said.get(key)
        return value if isinstance(value, str) and value else None

    def number(self, key: str) -> int | None:
        value = self.said.get(key)
        return value if isinstance(value, int) else None


def conda_records(prefix: str) -> Iterator[Record]:
    """By the names of their files; none where there is no ``conda-meta``. Raises ``OSError`` where that may not be
    listed."""
    folder = os.path.join(prefix, "conda-meta")
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        yield _record(os.path.join(folder, name))


def _record(path: str) -> Record:
    """Where it cannot be read, name, version and build are what conda calls the file by."""
    parts = dict(zip(("name", "version", "build"), Path(path).stem.rsplit("-", 2), strict=False))
    try:
        said = json.loads(Path(path).read_bytes())
    except (OSError, ValueError):
        said = None
    found = said if isinstance(said, dict) else {}
    name, version, build = (str(found.get(key) or parts.get(key) or "") for key in ("name", "version", "build"))
    return Record(path, name, version, build, found)


def python_metadata(record: Record) -> dict[str, str]:
    """The metadata of Python distributions that the package has brought: the normalised name of each by its path below
    the prefix."""
    found: dict[str, str] = {}
    for file, _ in record.files:
        head, _, last = file.rpartition("/")
        inside = head if head.endswith(_METADATA) else file
        if inside.endswith(_METADATA) and (inside is file or last in ("METADATA", "PKG-INFO", "RECORD")):
            found[inside] = canonicalize_name(inside.rpartition("/")[2].split("-", 1)[0])
    return found


def of_installers(prefix: str, of_conda: frozenset[str]) -> Distributions:
    """What Python's installers have brought; ``of_conda`` are paths of metadata of conda's packages. What cannot be
    read is among ``unreadable``."""
    found: list[Distribution] = []
    unreadable: list[str] = []
    for folder in site_packages(prefix):
        try:
            inside = distributions([folder], of_conda)
        except OSError as error:
            unreadable.append(str(error.filename or folder))
        else:
            found += inside.found
            unreadable += inside.unreadable
    return Distributions(tuple(found), tuple(unreadable))


def installed_files(prefix: str, one: Distribution) -> Iterator[tuple[str, int | None]]:
    """Each path below the prefix that its ``RECORD`` names, with its bytes; none where there is no such list."""
    parent = os.path.dirname(one.metadata)
    try:
        with open(os.path.join(one.metadata, "RECORD"), encoding="utf-8", errors="replace", newline="") as stream:
            for row in csv.reader(stream):
                path = os.path.normpath(os.path.join(parent, row[0])) if row else ""
                if path.startswith(prefix + os.sep):
                    size = row[2] if len(row) > 2 else ""
                    yield path[len(prefix) + 1 :].replace(os.sep, "/"), int(size) if size.isdecimal() else None
    except (OSError, csv.Error):
        return
