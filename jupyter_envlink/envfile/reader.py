"""An environment file read: every text with its place, every fault with its name. See CEP 24 for the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import get_args

from ..sentence import told
from . import dependencies, fixes, other_formats, overview, platforms, sections
from .composer import composed
from .decoding import decoded
from .diagnostics import Place
from .findings import MAX_ENTRIES, Findings, TooManyEntries
from .model import EnvironmentFile, Kind
from .nodes import Node, place_of
from .scalars import shape

_READERS: Mapping[str, Callable[[Node, Node, Findings], bool]] = MappingProxyType(
    {
        "name": sections.read_name,
        "channels": sections.read_channels,
        "dependencies": dependencies.read,
        "variables": sections.read_variables,
        "prefix": sections.read_prefix,
    }
)


def read(source: bytes | str, *, path: str | None = None, platform: str | None = None) -> EnvironmentFile:
    """The environment file in ``source``. Never raises for what the file holds: that is said in its diagnostics.

    ``path`` is kept as it is and not opened. ``platform`` (``linux-64``) is the one that selectors and builds are
    judged for, this machine's where it is ``None``.
    """
    findings = Findings(platform or platforms.current())
    present: set[str] = set()
    try:
        _read(source, path, findings, present)
    except TooManyEntries:
        del findings.diagnostics[MAX_ENTRIES - 1 :]
        message = told("The file lists more than {max_entries} things.", max_entries=MAX_ENTRIES)
        findings.error("too-many-entries", None, message, told("Is it the right file?"))
    return _frozen(path, findings, present)


def _read(source: bytes | str, path: str | None, findings: Findings, present: set[str]) -> None:
    text = decoded(source, findings)
    if text is None:
        return
    root = composed(text, findings)
    _read_root(root, text, path, findings, present)
    fixes.complete(text, root, findings)


def _read_root(root: Node | None, text: str, path: str | None, findings: Findings, present: set[str]) -> None:
    if root is None:
        if not findings.diagnostics:
            findings.error(
                "empty-file", Place(1, 1, 1, 1), told("The file is empty."), told("Begin with: dependencies:")
            )
    elif root.id != "mapping":
        _report_root(root, text, findings)
    else:
        _read_keys(root, findings, present)
        overview.check(root, text, findings)
        if "name" not in present:
            sections.report_nameless(root, path, findings)


def _report_root(root: Node, text: str, findings: Findings) -> None:
    if shape(root) == "null":
        findings.error("empty-file", place_of(root), told("The file is empty."), told("Begin with: dependencies:"))
        return
    hint = told("An environment file has name:, channels: and dependencies: at its top.")
    if known := other_formats.recognised(text):
        findings.error(
            "other-format", place_of(root), told("This is {known}, not an environment file.", known=known), hint
        )
        return
    what = told("a list") if root.id == "sequence" else told("a text")
    findings.error(
        "not-a-mapping", place_of(root), told("The file holds {what}, not the keys of an environment.", what=what), hint
    )


def _read_keys(root: Node, findings: Findings, present: set[str]) -> None:
    written = {key.value: key for key, _ in root.value if key.id == "scalar"}
    for key, value in root.value:
        reader = _READERS.get(key.value) if key.id == "scalar" else None
        if reader is None:
            sections.report_unknown(key, set(written), findings)
        elif reader(key, value, findings):
            present.add(key.value)
    if "dependencies" not in written:
        _report_missing(root, set(written), findings)
    elif "channels" not in written:
        sections.report_channelless(written["dependencies"], findings)


def _report_missing(root: Node, written: set[str], findings: Findings) -> None:
    first = place_of(root.value[0][0] if root.value else root)
    hint = told("Add dependencies: with a list of packages below it.")
    if known := other_formats.of_keys(written):
        message, hint = told("This is {known}, not an environment file.", known=known), told("Is it the right file?")
        findings.error("other-format", first, message, hint)
        return
    if not written & set(sections.KEYS):
        hint = told("Is this an environment file at all?")
    findings.error("dependencies-missing", first, told("There is no dependencies: in the file."), hint)


def _frozen(path: str | None, findings: Findings, present: set[str]) -> EnvironmentFile:
    texts: dict[Kind, list[str]] = {kind: [] for kind in get_args(Kind)}
    for entry in findings.entries:
        texts[entry.kind].append(entry.text)
    variables = {entry.key or "": entry.text for entry in findings.entries if entry.kind == "variable"}
    return EnvironmentFile(
        path=path,
        name=next(reversed(texts["name"]), None),
        channels=tuple(texts["channel"]) if "channels" in present else None,
        conda=tuple(texts["conda"]) if "dependencies" in present else None,
        pip=tuple(texts["pip"]) if findings.has_pip else None,
        variables=MappingProxyType(variables) if "variables" in present else None,
        prefix=next(reversed(texts["prefix"]), None),
        diagnostics=tuple(sorted(findings.diagnostics, key=lambda found: (found.line or 0, found.column or 0))),
        entries=tuple(findings.entries),
    )
