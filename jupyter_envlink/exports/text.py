"""What the texts of all formats have in common: comments, and YAML as people write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from ..inventory import Inventory


def one_line(text: str) -> str:
    """``text`` with whatever could end a line, or is no character, escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def comment(lines: Iterable[str]) -> str:
    return "".join(f"# {one_line(line)}\n" for line in lines)


def left_out(what: str, items: Iterable[str]) -> list[str]:
    """Comments about ``items``; none where there are none."""
    listed = [f"  {item}" for item in items]
    return [what, *listed] if listed else []


def unreadable(inventory: Inventory) -> list[str]:
    """Comments about distributions whose metadata are broken."""
    return left_out("Not in this file, as their metadata do not say what they are:", inventory.unreadable)


def dumped(content: Any) -> str:
    """``content`` as YAML, a line each, in its own order."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text


class Quoted(str):
    """A text that no reader of YAML, of whichever version, may take for anything else, nor fold."""


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, as everybody writes them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _quoted(dumper: yaml.SafeDumper, data: Quoted) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style='"')


_Dumper.add_representer(Quoted, _quoted)
