"""Conda packages by their addresses: ``CHANNEL/SUBDIR/NAME-VERSION-BUILD.conda``, and what tells whose they are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from ..envfile.diagnostics import Place
from ..envfile.findings import Findings
from ..sentence import told
from .contents import LockedPackage

EXTENSIONS = (".conda", ".tar.bz2")
_SUBDIR = re.compile(r"noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def name_parts(url: str) -> tuple[str, str, str] | None:
    """Name, version and build of the package at ``url``; ``None`` where its file is not called as packages are."""
    file_name = url.rpartition("/")[2]
    stem = next((file_name.removesuffix(end) for end in EXTENSIONS if file_name.endswith(end)), None)
    parts = stem.rsplit("-", 2) if stem else []
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(parts) else None


def subdir_of(url: str) -> str | None:
    """The platform's folder that the package lies in: ``linux-64``, ``noarch``; ``None`` where it is another one."""
    folder = url.rpartition("/")[0].rpartition("/")[2]
    return folder if _SUBDIR.fullmatch(folder) else None


def address(text: str, folder: str | None) -> str | None:
    """``text``, an address or a path, as an address. ``None`` for a relative path where ``folder`` is not known."""
    expanded = os.path.expandvars(os.path.expanduser(text))
    if _SCHEME.match(expanded):
        return expanded
    if folder is None and not os.path.isabs(expanded):
        return None
    return Path(os.path.abspath(os.path.join(folder or "", expanded))).as_uri()


def check_platform(packages: Iterable[tuple[LockedPackage, Place | None]], findings: Findings) -> None:
    """An error where the packages are for other platforms; it names those that they are for."""
    platform = findings.platform
    foreign = [(each, place) for each, place in packages if each.subdir not in ("noarch", platform)]
    if foreign:
        names = ", ".join(sorted({each.subdir for each, _ in foreign}))
        message = told(
            "{file_name} is a package for {subdir}; this machine is {platform}.",
            file_name=foreign[0][0].file_name,
            subdir=foreign[0][0].subdir,
            platform=platform,
        )
        hint = told(
            "The file is for {names}: make one for {platform}, or start from the file it was made of.",
            names=names,
            platform=platform,
        )
        findings.error("locked-elsewhere", foreign[0][1], message, hint)


def check_repeated(packages: Iterable[tuple[LockedPackage, Place | None]], findings: Findings) -> None:
    """An error for the second package of one name: an environment holds one of each."""
    first: dict[str, LockedPackage] = {}
    for package, place in packages:
        before = first.setdefault(package.name, package)
        if before is not package:
            message = told(
                "{name} is locked twice: {file_name} and {file_name2}.",
                name=package.name,
                file_name=before.file_name,
                file_name2=package.file_name,
            )
            findings.error("locked-twice", place, message, told("Remove one of the two."))
