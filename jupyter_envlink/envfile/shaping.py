"""Repairs of what is written in another shape than it is read in."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath

from . import insertion, names
from .diagnostics import Diagnostic
from .layout import Change, Layout, Mended
from .nodes import Node
from .removal import removed
from .scalars import quoted, scalar, shape
from .syntax import with_plain_spaces

_HYPHENED = re.compile(r"[ \t]*-[ \t]*\w")


def make_name(layout: Layout, finding: Diagnostic) -> Mended:
    """A list of one text is that text; for none a usual one is put in."""
    section = layout.section("name")
    if section is None:
        return None
    value = section[1]
    if shape(value) == "null":
        return layout.changed(insertion.name(layout, names.from_path("")))
    only = value.value[0] if value.id == "sequence" and len(value.value) == 1 else None
    if only is None or only.id != "scalar" or not value.flow_style:
        return None
    return layout.replaced(value, scalar(only.value, only))


def make_list(layout: Layout, finding: Diagnostic) -> Mended:
    """``dependencies:`` that were meant as a list, and are written as a text, as keys, or not at all."""
    section = layout.section("dependencies")
    if section is None:
        return None
    key, value = section
    if shape(value) == "null":
        return layout.changed(Change(layout.colon(key), layout.end(value), " []"))
    if value.id == "mapping":
        return _list_of_keys(layout, value)
    return _list_of_text(layout, value) if value.id == "scalar" else None


def _list_of_keys(layout: Layout, value: Node) -> Mended:
    if any(key.id != "scalar" or below.id != "scalar" for key, below in value.value):
        return None
    specs = [scalar(_as_spec(key.value, "" if shape(below) == "null" else below.value)) for key, below in value.value]
    if value.flow_style:
        return layout.replaced(value, f"[{', '.join(specs)}]")
    spans = [(layout.start(key), max(layout.colon(key), layout.end(below))) for key, below in value.value]
    return layout.changed(*(Change(*span, f"- {spec}") for span, spec in zip(spans, specs, strict=True)))


def _as_spec(name: str, version: str) -> str:
    return name + ("" if not version or version[0] in "<>=!~" else "=") + version


def _list_of_text(layout: Layout, value: Node) -> Mended:
    start, end = layout.start_of_line(layout.start(value)), layout.end(value)
    plain = with_plain_spaces(layout.text[start:end])
    if value.value.startswith("-"):
        if not all(_HYPHENED.match(line) for line in plain.splitlines()):
            return None
        hyphens = re.sub(r"(?m)^([ \t]*)-(?=[^\s-])", r"\1- ", plain)
        return layout.changed(Change(start, end, hyphens))
    items = re.split(r"[,\s]+", value.value.strip(", "))
    if not all(re.fullmatch(r"[A-Za-z_][\w.-]*(?:[=<>!~]+[\w.*]+)*", item) for item in items):
        return None
    return layout.replaced(value, f"[{', '.join(scalar(item) for item in items)}]")


def make_mapping(layout: Layout, finding: Diagnostic) -> Mended:
    """``variables:`` as a list of ``NAME=value``, as Docker has them."""
    section = layout.section("variables")
    if section is None:
        return None
    value = section[1]
    if shape(value) == "null":
        return removed(layout, [value])
    parts = [item.value.partition("=") for item in value.value if item.id == "scalar"] if value.id == "sequence" else []
    if not parts or len(parts) != len(value.value) or not all(name.strip() and equals for name, equals, _ in parts):
        return None
    written = [f"{scalar(name.strip())}: {_text(content.strip())}" for name, _, content in parts]
    if value.flow_style:
        return layout.replaced(value, f"{{{', '.join(written)}}}")
    spans = [(layout.dash(item), layout.end(item)) for item in value.value]
    changes = [Change(*span, line) for span, line in zip(spans, written, strict=True)]
    return changes if layout.indent(spans[0][0]) else None


def _text(content: str) -> str:
    written = scalar(content)
    return written if not set(content) & set(",[]{}") else quoted(content, '"')


def make_url(layout: Layout, finding: Diagnostic) -> Mended:
    """An absolute path names its file everywhere on the machine; a relative one counts from a folder not known here."""
    node = layout.scalar_at(finding.line, finding.column)
    text = node.value.strip() if node else ""
    path = PureWindowsPath(text) if "\\" in text else PurePosixPath(text)
    if node is None or not path.is_absolute() or not text.endswith((".conda", ".tar.bz2")):
        return None
    return layout.replaced(node, scalar(path.as_uri(), node))
