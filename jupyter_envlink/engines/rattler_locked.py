"""Packages that a file names exactly, as rattler's records, and that they are what the file says.

What rattler 0.28 does with hashes (measured): it checks a SHA-256 and an MD5 of what it downloads. It does not check a
``file://`` package at all, nor an MD5 of what its cache holds, and where a package has no SHA-256 it takes whatever
the cache holds under that name. So local files are checked here, and what has no SHA-256 gets the channel's.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import ChannelError, EnvlinkError
from ..formats.contents import LockedPackage
from ..redaction import redact
from ..sentence import told
from .base import Solution
from .rattler_errors import translate

if TYPE_CHECKING:
    from rattler import Gateway, RepoDataRecord

#: rattler's own words.
_MISMATCH = re.compile(r"hash mismatch when extracting (\S+) to \S+: expected ([0-9a-f]+), got ([0-9a-f]+)")
#: Bytes that are read at once.
_BLOCK = 1 << 20


def record_of(package: LockedPackage) -> RepoDataRecord:
    """What rattler installs from. What the package itself says is missing where the file did not say it."""
    from rattler import BuildString, NoArchType, PackageRecord, RepoDataRecord

    record = PackageRecord(
        package.name,
        package.version,
        BuildString(package.build),
        package.build_number,
        package.subdir,
        noarch=NoArchType(package.noarch) if package.noarch else None,
        depends=list(package.depends),
        constrains=list(package.constrains),
        sha256=bytes.fromhex(package.sha256) if package.sha256 else None,
        md5=bytes.fromhex(package.md5) if package.md5 else None,
        size=package.size,
        license=package.license,
    )
    return RepoDataRecord(record, package.file_name, package.url, package.channel)


async def identified(packages: Sequence[LockedPackage], gateway: Gateway) -> list[LockedPackage]:
    """``packages``, each with its SHA-256 where its file is at hand or its channel knows it.

    Raises ``ChannelError`` (``hash-mismatch``) where one is not the package that the list means.
    """
    here = [_hashed(package) for package in packages]
    asked = [package for package in here if package.sha256 is None]
    known = {package.url: package for package in await _known(asked, gateway)}
    return [known.get(package.url, package) for package in here]


def _hashed(package: LockedPackage) -> LockedPackage:
    """The package with the hash of its file, where that lies on this machine and is the right one."""
    if not package.url.startswith("file:"):
        return package
    from urllib.request import url2pathname  # brings the whole of HTTP

    path = Path(url2pathname(urlsplit(package.url).path))
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    try:
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK):
                sha256.update(block)
                md5.update(block)
    except OSError as error:
        message = told("The package {path} cannot be read: {reason}.", path=path, reason=error.strerror or error)
        raise ChannelError(message, told("Put the file there, or mend its path."), code="package-missing") from None
    _refuse_other(package, sha256.hexdigest(), md5.hexdigest())
    return replace(package, sha256=sha256.hexdigest(), size=path.stat().st_size)


def _refuse_other(package: LockedPackage, sha256: str | None, md5: str | None) -> None:
    for wanted, found in ((package.sha256, sha256), (package.md5, md5)):
        if wanted and found and wanted != found:
            raise mismatch(package.url, told("it has {found}, and {wanted} is asked for", found=found, wanted=wanted))


def mismatch(url: str, why: str) -> ChannelError:
    """The error for a package that is not the one which was meant."""
    message = told("{url} is not the package that the file means: {why}.", url=redact(url), why=why)
    remedy = told("Somebody has replaced it, or the file is wrong. Lock it again if you trust what is there now.")
    return ChannelError(message, remedy, code="hash-mismatch")


async def _known(packages: Sequence[LockedPackage], gateway: Gateway) -> list[LockedPackage]:
    """Those of ``packages`` that their channels list, as they list them."""
    found = []
    for channel in dict.fromkeys(package.channel for package in packages):
        of_channel = {package.file_name: package for package in packages if package.channel == channel}
        async for record in _listed(channel, of_channel.values(), gateway):
            package = of_channel.get(record.file_name)
            if package is not None and package.subdir == record.subdir and record.sha256:
                found.append(_as_listed(package, record))
    return found


async def _listed(channel: str, packages: Iterable[LockedPackage], gateway: Gateway) -> AsyncIterator[RepoDataRecord]:
    """The channel's records of the names of ``packages``; none where it does not answer: its packages may, later."""
    from rattler import Channel, Subdir

    subdirs, names = {each.subdir for each in packages}, {each.name for each in packages}
    try:
        answer = await gateway.query(
            [Channel(channel)], [Subdir(each) for each in sorted(subdirs)], sorted(names), recursive=False
        )
    except Exception as error:  # whatever rattler raises; what is no fault of the channel is raised again
        if not isinstance(translated := translate(error, [channel]), EnvlinkError):
            raise translated from None
        return
    for records in answer:
        for record in records:
            yield record


def _as_listed(package: LockedPackage, record: RepoDataRecord) -> LockedPackage:
    md5 = record.md5.hex() if record.md5 else None
    _refuse_other(package, None, md5)
    if package.md5 and md5 is None:  # nobody says that it is the same
        return package
    return replace(
        package,
        sha256=record.sha256.hex() if record.sha256 else None,
        size=record.size,
        build_number=record.build_number,
        depends=tuple(record.depends),
        constrains=tuple(record.constrains),
    )


@contextmanager
def own_cache(solution: Solution, target: str, shared: Path | None) -> Iterator[Path | None]:
    """The folder of extracted packages to install from: one of its own, beside ``target``, for an exact solution with
    a package that has no SHA-256. The shared one might hold another under its name, or be left with this one."""
    if not solution.exact or all(record.sha256 for record in solution.records):
        yield shared
        return
    with tempfile.TemporaryDirectory(prefix="packages-", dir=os.path.dirname(target)) as folder:
        yield Path(folder)


def damage(error: Exception, solution: Solution) -> Exception:
    """``error``, or, where a named package arrived as another one, the error that says so."""
    if solution.exact and isinstance(error, ChannelError) and "hash mismatch" in str(error.details.get("cause")):
        found = _MISMATCH.search(str(error.details["cause"]))
        return (
            mismatch(found[1], told("it has {found}, and {wanted} is asked for", found=found[3], wanted=found[2]))
            if found
            else error
        )
    return error


def complete_records(prefix: str) -> None:
    """Write into the records of ``conda-meta`` what only the packages themselves say, as conda does."""
    for path in Path(prefix, "conda-meta").glob("*.json"):
        record = json.loads(path.read_bytes())
        index = _index(record.get("extracted_package_dir"))
        missing = {key: value for key, value in index.items() if value and not record.get(key)}
        if missing:
            path.write_text(json.dumps({**record, **missing}, indent=2), encoding="utf-8")


def _index(folder: Any) -> dict[str, Any]:
    try:
        found = json.loads(Path(os.fspath(folder), "info", "index.json").read_bytes())
    except (OSError, ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
