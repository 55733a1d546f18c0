"""Parts of a file put together: two lists under one key, pip's items among conda's packages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import insertion
from .layout import Change, Layout
from .nodes import Node
from .pip import requirement_name
from .removal import removed
from .scalars import shape
from .spec import package_name
from .writer import laid_out

Pair = tuple[Node, Node]


def moved_to_pip(layout: Layout, nodes: Sequence[Node], items: Sequence[str]) -> str:
    """The text with ``items`` under ``pip:`` and without ``nodes``. What pip has already is not listed again."""
    without = laid_out(layout.changed(*removed(layout, nodes)))
    there = {requirement_name(each) for each in _pip_items(without)} - {""}
    new = [item for item in dict.fromkeys(items) if requirement_name(item) not in there]
    return without.changed(*insertion.pip(without, new, lists_pip(without))) if new else without.text


def joined(layout: Layout, first: Pair, others: Sequence[Pair]) -> str | None:
    """The text with the lists of ``others`` at the end of the first one, in their order, and without their keys."""
    lists = [value for _, value in others if shape(value) != "null"]
    if any(value.id != "sequence" for value in lists):
        return None
    if _is_block(first[1]) and all(_is_block(value) for value in lists):
        return layout.changed(*_moved_lines(layout, first, others))
    items = [item for value in lists for item in value.value]
    if any(item.id != "scalar" for item in items):
        return None
    there = [item.value for item in first[1].value if first[1].id == "sequence"]
    new = [text for text in dict.fromkeys(item.value for item in items) if text not in there]
    gone = removed(layout, [value for _, value in others])
    return layout.changed(*([insertion.into(layout, *first, new)] if new else []), *gone)


def pip_blocks(layout: Layout) -> list[Pair]:
    """Each ``pip:`` among the dependencies, and its value."""
    return insertion.pip_blocks(layout)


def lists_pip(layout: Layout) -> bool:
    section = layout.section("dependencies")
    items = section[1].value if section and section[1].id == "sequence" else []
    return any(item.id == "scalar" and package_name(item.value) == "pip" for item in items)


def _pip_items(layout: Layout) -> list[str]:
    lists = [value for _, value in pip_blocks(layout) if value.id == "sequence"]
    return [item.value for value in lists for item in value.value if item.id == "scalar"]


def _is_block(value: Node) -> bool:
    return value.id == "sequence" and not value.flow_style


def _moved_lines(layout: Layout, first: Pair, others: Sequence[Pair]) -> list[Change]:
    """Whole lines move, with their comments."""
    at, column = layout.end_of_line(layout.end(first[1])), _column(layout, first[1])
    lines, changes = [], []
    for key, value in others:
        changes += [change._replace(text="") for change in removed(layout, [value])]
        own = _column(layout, value) if value.id == "sequence" else column
        body = layout.text[layout.colon(key) : layout.end_of_line(layout.end(value))]
        lines += [_shifted(line, column - own) for line in _behind_key(body, own)]
    return [Change(at, at, "".join(layout.newline + line for line in lines)), *changes]


def _behind_key(body: str, column: int) -> list[str]:
    """The lines below a key; what is said in its own line becomes one of them."""
    head, *lines = [line.rstrip("\r\n") for line in Layout.rows(body)] or [""]
    comment = re.search(r"#.*", head)
    return [*([" " * column + comment[0]] if comment else []), *lines]


def _column(layout: Layout, value: Node) -> int:
    return len(layout.indent(layout.dash(value.value[0])))


def _shifted(line: str, by: int) -> str:
    if by >= 0:
        return " " * by + line
    return line[min(-by, len(line) - len(line.lstrip(" "))) :]
