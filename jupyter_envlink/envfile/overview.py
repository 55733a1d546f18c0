"""What only shows when the file is seen as a whole."""

from __future__ import annotations

import re

from ..sentence import told
from .diagnostics import Place
from .findings import Findings
from .model import Entry
from .nodes import Node
from .pip import requirement_name
from .spec import parse

_OLDEST_PYTHON = (3, 10)
"""ipykernel 7 needs it; older ones are found by the solver and work."""
_SELECTOR = re.compile(
    r"#[ \t]{0,20}\[[ \t]{0,20}(?:not[ \t]+)?(?:win|linux|osx|unix|arm64|aarch64|x86|ppc64le|py)\w{0,20}[^\]]{0,80}\]"
)


def check(root: Node, text: str, findings: Findings) -> None:
    conda = [entry for entry in findings.entries if entry.kind == "conda"]
    pip = [entry for entry in findings.entries if entry.kind == "pip"] if findings.has_pip else []
    names = findings.names
    if pip and "pip" not in names:
        message = told("There are packages for pip, but pip itself is not among the dependencies: it is added.")
        findings.info("pip-missing", place(pip[0]), message, told("Add a line: - pip"))
    _check_builds(conda, findings)
    if "python" in names:
        _check_python(conda[names.index("python")], findings)
    _check_repeated(conda, names, pip, findings)
    if "[" in text and "#" in text:
        _check_comments(text, findings)


def place(entry: Entry) -> Place:
    return Place(entry.line, entry.column, entry.end_line, entry.end_column)


def _check_builds(conda: list[Entry], findings: Findings) -> None:
    pinned = [entry for entry, build in zip(conda, findings.builds, strict=True) if build]
    if len(pinned) >= 5 and 2 * len(pinned) > len(conda):
        message = told(
            "{pinned} of {conda} packages name an exact build: the file is an export of one machine.",
            pinned=len(pinned),
            conda=len(conda),
        )
        hint = told(
            "Such a file rarely works elsewhere, or later: leave the builds out, or list only what you use yourself."
        )
        findings.info("exact-builds", place(pinned[0]), message, hint)


def _check_python(entry: Entry, findings: Findings) -> None:
    version = re.match(r"(\d{1,3})\.(\d{1,3})", parse(entry.text.strip()).version)
    below = re.search(r"<(=?) ?(\d{1,3})\.(\d{1,3})", entry.text)
    if version:
        newest = (int(version[1]), int(version[2]))
    elif below:
        newest = (int(below[2]), int(below[3]) - (not below[1]))
    else:
        return
    if newest < _OLDEST_PYTHON:
        asked = f"Python {newest[0]}.{max(newest[1], 0)}"
        message = told("{asked} is older than a current ipykernel supports: an older one is installed.", asked=asked)
        findings.info("old-python", place(entry), message, told("It works; a newer Python gets you the current one."))


def _check_repeated(conda: list[Entry], names: list[str], pip: list[Entry], findings: Findings) -> None:
    first = dict(zip(reversed(names), reversed(conda), strict=True))
    for entry, name in zip(conda, names, strict=True) if len(first) < len(names) else ():
        if name and first[name] is not entry:
            message = told(
                "The package {name} is listed in line {line} and again here: both must hold.",
                name=name,
                line=first[name].line,
            )
            findings.info("repeated-package", place(entry), message, told("Keep one of the two."))
    for entry in pip if first else ():
        other = first.get(requirement_name(entry.text))
        if other is not None:
            message = told(
                "{text} is a conda package (line {line}) and under pip: too; pip's replaces it.",
                text=other.text.strip(),
                line=other.line,
            )
            findings.info("repeated-package", place(entry), message, told("Keep one of the two."))


def _check_comments(text: str, findings: Findings) -> None:
    lines = text.splitlines()
    found = {number: comment for number, line in enumerate(lines, 1) if (comment := _SELECTOR.search(line))}
    for entry in findings.entries if found else ():
        comment = found.get(entry.end_line) if entry.kind in ("conda", "pip") else None
        if comment and comment.start() >= entry.end_column - 1:
            message = told(
                "{comment} is a comment to every tool but conda-lock: the package is installed on each platform.",
                comment=comment[0],
            )
            findings.warning("comment-selector", place(entry), message, told("Keep a file per platform."))
