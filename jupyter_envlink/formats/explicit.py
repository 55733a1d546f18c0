"""``@EXPLICIT`` lists (CEP 23): the address of each package, a line each, and nothing to solve."""

from __future__ import annotations

import re

from ..envfile.decoding import decoded
from ..envfile.findings import Findings
from ..sentence import any_of, shortened, told
from .artifacts import EXTENSIONS, address, check_platform, check_repeated, name_parts, subdir_of
from .contents import MAX_BYTES, Contents, Locked, LockedPackage, file_of
from .lines import Line, lines

_HASH = re.compile(r"(?P<md5>[0-9a-f]{32})|(?:sha256:)?(?P<sha256>[0-9a-f]{64})")


def read(content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
    """The list in ``content``; paths among its lines count from ``folder`` (CEP 23: from the working directory)."""
    found = []
    for line in lines(decoded(content, findings, MAX_BYTES) or ""):
        if line.text != "@EXPLICIT" and (package := _package(line, folder, findings)):
            findings.enter("conda", line.text, line.place)
            found.append((package, line.place))
    check_platform(found, findings)
    check_repeated(found, findings)
    _check_hashes([package for package, _ in found], findings)
    return Contents("explicit", file_of(path, findings), Locked(tuple(package for package, _ in found)))


def _package(line: Line, folder: str | None, findings: Findings) -> LockedPackage | None:
    written, mark, fragment = line.text.partition("#")
    written = written.rstrip().replace("\\", "/") if "://" not in written else written.rstrip()
    parts, sums = name_parts(written), _HASH.fullmatch(fragment)
    if parts is None:
        message = told("{text} is not the address of a conda package.", text=_brief(line.text))
        hint = told(
            "In an @EXPLICIT list each line ends in {extensions}, with # and a hash behind it or none.",
            extensions=any_of(EXTENSIONS),
        )
        findings.error("not-a-package", line.place, message, hint)
        return None
    if mark and sums is None:
        message = told("What follows # behind {parts} is no hash.", parts=parts[0])
        findings.error("bad-hash", line.place, message, told("An MD5 has 32 of 0-9 and a-f, a SHA-256 has 64."))
        return None
    url = address(written, folder)
    if url is None:
        message = told("{written} is a path, and where it begins is not known.", written=_brief(written))
        findings.error("not-a-package", line.place, message, told("Write a file:// address."))
        return None
    sha256, md5 = (sums["sha256"], sums["md5"]) if sums else (None, None)
    subdir = subdir_of(url) or findings.platform
    return LockedPackage(parts[0].lower(), parts[1], parts[2], subdir, url, sha256, md5)


def _check_hashes(packages: list[LockedPackage], findings: Findings) -> None:
    bare = [package.name for package in packages if not (package.sha256 or package.md5)]
    if bare:
        which = shortened(bare, 5)
        message = told(
            "Without a hash nobody can tell whether a package is the one that was meant: {which}.", which=which
        )
        findings.info("no-hash", None, message, told("`conda list --explicit --sha256` and our export write them."))


def _brief(text: str) -> str:
    shown = text if len(text) <= 80 else text[:79] + "…"
    return repr(shown)
