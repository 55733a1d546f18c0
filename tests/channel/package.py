"""One conda package: its files, its metadata, and the ``.conda`` archive of both (CEP 34, 35)."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .file import PLACEHOLDER, File, Link, Record

_TIMESTAMP_MS = 1_700_000_000_000
_LEVEL = 3


@dataclass(frozen=True)
class Package:
    """``noarch`` is ``"python"``, ``"generic"`` or, for a package of the platform, None."""

    name: str
    version: str
    build: str
    files: tuple[File | Link, ...]
    noarch: str | None = "generic"
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    summary: str = ""

    @property
    def stem(self) -> str:
        return f"{self.name}-{self.version}-{self.build}"

    def write(self, channel: Path, platform: str) -> None:
        """Write the archive into the channel's folder for it."""
        from conda_package_streaming.create import conda_builder  # type: ignore[import-untyped]

        subdir = "noarch" if self.noarch else platform
        with conda_builder(self.stem, channel / subdir, compression_level=_LEVEL) as tar:
            records = [file.add_to(tar) for file in self.files]
            for path, content in self._info(subdir, records):
                _add(tar, path, content)

    def _info(self, subdir: str, records: list[Record]) -> Iterator[tuple[str, str]]:
        yield "info/index.json", _json(self._index(subdir))
        yield "info/about.json", _json({"summary": self.summary})
        yield "info/paths.json", _json({"paths": [record.as_json() for record in records], "paths_version": 1})
        yield "info/files", "".join(f"{record.path}\n" for record in records)
        prefixed = [record for record in records if record.prefix_mode]
        if prefixed:
            yield "info/has_prefix", "".join(f"{PLACEHOLDER} {r.prefix_mode} {r.path}\n" for r in prefixed)
        if self.noarch:
            yield "info/link.json", _json({"noarch": self._noarch(), "package_metadata_version": 1})

    def _noarch(self) -> dict[str, Any]:
        entry_points = {"entry_points": list(self.entry_points)} if self.entry_points else {}
        return {"type": self.noarch, **entry_points}

    def _index(self, subdir: str) -> dict[str, Any]:
        platform = None if self.noarch else subdir.partition("-")[0]
        index = {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": 0,
            "depends": sorted(self.depends),
            "constrains": sorted(self.constrains),
            "subdir": subdir,
            "noarch": self.noarch,
            "platform": platform,
            "timestamp": _TIMESTAMP_MS,
        }
        return {key: value for key, value in index.items() if value is not None}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def _add(tar: tarfile.TarFile, path: str, content: str) -> None:
    data = content.encode()
    member = tarfile.TarInfo(path)
    member.size, member.mtime, member.mode = len(data), _TIMESTAMP_MS // 1000, 0o644
    tar.addfile(member, io.BytesIO(data))
