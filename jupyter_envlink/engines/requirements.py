"""Lines of a requirements file, those of the lists that they name among them: what they name, and who can install them.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ..envfile.pip import requirement_name
from ..formats.lines import logical_lines

_LISTS = ("-r", "--requirement", "--requirements")
_OTHER_LISTS = ("-c", "--constraint", "--constraints")
_EDITABLE = ("-e", "--editable")
_UVS = frozenset(
    {
        *(*_LISTS, *_OTHER_LISTS, *_EDITABLE),
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-index"),
        *("--no-binary", "--only-binary", "--require-hashes"),
    }
)
"""The options that uv takes from a list as pip does. It passes over some others with a warning and refuses the rest."""
_OPTION = re.compile(r"(--[\w-]+|-[A-Za-z])[\s=]*(.*)", re.DOTALL)
_FURTHER = re.compile(r"\s(--?[A-Za-z][\w-]*)")
_FOREIGN = re.compile(r"(?:^|[@\s])(svn|hg|bzr)\+")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_ADDRESS = re.compile(r"(?:[a-z+]+://|file:|[./~]|[A-Za-z]:[\\/])")


class Line(NamedTuple):
    """A line as it was joined, and the folder that its paths count from."""

    text: str
    folder: str

    @property
    def option(self) -> tuple[str, str]:
        """An option and its value; two empty texts where the line is a requirement."""
        found = _OPTION.match(self.text)
        return (found[1], found[2].strip()) if found else ("", "")

    @property
    def name(self) -> str:
        """The project that the line names, normalised (PEP 503); empty where it names none."""
        option, value = self.option
        if option and option not in _EDITABLE:
            return ""
        text = value or self.text
        egg = _EGG.search(text)
        return canonicalize_name(egg[1]) if egg else "" if _ADDRESS.match(text) else requirement_name(text)

    @property
    def requirement(self) -> Requirement | None:
        """The line without its options, where it is a requirement (PEP 508)."""
        try:
            return None if self.option[0] else Requirement(_FURTHER.split(self.text)[0].strip())
        except InvalidRequirement:
            return None

    @property
    def path(self) -> str | None:
        """The file or folder of this machine that is to be installed; ``None`` where there is none."""
        option, value = self.option
        text = value if option in _EDITABLE else "" if option else self.text
        text = re.split(r"\s+;|\s--", text)[0].strip()
        if not text or "://" in text or not (text.startswith((".", "/", "~")) or re.match(r"[A-Za-z]:[\\/]", text)):
            return None
        return os.path.realpath(os.path.join(self.folder, os.path.expanduser(_without_extras(text))))

    @property
    def is_exact(self) -> bool:
        """Whether there is but one version that it takes."""
        wanted = self.requirement
        exact = (each for each in wanted.specifier if each.operator in ("==", "===")) if wanted else ()
        return any(not each.version.endswith(".*") for each in exact)


def every_line(items: Sequence[str], folder: str) -> Iterator[Line]:
    """The lines of ``items``, and of each file of this machine that ``-r`` names; one that cannot be read has none."""
    yield from _lines("\n".join(items), folder, set())


def _lines(text: str, folder: str, seen: set[str]) -> Iterator[Line]:
    for found in logical_lines(text):
        line = Line(found.text, folder)
        yield line
        option, value = line.option
        place = os.path.realpath(os.path.join(folder, _unquoted(value)))
        if option in _LISTS and "://" not in value and place not in seen:
            seen.add(place)
            yield from _lines(_text(place), os.path.dirname(place), seen)


def beyond_uv(lines: Sequence[Line]) -> str | None:
    """What of ``lines`` uv does not do as pip does, as the object of a sentence; ``None`` where it does all."""
    return next((found for found in map(_beyond, lines) if found), None)


def _beyond(line: Line) -> str | None:
    option, value = line.option
    if option and option not in _UVS:
        return f"the option {option}"
    further = [each for each in _FURTHER.findall(value if option else line.text) if each != "--hash"]
    if further:
        return f"the option {further[0]} beside another" if option else f"the option {further[0]} of a requirement"
    if option in _EDITABLE and "://" in value and not value.startswith("file:"):
        return "an editable installation from a repository"
    foreign = _FOREIGN.search(line.text)
    return f"a repository of the kind {foreign[1]}" if foreign else None


def with_whole_paths(items: Sequence[str], folder: str) -> str:
    """``items`` as a list that may lie anywhere: the lists that it names count from ``folder``, as its other paths do
    by the folder in which pip is run."""
    return "".join(f"{_whole(Line(found.text, folder))}\n" for found in logical_lines("\n".join(items)))


def _whole(line: Line) -> str:
    option, value = line.option
    if option not in (*_LISTS, *_OTHER_LISTS) or "://" in value:
        return line.text
    return f"{option} {shlex.quote(os.path.join(line.folder, _unquoted(value)))}"


def _unquoted(value: str) -> str:
    """pip reads options as a shell does."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _without_extras(path: str) -> str:
    return re.sub(r"\[[^\[\]]*\]$", "", path)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
