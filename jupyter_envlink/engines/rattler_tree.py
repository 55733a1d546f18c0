"""The solver's explanation as a tree: what resolvo's ``DisplayUnsat`` (its ``src/conflict.rs``) writes as text.

py-rattler 0.28 hands out nothing else. A line that is not understood stays in the text and is no part of the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["missing", "blocked", "possible", "candidate", "clash", "constrains", "excluded", "held"]

_LINE = re.compile(r"(?P<indent>(?:│  |   )*(?:[├└]─ )?)(?P<text>\S.*?)\s*$")
_PREAMBLE = "Cannot solve the request because of: "
_INCOMPATIBLE = "The following packages are incompatible"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("missing", re.compile(r"No candidates were found for (.+)\.")),
    ("missing", re.compile(r"(.+), for which no candidates were found\.")),
    ("blocked", re.compile(r"(.+?),?(?: which)? cannot be installed because there are no viable options:")),
    ("possible", re.compile(r"(.+?),?(?: which)? can be installed with any of the following options:")),
    ("clash", re.compile(r"(.+), which conflicts with the versions reported above\.")),
    ("constrains", re.compile(r"(.+), which conflicts with any installable versions previously reported")),
    ("excluded", re.compile(r"(.+? is excluded because .+)")),
    ("held", re.compile(r"the constraint (.+) cannot be fulfilled")),
    ("held", re.compile(r"(.+) is locked, but another version is required as reported above")),
    ("candidate", re.compile(r"(.+?)(?: would require| would constrain)?")),
)
_MANY = 100_000
"""Characters of an explanation that are read: the tree of a large conflict repeats itself."""


@dataclass
class Node:
    """A requirement (``numpy >=1.21,<1.22``: missing, blocked, possible, constrains, held) or packages that would
    satisfy the one above it (``numpy 1.21.0 | 1.21.5``: candidate, clash, excluded)."""

    kind: Kind
    text: str
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The package that it is about."""
        return re.split(r"[\s\[]", self.text, maxsplit=1)[0]


def parse(reasons: str) -> list[Node]:
    """The requirements at the top: of the request itself, in the solver's order."""
    roots: list[Node] = []
    above: list[tuple[int, list[Node]]] = [(-1, roots)]
    offset = 0
    for line in reasons[:_MANY].splitlines():
        text = line.removeprefix(_PREAMBLE)
        found = _LINE.match(text)
        if found is None:
            continue
        if found["text"] == _INCOMPATIBLE:
            offset = 1
            continue
        depth = len(found["indent"]) // 3 - offset
        node = _node(found["text"])
        while above[-1][0] >= depth:
            above.pop()
        above[-1][1].append(node)
        above.append((depth, node.children))
    return roots


def _node(text: str) -> Node:
    for kind, form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return Node(kind, _tidied(found[1]))
    return Node("candidate", text)


def _tidied(spec: str) -> str:
    """``numpy *`` is any numpy."""
    return spec.removesuffix(" *")
