"""What a package puts below a prefix: files and links, and their records in ``info/paths.json``."""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACEHOLDER = ("/opt/envlink" + "_placehold" * 25)[:255]
"""Stands for the prefix in a package; 255 characters, as conda-build writes it."""

TIME = 1_700_000_000


@dataclass(frozen=True)
class Record:
    path: str
    sha256: str
    size: int
    path_type: str
    prefix_mode: str | None = None

    def as_json(self) -> dict[str, Any]:
        prefix = {"prefix_placeholder": PLACEHOLDER, "file_mode": self.prefix_mode} if self.prefix_mode else {}
        return {
            "_path": self.path,
            "path_type": self.path_type,
            "sha256": self.sha256,
            "size_in_bytes": self.size,
            **prefix,
        }


@dataclass(frozen=True)
class File:
    """``prefix_mode``: ``"text"`` or ``"binary"`` where the content holds PLACEHOLDER."""

    path: str
    content: bytes | Path
    mode: int = 0o644
    time: int = TIME
    """Seconds since the epoch. A ``.pyc`` is only good beside a source of the time that it records."""
    prefix_mode: str | None = None

    @property
    def data(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def add_to(self, tar: tarfile.TarFile) -> Record:
        data = self.data
        member = tarfile.TarInfo(self.path)
        member.size, member.mtime, member.mode = len(data), self.time, self.mode
        tar.addfile(member, io.BytesIO(data))
        return Record(self.path, hashlib.sha256(data).hexdigest(), len(data), "hardlink", self.prefix_mode)


@dataclass(frozen=True)
class Link:
    """A symbolic link; ``target`` is relative to it."""

    path: str
    target: str

    def add_to(self, tar: tarfile.TarFile) -> Record:
        member = tarfile.TarInfo(self.path)
        member.type, member.linkname, member.mtime = tarfile.SYMTYPE, self.target, TIME
        tar.addfile(member)
        return Record(self.path, hashlib.sha256(b"").hexdigest(), 0, "softlink")
