"""Putting entries into a file, written as those beside them are."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envlink.errors import InvalidFile
from jupyter_envlink.sentence import told

from .layout import Change, Layout
from .nodes import Node
from .scalars import quoted, scalar, shape

Item = str | tuple[str, ...]
"""A text, or the items of a ``pip:`` block."""


def conda(layout: Layout, specs: Sequence[str]) -> list[Change]:
    """List ``specs`` behind the last conda package."""
    return _list(layout, "dependencies", specs)


def channel(layout: Layout, name: str) -> list[Change]:
    """List a channel behind the others."""
    return _list(layout, "channels", [name])


def pip(layout: Layout, items: Sequence[str], has_pip: bool) -> list[Change]:
    """List ``items`` for pip in the last block that there is, and pip itself where the file ``has_pip`` not."""
    itself = [] if has_pip else ["pip"]
    blocks = pip_blocks(layout)
    if not blocks:
        return _list(layout, "dependencies", [*itself, tuple(items)], at_end=True)
    return [into(layout, *blocks[-1], items), *(conda(layout, itself) if itself else [])]


def pip_blocks(layout: Layout) -> list[tuple[Node, Node]]:
    """Each ``pip:`` among the dependencies, and its value."""
    section = layout.section("dependencies")
    items = section[1].value if section and section[1].id == "sequence" else []
    pairs = [pair for item in items if item.id == "mapping" for pair in item.value]
    return [(key, value) for key, value in pairs if key.id == "scalar" and key.value == "pip"]


def name(layout: Layout, text: str) -> Change:
    """Give a file without a name one, at its top or where ``name:`` stands empty."""
    section, written = layout.section("name"), scalar(text)
    if section is not None:
        return Change(layout.colon(section[0]), layout.end(section[1]), f" {written}")
    if not layout.root.value:
        raise InvalidFile(told("The file holds no keys."), told("Begin with: dependencies:"))
    return before(layout, layout.root.value[0][0], f"name: {written}")


def before(layout: Layout, key: Node, written: str) -> Change:
    """A new key, as it is ``written``, before a key at the top of the file."""
    at = layout.start(key)
    if layout.root.flow_style:
        return Change(at, at, f"{written}, ")
    start = layout.start_of_line(at)
    return Change(start, start, _margin(layout, at) + written + layout.newline)


def _list(layout: Layout, key: str, items: Sequence[Item], at_end: bool = False) -> list[Change]:
    section = layout.section(key)
    if section is None:
        return [_new_section(layout, key, items)]
    scalars = [item for item in section[1].value if item.id == "scalar"] if section[1].id == "sequence" else []
    return [into(layout, *section, items, scalars[-1] if scalars and not at_end else None)]


def _new_section(layout: Layout, key: str, items: Sequence[Item]) -> Change:
    """The order is the usual one: channels stand before dependencies, those at the end."""
    pairs = layout.root.value
    if not pairs:
        raise InvalidFile(told("The file holds no keys."), told("Begin with: dependencies:"))
    if layout.root.flow_style:
        return before(layout, pairs[0][0], f"{key}: [{', '.join(_in_flow(item) for item in items)}]")
    position = next((n for n, pair in enumerate(pairs) if pair[0].value == "dependencies"), len(pairs))
    margin = layout.newline + _margin(layout, layout.start(pairs[0][0]))
    indent = margin + " " * _step(layout)
    written = f"{margin}{key}:" + "".join(_in_block(item, indent, _step(layout)) for item in items)
    if position == 0:
        start = layout.start_of_line(layout.start(pairs[0][0]))
        return Change(start, start, written.removeprefix(layout.newline) + layout.newline)
    at = layout.end_of_line(layout.end(pairs[position - 1][1]))
    return Change(at, at, written)


def into(layout: Layout, key: Node, value: Node, items: Sequence[Item], after: Node | None = None) -> Change:
    """Add to the list that is the value of ``key``, behind ``after`` or the last one."""
    if value.id == "sequence" and value.value:
        return _behind(layout, value, after or value.value[-1], items)
    if value.id != "sequence" and shape(value) != "null":
        raise InvalidFile(told("{value}: is no list.", value=key.value), told("Mend that first."))
    start, end = layout.colon(key), layout.end(value)
    if layout.is_flow(key):
        return Change(start, end, f" [{', '.join(_in_flow(item) for item in items)}]")
    indent = layout.newline + " " * (key.start_mark.column + _step(layout))
    return Change(start, end, "".join(_in_block(item, indent, _step(layout)) for item in items))


def _behind(layout: Layout, sequence: Node, last: Node, items: Sequence[Item]) -> Change:
    style, start, end = _style(sequence), layout.start(last), layout.end(last)
    if sequence.flow_style:
        between = " " if layout.indent(start).strip() else layout.newline + layout.indent(start)
        return Change(end, end, "".join(f",{between}{_in_flow(item, style)}" for item in items))
    dash = layout.dash(last)
    margin, gap = layout.newline + _margin(layout, dash), layout.text[dash + 1 : start]
    gap = " " if gap.strip(" ") else gap
    at = layout.end_of_line(end)
    return Change(at, at, "".join(_in_block(item, margin, _step(layout), style, gap or " ") for item in items))


def _in_block(item: Item, indent: str, step: int, style: str | None = None, gap: str = " ") -> str:
    """An item's lines, each behind its line break."""
    if isinstance(item, str):
        return f"{indent}-{gap}{quoted(item, style) if style else scalar(item)}"
    inner = indent + " " * (1 + len(gap) + step)
    return f"{indent}-{gap}pip:" + "".join(f"{inner}- {scalar(each)}" for each in item)


def _in_flow(item: Item, style: str | None = None) -> str:
    if not isinstance(item, str):
        return f"{{pip: [{', '.join(_in_flow(each) for each in item)}]}}"
    style = style or ('"' if set(item) & set(",[]{}") else None)
    return quoted(item, style) if style else scalar(item)


def _style(sequence: Node) -> str | None:
    """The quotes that all texts of a list are in; one alone is no habit."""
    styles = [item.style for item in sequence.value if item.id == "scalar"]
    return styles[0] if len(styles) > 1 and set(styles) in ({"'"}, {'"'}) else None


def _step(layout: Layout) -> int:
    """How much further than their keys the lists of the file are indented."""
    for key, value in layout.root.value:
        if value.id == "sequence" and not value.flow_style:
            dash = layout.dash(value.value[0])
            return max(len(layout.indent(dash)) - len(layout.indent(layout.start(key))), 0)
    return 2


def _margin(layout: Layout, at: int) -> str:
    """The indentation of a line that begins with what is at ``at``."""
    indent = layout.indent(at)
    if indent.strip():
        raise InvalidFile(told("Two things begin in one line of the file."), told("Give each a line of its own."))
    return indent
