"""An environment that conda-pack has packed: its packages are those that its records in ``conda-meta`` name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..errors import InvalidFile
from ..sentence import told
from .archive import Member, bad_archive, damage_told, turns
from .contents import Archive, Contents, file_of
from .detection import ARCHIVES, file_name

_RECORD = re.compile(r"(?:\./)?conda-meta/([^/]+)-([^-/]+)-([^-/]+)\.json")
_SUBDIR = re.compile(rb'"subdir"\s*:\s*"([^"]+)"')
_SCRIPTS = ("bin/conda-unpack", "Scripts/conda-unpack-script.py")
#: No record has more bytes.
_RECORD_BYTES = 64 << 20


@dataclass(frozen=True)
class Packed:
    """A package in an archive, by its record."""

    name: str
    version: str
    build: str
    subdir: str | None


@dataclass(frozen=True)
class Inside:
    packages: tuple[Packed, ...]
    """By name."""
    bytes: int
    """Of all files, once they are unpacked."""


def read(full: str, path: str | None, findings: Findings) -> Contents:
    """What can be said without unpacking it: that it is an archive. ``full`` is where it lies."""
    try:
        with damage_told():
            next(turns(Path(full)), None)
    except (InvalidFile, OSError) as error:
        findings.error("bad-archive", Place(1, 1, 1, 1), str(error), told("Pack the environment again."))
    return Contents("conda-pack", file_of(path, findings), archive=Archive(full))


def inside(full: str, platform: str) -> Inside:
    """What is in the archive, which is read to its end: that may take seconds.

    Raises ``InvalidFile`` where it is no packed environment, or one for another platform.
    """
    found, is_movable, size = [], False, 0
    try:
        with damage_told():
            for turn in turns(Path(full)):
                is_movable = is_movable or turn.member.name.removeprefix("./") in _SCRIPTS
                size += turn.member.size
                if packed := _packed(turn.member):
                    found.append(packed)
    except OSError as error:
        raise bad_archive(told("it cannot be read: {reason}", reason=error.strerror or error)) from None
    refuse_others(found, is_movable, platform)
    return Inside(tuple(sorted(found, key=lambda each: each.name)), size)


def _packed(member: Member) -> Packed | None:
    parts = _RECORD.fullmatch(member.name)
    if parts is None or member.kind != "file":
        return None
    return _of_record(parts, member.open().read(_RECORD_BYTES))


def _of_record(parts: re.Match[str], content: bytes) -> Packed:
    subdir = _SUBDIR.search(content)
    return Packed(parts[1], parts[2], parts[3], subdir[1].decode("ascii", "replace") if subdir else None)


def installed(folder: Path) -> list[Packed]:
    """The packages of an environment that has been unpacked into ``folder``."""
    paths = [(path, _RECORD.fullmatch(f"conda-meta/{path.name}")) for path in Path(folder, "conda-meta").glob("*.json")]
    return [_of_record(parts, path.read_bytes()) for path, parts in paths if parts]


def refuse_others(found: Iterable[Packed], is_movable: bool, platform: str) -> None:
    """Raises ``InvalidFile`` for what is no environment, was packed for one place, or for another platform."""
    subdirs = {each.subdir for each in found}
    if not subdirs:
        raise bad_archive(told("it has no conda-meta with the records of packages"))
    if not is_movable:
        raise bad_archive(told("it has no conda-unpack, so it is for one place only, or packed by something else"))
    others = sorted(each for each in subdirs if each and each not in ("noarch", platform))
    if others:
        message = told(
            "The environment in the archive is for {others}, and this machine is {platform}.",
            others=", ".join(others),
            platform=platform,
        )
        raise InvalidFile(
            message, told("Create it from an environment.yml, or from a lock file."), code="locked-elsewhere"
        )


def name_of(path: str | None) -> str:
    """What an archive is called without what says that it is one: ``finance`` of ``finance-linux-64.tar.gz``."""
    name = file_name(path)
    stem = next((name.removesuffix(end) for end in ARCHIVES if name.lower().endswith(end)), name)
    return re.sub(r"-(?:linux|osx|win)-[a-z0-9]+$", "", stem)
