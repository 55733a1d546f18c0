"""Repairs, each from the whole file to the whole file; ``None`` where only its author can know what is meant."""

from __future__ import annotations

import re

from . import joining
from .diagnostics import Diagnostic
from .layout import Change, Layout, Mended
from .nodes import Node
from .pip import requirement_name
from .removal import removed
from .scalars import quoted, shape
from .spec import package_name

_TAG = re.compile(r"!\S*[ \t]*")


def remove_marked(layout: Layout, finding: Diagnostic) -> Mended:
    """An item goes, or a key with its value."""
    node = layout.value_of(layout.scalar_at(finding.line, finding.column))
    return None if node is None else removed(layout, [node])


def remove_null(layout: Layout, finding: Diagnostic) -> Mended:
    """As ``remove_marked``, where nothing is written there."""
    node = layout.value_of(layout.scalar_at(finding.line, finding.column))
    return removed(layout, [node]) if node is not None and shape(node) == "null" else None


def quote_or_remove(layout: Layout, finding: Diagnostic) -> Mended:
    """A number was meant as a text; nothing was meant by nothing."""
    node = layout.scalar_at(finding.line, finding.column)
    if node is None:
        return None
    if shape(node) == "number":
        return layout.replaced(node, quoted(node.value, '"'))
    return None if node.value.strip() and shape(node) != "null" else removed(layout, [node])


def quote_source(layout: Layout, finding: Diagnostic) -> Mended:
    """A value as it is written becomes a text."""
    section = layout.section("variables")
    values = [value for _, value in section[1].value] if section else []
    node = next((value for value in values if layout.start(value) == layout.offset(*_begin(finding))), None)
    written = "" if node is None else layout.text[layout.start(node) : layout.end(node)]
    return None if node is None or "\n" in written else layout.replaced(node, quoted(written, "'"))


def quote_null(layout: Layout, finding: Diagnostic) -> Mended:
    node = layout.value_of(layout.scalar_at(finding.line, finding.column))
    key = node and layout.key_of(node)
    if node is None or key is None:
        return None
    return layout.changed(Change(layout.colon(key), layout.end(node), " ''"))


def remove_tag(layout: Layout, finding: Diagnostic) -> Mended:
    start = layout.offset(*_begin(finding))
    found = _TAG.match(layout.text, start)
    if found is None:
        return None
    if layout.text[found.end() : found.end() + 1] in ("\r", "\n"):
        start = len(layout.text[:start].rstrip(" "))
    return layout.changed(Change(start, found.end(), ""))


def remove_nodefaults(layout: Layout, finding: Diagnostic) -> Mended:
    """``defaults`` is what such a file uses; the other word has no effect but that warning."""
    section = layout.section("channels")
    items = section[1].value if section else []
    return removed(layout, [item for item in items if item.value == "nodefaults"])


def join_keys(layout: Layout, finding: Diagnostic) -> Mended:
    """Two lists under one key are one list; the same text twice is one text."""
    node = layout.scalar_at(finding.line, finding.column)
    mapping = node and layout.parent(node)
    if node is None or mapping is None:
        return None
    pairs = [pair for pair in mapping.value if pair[0].id == "scalar" and pair[0].value == node.value]
    first, later = pairs[0], next(pair for pair in pairs if pair[0] is node)
    if first[1].id == "scalar" and first[1].value == later[1].value and later[1].id == "scalar":
        return removed(layout, [later[1]])
    return joining.joined(layout, first, [later])


def remove_repeated(layout: Layout, finding: Diagnostic) -> Mended:
    """Of two that ask for the same, the one that says less goes; of two that differ only the author knows."""
    node = layout.scalar_at(finding.line, finding.column)
    section = layout.section("dependencies")
    if node is None or section is None:
        return None
    is_conda = layout.parent(node) is section[1]
    name = package_name(node.value) if is_conda else requirement_name(node.value.strip())
    first = next((each for each in section[1].value if each.id == "scalar" and package_name(each.value) == name), None)
    if first is None:
        return None
    if _is_bare(node, name) or (is_conda and node.value.strip() == first.value.strip()):
        return removed(layout, [node])
    return removed(layout, [first]) if is_conda and _is_bare(first, name) else None


def _is_bare(node: Node, name: str) -> bool:
    return re.sub(r"[-_.]+", "-", node.value.strip().lower()) == re.sub(r"[-_.]+", "-", name)


def _begin(finding: Diagnostic) -> tuple[int, int]:
    return finding.line or 1, finding.column or 1
