"""The parts of PyYAML's nodes that are used here; PyYAML itself is imported only when a file is read."""

from __future__ import annotations

from typing import Any, Protocol

from .diagnostics import Place


class Mark(Protocol):
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


def place_of(node: Node, end: Node | None = None) -> Place:
    """Where ``node`` stands, up to the end of ``end``. A block's range ends where the next token begins."""
    start, stop = node.start_mark, (end or node).end_mark
    return Place(start.line + 1, start.column + 1, stop.line + 1, stop.column + 1)
