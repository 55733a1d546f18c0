"""The parts of PyYAML's nodes that are used here; PyYAML itself is imported only when a file is read."""

from __future__ import annotations

from typing import Any, Protocol

from .diagnostics import Place


class Mark(Protocol):
    index: int
    line: int
    column: int


class Node(Protocol):
    """A scalar (``value`` is its text), a sequence (nodes) or a mapping (pairs of nodes)."""

    id: str
    tag: str | None
    value: Any
    start_mark: Mark
    end_mark: Mark
    flow_style: bool | None
    """Of sequences and mappings only: ``[…]`` or ``{…}``."""


MERGE = "<<"
MAX_DEPTH = 64
"""Deeper files are refused; and a list can hold itself."""


def place_of(node: Node, end: Node | None = None) -> Place:
    """Where ``node`` stands, up to the end of ``end``."""
    start, stop = node.start_mark, _end(end or node)
    return Place(start.line + 1, start.column + 1, stop.line + 1, stop.column + 1)


def place_under(key: Node, value: Node) -> Place:
    """Where ``value`` stands; ``key`` where nothing is written behind it."""
    return place_of(key if value.start_mark.index == value.end_mark.index else value)


def lacks_colon(key: Node, value: Node) -> bool:
    """Whether it is ``? key`` alone, which is a mapping to YAML too."""
    start, end = key.end_mark, value.end_mark
    return value.start_mark.index == end.index and (end.line != start.line or end.index == start.index)


def _end(node: Node) -> Mark:
    """libyaml ends a block where the next token begins: it ends with what it holds last."""
    for _ in range(MAX_DEPTH):
        if node.id == "scalar" or node.flow_style or not node.value:
            break
        node = node.value[-1] if node.id == "sequence" else node.value[-1][1]
    return node.end_mark
