"""Repairs around ``pip:``: what belongs there and stands elsewhere, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import insertion, joining
from .diagnostics import Diagnostic
from .layout import Change, Layout, Mended
from .nodes import Node
from .removal import removed
from .scalars import shape
from .spec import parse

_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:\s*(?:[<>]=?|[!~=]=)[^=].*)?")


def add_pip(layout: Layout, finding: Diagnostic) -> Mended:
    return layout.changed(*insertion.conda(layout, ["pip"]))


def unmake_pip(layout: Layout, finding: Diagnostic) -> Mended:
    """``- pip:`` that lists nothing: pip itself is asked for, or is so already."""
    node = layout.scalar_at(finding.line, finding.column)
    value = layout.value_of(node)
    if node is None or value is None:
        return None
    if joining.lists_pip(layout):
        return removed(layout, [value])
    return layout.changed(Change(layout.start(node), max(layout.colon(node), layout.end(value)), "pip"))


def indent_pip(layout: Layout, finding: Diagnostic) -> Mended:
    """Items at the indentation of ``- pip:``, where all of them pin as pip does: they were meant for it."""
    node = layout.scalar_at(finding.line, finding.column)
    mapping = node and layout.parent(node)
    above = mapping and layout.parent(mapping)
    if mapping is None or above is None or above.flow_style:
        return None
    behind = above.value[[item is mapping for item in above.value].index(True) + 1 :]
    if not all(item.id == "scalar" and "==" in item.value and _REQUIREMENT.fullmatch(item.value) for item in behind):
        return None
    start, end = layout.start_of_line(layout.dash(behind[0])), layout.end(behind[-1])
    return layout.changed(Change(start, end, re.sub(r"(?m)^(?=[ \t]*[^\s])", "    ", layout.text[start:end])))


def move_pip(layout: Layout, finding: Diagnostic) -> Mended:
    """``pip:`` at the top of the file goes to where it is read."""
    node = layout.scalar_at(finding.line, finding.column)
    value = layout.value_of(node)
    if node is None or node.value != "pip" or value is None:
        return None
    items = value.value if value.id == "sequence" else [value] if shape(value) == "text" else []
    if not items or any(shape(item) != "text" for item in items):
        return None
    return joining.moved_to_pip(layout, [value], [item.value for item in items])


def move_to_pip(layout: Layout, found: Sequence[Diagnostic]) -> Mended:
    """pip's syntax goes to where pip reads it; ``name=1`` is ``name==1`` there."""
    nodes = _nodes(layout, found)
    items = [re.sub(r"^([\w.-]+)\s*=\s*(?=\d)", r"\1==", node.value.strip()) for node in nodes]
    return joining.moved_to_pip(layout, nodes, items) if nodes else None


def move_pypi(layout: Layout, found: Sequence[Diagnostic]) -> Mended:
    """What `conda list --export` shows of pip's packages."""
    nodes = _nodes(layout, found)
    specs = [parse(node.value.strip()) for node in nodes]
    items = [f"{spec.name}=={spec.version}" if spec.version else spec.name for spec in specs]
    return joining.moved_to_pip(layout, nodes, items) if nodes else None


def join_pip_blocks(layout: Layout, found: Sequence[Diagnostic]) -> Mended:
    first, *others = joining.pip_blocks(layout)
    return joining.joined(layout, first, others)


def _nodes(layout: Layout, found: Sequence[Diagnostic]) -> list[Node]:
    return [node for each in found if (node := layout.scalar_at(each.line, each.column)) is not None]
