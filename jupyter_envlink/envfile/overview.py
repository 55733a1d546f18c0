"""What only shows when the file is seen as a whole."""

from __future__ import annotations

import re

from .diagnostics import Place
from .findings import Findings
from .model import Entry
from .nodes import Node
from .pip import requirement_name
from .spec import Spec

_OLDEST_PYTHON = (3, 10)
"""ipykernel 7 needs it; older ones are found by the solver and work."""
_SELECTOR = re.compile(
    r"#[ \t]{0,20}\[[ \t]{0,20}(?:not[ \t]+)?(?:win|linux|osx|unix|arm64|aarch64|x86|ppc64le|py)\w{0,20}[^\]]{0,80}\]"
)


def check(root: Node, text: str, findings: Findings) -> None:
    conda = [entry for entry in findings.entries if entry.kind == "conda"]
    listed = list(zip(conda, findings.specs, strict=True))
    _check_pip(findings)
    _check_builds(listed, findings)
    _check_python(listed, findings)
    _check_repeated(listed, findings)
    if "[" in text and "#" in text:
        _check_comments(text, findings)


def place(entry: Entry) -> Place:
    return Place(entry.line, entry.column, entry.end_line, entry.end_column)


def _check_pip(findings: Findings) -> None:
    first = next((entry for entry in findings.entries if entry.kind == "pip"), None)
    if first is not None and all(spec.name != "pip" for spec in findings.specs):
        message = "There are packages for pip, but pip itself is not among the dependencies: it is added."
        findings.info("pip-missing", place(first), message, "Add a line: - pip")


def _check_builds(listed: list[tuple[Entry, Spec]], findings: Findings) -> None:
    pinned = [entry for entry, spec in listed if spec.build]
    if len(pinned) >= 5 and 2 * len(pinned) > len(listed):
        message = f"{len(pinned)} of {len(listed)} packages name an exact build: the file is an export of one machine."
        hint = "Such a file rarely works elsewhere, or later: leave the builds out, or list only what you use yourself."
        findings.info("exact-builds", place(pinned[0]), message, hint)


def _check_python(listed: list[tuple[Entry, Spec]], findings: Findings) -> None:
    entry, spec = next((both for both in listed if both[1].name == "python"), (None, None))
    if entry is None or spec is None:
        return
    version = re.match(r"(\d{1,3})\.(\d{1,3})", spec.version)
    below = re.search(r"<(=?)\s*(\d{1,3})\.(\d{1,3})", entry.text)
    if version:
        newest = (int(version[1]), int(version[2]))
    elif below:
        newest = (int(below[2]), int(below[3]) - (not below[1]))
    else:
        return
    if newest < _OLDEST_PYTHON:
        asked = f"Python {newest[0]}.{max(newest[1], 0)}"
        message = f"{asked} is older than a current ipykernel supports: an older one is installed."
        findings.info("old-python", place(entry), message, "It works; a newer Python gets you the current one.")


def _check_repeated(listed: list[tuple[Entry, Spec]], findings: Findings) -> None:
    first: dict[str, Entry] = {}
    for entry, spec in listed:
        before = first.setdefault(spec.name, entry)
        if spec.name and before is not entry:
            message = (
                f"The package {spec.name} is listed in line {before.line} and again here: both constraints must hold."
            )
            findings.info("repeated-package", place(entry), message, "Keep one of the two.")
    for entry in findings.entries if first else ():
        other = first.get(requirement_name(entry.text)) if entry.kind == "pip" else None
        if other is not None:
            message = (
                f"{other.text.strip()} is a conda package (line {other.line}) and under pip: too; pip's replaces it."
            )
            findings.info("repeated-package", place(entry), message, "Keep one of the two.")


def _check_comments(text: str, findings: Findings) -> None:
    lines = text.splitlines()
    found = {number: comment for number, line in enumerate(lines, 1) if (comment := _SELECTOR.search(line))}
    for entry in findings.entries if found else ():
        comment = found.get(entry.end_line) if entry.kind in ("conda", "pip") else None
        if comment and comment.start() >= entry.end_column - 1:
            message = (
                f"{comment[0]} is a comment to every tool but conda-lock: the package is installed on each platform."
            )
            findings.warning("comment-selector", place(entry), message, "Keep a file per platform.")
