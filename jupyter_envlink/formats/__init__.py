"""Every format that an environment can be made from, and what a file in it holds. Nothing here asks the network."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from .. import envfile
from ..envfile import platforms
from ..envfile.diagnostics import Place
from ..envfile.findings import MAX_ENTRIES, Findings, TooManyEntries
from ..sentence import told
from .codes import CODES
from .contents import FORMATS, Archive, Contents, Format, Locked, LockedPackage, Venv, file_of
from .detection import detect, file_name, what_else

__all__ = [
    "CODES",
    "FORMATS",
    "Archive",
    "Contents",
    "Format",
    "Locked",
    "LockedPackage",
    "Venv",
    "default_name",
    "detect",
    "read",
    "read_archive",
]

#: Imported when one is met: most files are environment.yml.
_READERS: Mapping[Format, str] = MappingProxyType(
    {
        "explicit": "explicit",
        "conda-lock": "conda_lock",
        "pixi-lock": "pixi_lock",
        "requirements": "requirements",
        "pyproject": "pyproject",
        "pylock": "pylock",
    }
)
_GENERIC = re.compile(
    r"(?:.*[-_.])?(?:requirements|explicit|spec|conda-lock|pixi|pylock|pyproject|lock)(?:[-_.].*)?", re.IGNORECASE
)


class Reader(Protocol):
    def __call__(self, content: bytes, path: str | None, folder: str | None, findings: Findings) -> Contents:
        """What ``content`` (UTF-8, if it is text) holds; what is wrong with it goes into ``findings``."""
        ...


def read(content: bytes | str, path: str | None, folder: str | None = None, platform: str | None = None) -> Contents:
    """What ``content`` holds. Never raises for that: it is said in its diagnostics.

    ``path`` is kept as it is and not opened; ``folder`` is where relative paths count from. ``platform`` is this
    machine's where it is ``None``.
    """
    plain = _as_utf8(content)
    found = detect(plain, path)
    if found == "environment-yml":
        return Contents(found, envfile.read(content, path=path, platform=platform))
    findings = Findings(platform or platforms.current())
    if found is None:
        return _unknown(plain, path, findings)
    reader: Reader = import_module(f".{_READERS[found]}", __name__).read
    try:
        return reader(plain, path, folder, findings)
    except TooManyEntries:
        del findings.diagnostics[MAX_ENTRIES - 1 :]
        message = told("The file lists more than {max_entries} things.", max_entries=MAX_ENTRIES)
        findings.error("too-many-entries", None, message, told("Is it the right file?"))
        return Contents(found, file_of(path, findings))


def read_archive(full: str, path: str | None, platform: str | None = None) -> Contents:
    """What can be said of the archive at ``full`` without unpacking it; ``path`` is what it is named by."""
    from . import conda_pack

    return conda_pack.read(full, path, Findings(platform or platforms.current()))


def default_name(contents: Contents) -> str:
    """A valid name for an environment made of a file that has none: its folder's where the file's own says nothing."""
    path = contents.file.path or ""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    if contents.format == "conda-pack":
        from .conda_pack import name_of

        return envfile.propose(name_of(path))
    if contents.format != "environment-yml" and folder and _GENERIC.fullmatch(name):
        return envfile.default_name(contents.file, f"{folder}/environment.yml")
    return envfile.default_name(contents.file, path)


def _as_utf8(content: bytes | str) -> bytes:
    """PowerShell's ``>`` writes UTF-16; what no format takes stays as it is, and its reader says so."""
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return content.decode("utf-16").encode("utf-8")
    return content


def _unknown(content: bytes, path: str | None, findings: Findings) -> Contents:
    what, hint = what_else(content, path) or (told("unknown"), "")
    message = told("{path} is {what}: no environment can be made from it.", path=file_name(path), what=what)
    findings.error("unknown-format", Place(1, 1, 1, 1), message, hint)
    return Contents("environment-yml", file_of(path, findings))
