"""Where things stand in a text: places to offsets and back, nodes to what they are part of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from jupyter_envlink.errors import InvalidFile
from jupyter_envlink.sentence import told

from .diagnostics import Edit, Place
from .nodes import MAX_DEPTH, Mark, Node

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")
_PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")
"""Tags and anchors: libyaml counts them to the node."""
_COLON = re.compile(r"[ \t]*:")


class Change(NamedTuple):
    """``text`` in place of the characters from ``start`` to before ``end``."""

    start: int
    end: int
    text: str


Mended = str | list[Change] | None
"""What a repair comes to: the whole text, or the changes that make it."""


class Lines:
    """A text by its lines, as :class:`~jupyter_envlink.envfile.Edit` counts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        first = 1 if text.startswith("\ufeff") else 0
        self._starts, self._ends, self.newline = [first], [len(text)], "\n"
        if _ODD_BREAK.search(text):
            breaks = list(_BREAK.finditer(text))
            self._starts += [found.end() for found in breaks]
            self._ends[:0] = [found.start() for found in breaks]
            self.newline = breaks[0][0]
        else:
            self._ends = list(accumulate(map(len, text.split("\n")), lambda end, length: end + 1 + length))
            self._starts += [end + 1 for end in self._ends[:-1]]

    def offset(self, line: int, column: int) -> int:
        """Where a place (from 1) is; what lies outside the text is at its end."""
        return min(self._starts[line - 1] + column - 1, len(self.text)) if line <= len(self._starts) else len(self.text)

    def holds(self, line: int, column: int) -> bool:
        """Whether there is such a place: in a line, right behind its last character, or the line behind the last."""
        if line > len(self._starts):
            return (line, column) == (len(self._starts) + 1, 1)
        return self._starts[line - 1] + column - 1 <= self._ends[line - 1]

    def nearest(self, line: int, column: int) -> tuple[int, int]:
        """That place, or where the line, or the text, ends before it. libyaml's own may be anywhere."""
        row = min(line, len(self._starts))
        last = self._ends[row - 1] - self._starts[row - 1] + 1
        return row, min(column, last) if row == line else last

    def line(self, number: int) -> str:
        return self.text[self._starts[number - 1] : self._ends[number - 1]]

    def edit(self, *changes: Change) -> Edit:
        """One edit that makes all of ``changes``, which must not overlap."""
        start, end = min(change.start for change in changes), max(change.end for change in changes)
        after = self.changed(*changes)
        return Edit(*self._place(start), *self._place(end), after[start : len(after) - (len(self.text) - end)])

    def changed(self, *changes: Change) -> str:
        """The whole text after ``changes``, which must not overlap."""
        parts, at = [], 0
        for change in sorted(changes, key=lambda change: change.start):
            parts += [self.text[at : change.start], change.text]
            at = change.end
        return "".join(parts) + self.text[at:]

    def edit_to(self, after: str) -> Edit:
        """One edit of whole lines that makes ``after`` of the text."""
        old, new = self.rows(self.text), self.rows(after)
        head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        most = min(len(old), len(new)) - head
        tail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
        start, end = sum(map(len, old[:head])), sum(map(len, old[: len(old) - tail]))
        return self.edit(Change(start, end, "".join(new[head : len(new) - tail])))

    @staticmethod
    def rows(text: str) -> list[str]:
        """The lines of ``text``, each with its break."""
        ends = [found.end() for found in _BREAK.finditer(text)]
        starts = [0, *ends]
        return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]

    def place(self, start: int, end: int) -> Place:
        """The range from ``start`` to before ``end``."""
        return Place(*self._place(start), *self._place(end))

    def start_of_line(self, offset: int) -> int:
        return self._starts[self._row(offset)]

    def end_of_line(self, offset: int) -> int:
        """The offset of the break that ends the line, or the text's end."""
        return self._ends[self._row(offset)]

    def start_of_next(self, offset: int) -> int:
        row = self._row(offset)
        return self._starts[row + 1] if row + 1 < len(self._starts) else len(self.text)

    def indent(self, offset: int) -> str:
        """What stands before ``offset`` in its line."""
        return self.text[self.start_of_line(offset) : offset]

    def _row(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _place(self, offset: int) -> tuple[int, int]:
        row = self._row(offset)
        return row + 1, max(offset - self._starts[row], 0) + 1


class Layout(Lines):
    """A text and its nodes. The text bears no byte order mark."""

    def __init__(self, text: str, root: Node) -> None:
        super().__init__(text)
        self.root = root
        self.aliased = "&" in text and _is_aliased(root)
        """An alias makes one text stand at two places: changing one changes both."""
        self._parents: dict[int, Node] = {}

    def scalar_at(self, line: int | None, column: int | None) -> Node | None:
        """The scalar that begins at that place (from 1)."""
        if line is None or column is None:
            return None
        node = self._way_to((line - 1, column - 1))
        return node if node.id == "scalar" and _start(node) == (line - 1, column - 1) else None

    def parent(self, node: Node) -> Node | None:
        if id(node) not in self._parents:
            self._way_to(_start(node))
        return self._parents.get(id(node))

    def _way_to(self, place: tuple[int, int]) -> Node:
        """The scalar that begins there, or before it: what is part of a node stands in order."""
        node = self.root
        for _ in range(MAX_DEPTH):
            inside = children(node)
            if not inside:
                break
            child = inside[max(bisect_right(inside, place, key=_start) - 1, 0)]
            self._parents[id(child)] = node
            node = child
        return node

    def section(self, key: str) -> tuple[Node, Node] | None:
        """The top key of that name, and its value."""
        return next((pair for pair in self.root.value if pair[0].id == "scalar" and pair[0].value == key), None)

    def value_of(self, node: Node | None) -> Node | None:
        """The value of a key; ``node`` itself where it is none."""
        return next((value for key, value in self._pairs(node) if key is node), node)

    def key_of(self, value: Node) -> Node | None:
        return next((key for key, below in self._pairs(value) if below is value), None)

    def _pairs(self, node: Node | None) -> list[tuple[Node, Node]]:
        """Those of the mapping that ``node`` is a part of."""
        parent = None if node is None else self.parent(node)
        return parent.value if parent is not None and parent.id == "mapping" else []

    def replaced(self, node: Node, text: str) -> str:
        """The whole text with ``text`` in the place of a node."""
        return self.changed(Change(self.start(node), self.end(node), text))

    def start(self, node: Node) -> int:
        """Where its own text begins, behind tags and anchors."""
        found = _PROPERTIES.match(self.text, self._at(node.start_mark), self._at(node.end_mark))
        return found.end() if found else self._at(node.start_mark)

    def end(self, node: Node) -> int:
        """Where its own text ends; a block ends for libyaml only where the next token begins."""
        if node.id == "scalar" or node.flow_style:
            end = self._at(node.end_mark)
            return len(self.text[:end].rstrip()) if getattr(node, "style", None) in ("|", ">") else end
        last = [node.value[-1]] if node.id == "sequence" else node.value[-1]
        return max(self.end(child) for child in last)

    def colon(self, key: Node) -> int:
        """The offset behind the colon of ``key``."""
        found = _COLON.match(self.text, self.end(key))
        if found is None:
            raise InvalidFile(told("A key of the file has no colon behind it."), told("Write it as key: value."))
        return found.end()

    def head(self, value: Node) -> int:
        """The offset behind the colon, or the tag, that a block stands below."""
        at = self._at(value.start_mark)
        tag = self.text[at : self.start(value)].rstrip()
        parent = self.parent(value)
        key = next(key for key, below in parent.value if below is value) if parent else value
        return at + len(tag) if tag else self.colon(key)

    def dash(self, item: Node) -> int:
        """The offset of the hyphen of an item of a block sequence."""
        at = self.text.rfind("-", 0, self._at(item.start_mark))
        if at < 0 or self.text[at + 1 : self._at(item.start_mark)].strip():
            raise InvalidFile(
                told("An item of the file has something before it."), told("Give each a line of its own.")
            )
        return at

    def is_flow(self, node: Node) -> bool:
        """Whether ``node`` is, or is part of, a ``[…]`` or ``{…}``."""
        at: Node | None = node
        while at is not None:
            if at.id != "scalar" and at.flow_style:
                return True
            at = self.parent(at)
        return False

    def _at(self, mark: Mark) -> int:
        return self._starts[mark.line] + mark.column if mark.line < len(self._starts) else len(self.text)


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _is_aliased(root: Node) -> bool:
    seen, waiting = {id(root)}, [root]
    while waiting:
        for child in children(waiting.pop()):
            if id(child) in seen:
                return True
            seen.add(id(child))
            waiting.append(child)
    return False


def children(node: Node) -> Sequence[Node]:
    """What is part of a node, in order."""
    if node.id == "mapping":
        return [each for pair in node.value for each in pair]
    found: Sequence[Node] = node.value if node.id == "sequence" else ()
    return found
