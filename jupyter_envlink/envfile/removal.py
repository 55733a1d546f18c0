"""Taking parts out of a file, and leaving what is left as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jupyter_envlink.errors import InvalidFile
from jupyter_envlink.sentence import told

from .layout import Change, Layout
from .nodes import Node

_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*,[ \t]*")
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")
Span = tuple[int, int]


def removed(layout: Layout, nodes: Sequence[Node]) -> list[Change]:
    """The changes that take ``nodes`` out, and what nothing would be left of; a value goes with its key.

    A list at the top of the file stays, empty. Raises ``InvalidFile`` where the file is laid out too strangely.
    """
    going = _with_emptied(layout, nodes)
    groups: dict[int, Node] = {}
    for node in going.values():
        parent = layout.parent(node)
        if parent is not None and not _is_inside(layout, parent, going):
            groups[id(parent)] = parent
    return [change for parent in groups.values() for change in _from(layout, parent, going)]


def _with_emptied(layout: Layout, nodes: Sequence[Node]) -> dict[int, Node]:
    going = {id(node): node for node in nodes}
    waiting = list(nodes)
    for node in waiting:
        parent = layout.parent(node)
        above = parent and layout.parent(parent)
        if parent is None or above is None or above is layout.root or id(parent) in going:
            continue
        if all(id(member) in going for member in _members(parent)):
            going[id(parent)] = parent
            waiting.append(parent)
    return going


def _is_inside(layout: Layout, node: Node, going: dict[int, Node]) -> bool:
    at: Node | None = node
    while at is not None and id(at) not in going:
        at = layout.parent(at)
    return at is not None


def _members(node: Node) -> list[Node]:
    members: list[Node] = node.value if node.id == "sequence" else [value for _, value in node.value]
    return members


def _from(layout: Layout, parent: Node, going: dict[int, Node]) -> Iterator[Change]:
    if parent.flow_style:
        yield from _from_flow(layout, parent, going)
        return
    gone = [node for node in going.values() if layout.parent(node) is parent]
    for member in gone:
        first = layout.dash(member) if parent.id == "sequence" else layout.start(_key(parent, member))
        yield _lines(layout, first, layout.end(member))
    if parent.id == "sequence" and len(gone) == len(parent.value):
        yield Change(layout.head(parent), layout.head(parent), " []")


def _key(mapping: Node, member: Node) -> Node:
    found: Node = next(key for key, value in mapping.value if value is member)
    return found


def _lines(layout: Layout, first: int, last: int) -> Change:
    """The lines of a part of a block go; comments that have a line of their own stay."""
    if layout.indent(first).strip():
        raise InvalidFile(told("Two things begin in one line."), told("Give each a line of its own."))
    start, end = layout.start_of_line(first), layout.start_of_next(last)
    lines = layout.text[start:end].splitlines(keepends=True)
    return Change(start, end, "".join(line for line in lines if line.lstrip().startswith("#")))


def _from_flow(layout: Layout, parent: Node, going: dict[int, Node]) -> Iterator[Change]:
    heads = parent.value if parent.id == "sequence" else [key for key, _ in parent.value]
    members = _members(parent)
    spans = [(layout.start(head), layout.end(member)) for head, member in zip(heads, members, strict=True)]
    left = [number for number, member in enumerate(members) if id(member) not in going]
    for number in range(left[-1] + 1 if left else 0):
        if number not in left:
            yield _member(layout, spans[number])
    yield from _tail(layout, spans, left)


def _tail(layout: Layout, spans: Sequence[Span], left: Sequence[int]) -> Iterator[Change]:
    """What goes from behind the last member that stays: the comma before it goes too."""
    first = left[-1] + 1 if left else 0
    if first == len(spans):
        return
    start = spans[first - 1][1] if left else spans[first][0]
    if left and "\n" not in layout.text[start : spans[-1][1]]:
        yield Change(start, spans[-1][1], "")
        return
    for span in spans[first:]:
        yield _member(layout, span)


def _member(layout: Layout, span: Span) -> Change:
    start, end = span
    comma = _COMMA.match(layout.text, end)
    end = comma.end() if comma else end
    if not layout.indent(start).strip() and _REST.match(layout.text, end):
        return Change(layout.start_of_line(start), layout.start_of_next(end), "")
    return Change(start, end, "")
