"""The members of an archive one after the other, tar with any compression and zip alike. Nothing is written."""

from __future__ import annotations

import lzma
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from ..errors import InvalidFile
from ..sentence import told

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdError, ZstdFile
else:
    from backports.zstd import ZstdError, ZstdFile

#: What the libraries raise for a file that is no archive, a damaged one, or one with a password.
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, ZstdError, EOFError, RuntimeError)
_ZSTD = b"\x28\xb5\x2f\xfd"

Kind = Literal["file", "folder", "symlink", "hardlink", "other"]


@dataclass(frozen=True)
class Member:
    """One member. ``target`` is what a link leads to; ``open`` gives the bytes of a file, once, in its turn."""

    name: str
    kind: Kind
    target: str
    mode: int
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Turn:
    """A member whose turn it is, and the share of the archive that has been read, from 0 to 1."""

    member: Member
    share: float


def turns(path: Path) -> Iterator[Turn]:
    """Every member of the archive at ``path``; to be asked for, and read, within ``damage_told``."""
    return _zip_turns(path) if zipfile.is_zipfile(path) else _tar_turns(path)


@contextmanager
def damage_told() -> Iterator[None]:
    """Raises ``InvalidFile`` (``bad-archive``) for what the libraries raise for a file that is no whole archive."""
    try:
        yield
    except _DAMAGED as error:
        raise bad_archive(told("it cannot be read: {error}", error=error)) from None


def bad_archive(why: str) -> InvalidFile:
    message = told("The archive is no environment that conda-pack has packed: {why}.", why=why)
    return InvalidFile(
        message, told("Pack the environment again, and see that the file arrives whole."), code="bad-archive"
    )


def _tar_turns(path: Path) -> Iterator[Turn]:
    size = path.stat().st_size or 1
    with open(path, "rb") as raw, _plain(raw) as stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
        for info in tar:
            yield Turn(_tar_member(tar, info), min(1.0, raw.tell() / size))


@contextmanager
def _plain(raw: IO[bytes]) -> Iterator[Any]:
    """The stream for tarfile, which knows every compression but zstd's before Python 3.14."""
    begin = raw.read(len(_ZSTD))
    raw.seek(0)
    opened: AbstractContextManager[Any] = ZstdFile(raw) if begin == _ZSTD else nullcontext(raw)
    with opened as stream:
        yield stream


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    def opened() -> IO[bytes]:
        stream = tar.extractfile(info)
        assert stream is not None
        return stream

    kinds: tuple[tuple[bool, Kind], ...] = (
        (info.isreg(), "file"), (info.isdir(), "folder"), (info.issym(), "symlink"), (info.islnk(), "hardlink")
    )  # fmt: skip
    kind: Kind = next((kind for holds, kind in kinds if holds), "other")
    return Member(info.name, kind, info.linkname, info.mode, info.size, opened)


def _zip_turns(path: Path) -> Iterator[Turn]:
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        for number, info in enumerate(infos, 1):
            yield Turn(_zip_member(archive, info), number / len(infos))


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    kind: Kind = "folder" if info.is_dir() else "symlink" if stat.S_ISLNK(mode) else "file"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
        kind = "other"
    target = archive.read(info).decode("utf-8", "surrogateescape") if kind == "symlink" else ""
    return Member(info.filename, kind, target, stat.S_IMODE(mode) or 0o644, info.file_size, lambda: archive.open(info))
