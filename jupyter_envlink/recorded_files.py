"""Which files of an environment its conda packages have brought, and what they are: from ``conda-meta`` alone."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .files import read_json


class RecordedFile(NamedTuple):
    """One of ``paths_data.paths`` of a package's record (conda's ``PrefixPathV1``)."""

    said: Mapping[str, Any]
    """As it stands there."""
    record: str
    """The name of the record."""
    written: int
    """When the record was: nanoseconds."""

    @property
    def mode(self) -> str | None:
        """``text`` or ``binary`` where it holds the prefix."""
        return self.said.get("file_mode")

    @property
    def placeholder(self) -> int:
        """The length of the prefix in the package's own file: bytes."""
        return len(str(self.said.get("prefix_placeholder") or "").encode())

    def is_plain(self, found: os.stat_result) -> bool:
        """Whether the file, which is now as ``found``, is the package's own: linked from it as it is.

        Such a file holds no prefix, was not made while installing, and nobody has changed it since, as far as size
        and time tell.
        """
        said = self.said
        if said.get("path_type") != "hardlink" or said.get("prefix_placeholder") or said.get("no_link"):
            return False
        return bool(found.st_size == said.get("size_in_bytes") and found.st_mtime_ns <= self.written)


def recorded_files(prefix: str) -> Mapping[str, RecordedFile]:
    """By path below ``prefix``. A record that cannot be read has none; raises ``OSError`` where the disk fails."""
    found = {}
    for path in Path(prefix, "conda-meta").glob("*.json"):
        written = path.stat().st_mtime_ns
        for said in _said(path):
            found[said["_path"].replace("/", os.sep)] = RecordedFile(said, path.name, written)
    return found


def record_hashes(prefix: str) -> None:
    """Write into the packages' records what those of their files are by now that hold the prefix.

    As conda and rattler do it themselves when they install: ``sha256_in_prefix``, by which ``conda doctor`` finds
    files that have changed. Raises ``OSError``.
    """
    for path in Path(prefix, "conda-meta").glob("*.json"):
        if any(each.get("prefix_placeholder") for each in _said(path)):
            record = read_json(path) or {}
            for each in record["paths_data"]["paths"]:
                if isinstance(each, dict) and each.get("prefix_placeholder"):
                    _record_hash(prefix, each)
            path.write_text(json.dumps(record, indent=2), encoding="utf-8")


def _record_hash(prefix: str, said: dict[str, Any]) -> None:
    """A record may name anything; what is no file of the environment's own stays as it is."""
    inside = said.get("_path")
    path = os.path.realpath(os.path.join(prefix, inside)) if isinstance(inside, str) and "\0" not in inside else ""
    if path.startswith(os.path.realpath(prefix) + os.sep) and os.path.isfile(path):
        said["sha256_in_prefix"] = hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _said(path: Path) -> list[dict[str, Any]]:
    data = (read_json(path) or {}).get("paths_data")
    listed = data.get("paths") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return []
    return [each for each in listed if isinstance(each, dict) and isinstance(each.get("_path"), str)]
