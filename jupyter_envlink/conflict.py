"""Why a file cannot be solved, by its lines: each line that is involved, with a sentence.

Pure: the solver's text, the file, and what the channels have (``engines.availability``) go in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .alternatives import no_such_name, versions, why_missing
from .engines.availability import Availability
from .engines.rattler_tree import Node, parse
from .envfile import Addition, Entry, EnvironmentFile, package_name, redact
from .envfile.matchspec import for_rattler
from .sentence import joined, told

MAX_CAUSES = 20
"""More are no help to anybody: an export of another machine has hundreds."""
_MAX_LOOKED_UP = 5
"""Names for which near ones are looked for: each costs a walk over all that the channels have."""
_ADDED, _PINNED, _HELD = "envlink", "condarc", "environment"
_VIRTUAL = {
    "__cuda": told("a graphics card and driver that CUDA knows"),
    "__glibc": told("another version of the C library (glibc)"),
    "__linux": "Linux",
    "__osx": told("macOS, or a newer one"),
    "__win": "Windows",
    "__unix": told("Linux or macOS"),
    "__archspec": told("another processor"),
}


@dataclass(frozen=True)
class Cause:
    """A line of the file that the conflict is about; one without a place is what we add ourselves."""

    spec: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    message: str

    def as_dict(self) -> dict[str, Any]:
        """``Cause`` of ``openapi.yaml``."""
        return asdict(self)


@dataclass(frozen=True)
class _Asked:
    """Something that was asked for: an entry of the file, our own addition, or, ``by`` others, neither."""

    spec: str
    entry: Entry | None
    reason: str = ""
    by: str = _ADDED

    @property
    def name(self) -> str:
        return package_name(self.spec)

    @property
    def says(self) -> str:
        if self.entry is not None:
            return told("line {line} asks for {spec}", line=self.entry.line, spec=redact(self.spec.strip()))
        if self.by == _PINNED:
            return told("conda's configuration keeps to {spec}", spec=self.spec)
        if self.by == _HELD:
            return told("the environment holds {spec}", spec=self.spec)
        return told("envlink adds {spec}", spec=self.spec)


@dataclass(frozen=True)
class _Chain:
    """A requirement, what it needs, what that needs, down to what cannot be had."""

    asked: _Asked
    specs: tuple[str, ...]
    end: Node

    @property
    def says(self) -> str:
        """The chain as a clause: line 7 asks for scipy=1.9, which needs numpy <1.22."""
        said = self.asked.says
        for spec in self.specs[1:]:
            said = told("{clause}, which needs {spec}", clause=said, spec=spec)
        if self.end.kind == "constrains":
            return told("{clause}, which goes with {spec} only", clause=said, spec=self.end.text)
        if self.end.kind == "excluded":
            return told("{clause}: {reason}", clause=said, reason=self.end.text)
        return said

    @property
    def about(self) -> str:
        """The package on which it fails."""
        return self.end.name


def causes(
    reasons: str, file: EnvironmentFile, added: Sequence[Addition], available: Availability, here: str
) -> tuple[Cause, ...]:
    """The lines that are involved, in the file's order, what stands in no line last; at most ``MAX_CAUSES``.

    Where packages are not there at all, all of them are named (the solver stops at the first one); else the chains
    that do not go together. ``here`` is this platform.
    """
    asked = _asked(file, added)
    missing = [each for each in asked if _is_missing(each, available)]
    if missing:
        found = list(_missing_causes(missing, available, here))
    else:
        roots = parse(reasons)
        pinned = dict.fromkeys(_Asked(root.text, None, by=_PINNED) for root in roots if root.kind == "held")
        asked += pinned
        chains = _chains([root for root in roots if root.kind != "held"], asked)
        found = list(_chain_causes(chains, asked, available, here))
    found.sort(key=lambda cause: (cause.line is None, cause.line or 0, cause.column or 0))
    return tuple(found[:MAX_CAUSES])


def missing_specs(file: EnvironmentFile, added: Sequence[Addition], available: Availability) -> tuple[str, ...]:
    """What no channel has as it is asked for, in the file's order."""
    return tuple(each.spec.strip() for each in _asked(file, added) if _is_missing(each, available))


def leaf_names(reasons: str) -> tuple[str, ...]:
    """The packages on which the solver's chains fail; to ask the channels about."""
    found = (node.name for root in parse(reasons) for node in _nodes(root) if node.kind == "missing")
    return tuple(dict.fromkeys(name for name in found if not name.startswith("__")))


def _nodes(root: Node) -> Iterator[Node]:
    yield root
    for child in root.children:
        yield from _nodes(child)


def _asked(file: EnvironmentFile, added: Sequence[Addition]) -> list[_Asked]:
    own = [_Asked(entry.text, entry) for entry in file.entries if entry.kind == "conda"]
    return own + [_Asked(addition.spec, None, addition.reason) for addition in added]


def _is_missing(asked: _Asked, available: Availability) -> bool:
    found = available.of.get(asked.spec)
    return found is not None and not found.fits and not asked.name.startswith("__")


def _cause(asked: _Asked, sentence: str) -> Cause:
    if asked.entry is None:
        why = told("{clause} ({reason!p}).", clause=sentence, reason=asked.reason)
        said = why if asked.reason else told("{clause}.", clause=sentence)
        return Cause(asked.spec, None, None, None, None, said)
    entry = asked.entry
    place = (entry.line, entry.column, entry.end_line, entry.end_column)
    is_question = sentence.endswith("?")
    message = told("{clause!c}", clause=sentence) if is_question else told("{clause!c}.", clause=sentence)
    return Cause(redact(asked.spec.strip()), *place, message=message)


def _missing_causes(missing: Sequence[_Asked], available: Availability, here: str) -> Iterator[Cause]:
    for number, asked in enumerate(missing):
        why = why_missing(asked.spec, available, here, near=number < _MAX_LOOKED_UP)
        yield _cause(asked, told("{clause}: {reason}", clause=asked.says, reason=why))


def _chains(roots: Sequence[Node], asked: Sequence[_Asked]) -> list[_Chain]:
    """One for each requirement at the top of the tree."""
    used: set[int] = set()
    found = []
    for root in roots:
        number = _index(root, asked, used)
        used.add(number)
        own = asked[number] if number >= 0 else _Asked(root.text, None, by=_HELD)
        specs, end = _descend(root, {each.name for each in asked if each is not own})
        found.append(_Chain(own, specs, end))
    return found


def _index(root: Node, asked: Sequence[_Asked], used: set[int]) -> int:
    """Which of ``asked`` the solver means: by name, and by its own spelling where the name is asked for twice."""
    alike = [number for number, each in enumerate(asked) if each.name == root.name]
    alike = [number for number in alike if number not in used] or alike
    exact = (number for number in alike if _spelled(asked[number].spec) == root.text.replace(" ", ""))
    return next(exact, alike[0] if alike else -1)


def _spelled(spec: str) -> str:
    from rattler import MatchSpec

    return str(MatchSpec(for_rattler(spec))).rpartition("::")[2].replace(" ", "")


def _descend(root: Node, listed: set[str]) -> tuple[tuple[str, ...], Node]:
    """The specs on the way to where it fails; by the shortest way to a package that others ask for, too."""
    ways = list(_ways(root, (), 400))
    return min(ways, key=lambda way: (way[1].name not in listed, len(way[0])))


def _ways(node: Node, above: tuple[str, ...], most: int) -> Iterator[tuple[tuple[str, ...], Node]]:
    specs = above if node.kind in ("candidate", "clash", "excluded", "constrains") else (*above, node.text)
    if not node.children:
        yield specs, node
        return
    for child in node.children[:most]:
        yield from _ways(child, specs, most)


def _chain_causes(
    chains: Sequence[_Chain], asked: Sequence[_Asked], available: Availability, here: str
) -> Iterator[Cause]:
    """Each chain that fails, with those that it fails on; then these."""
    own: dict[_Asked, str] = {}
    named: dict[_Asked, str] = {}
    for chain in chains:
        others = _others(chain, chains, asked)
        against = joined("; ", others.values())
        if not others and chain.end.kind == "missing":
            against = _nowhere(chain, available, here)
        own.setdefault(chain.asked, joined("; ", [chain.says, against]) if against else chain.says)
        named |= others
    for each, sentence in {**named, **own}.items():
        yield _cause(each, sentence)


def _others(chain: _Chain, chains: Sequence[_Chain], asked: Sequence[_Asked]) -> dict[_Asked, str]:
    """Whoever else wants the package on which ``chain`` fails: directly, or by a chain of its own."""
    found = {
        other.asked: other.says
        for other in chains
        if other is not chain and chain.about in (re.split(r"[\s\[]", spec, maxsplit=1)[0] for spec in other.specs)
    }
    direct = {each: each.says for each in asked if each.name == chain.about and each != chain.asked}
    return {**direct, **found}


def _nowhere(chain: _Chain, available: Availability, here: str) -> str:
    """Why what a chain ends in cannot be had, where nobody else asks for it."""
    name = chain.about
    if name.startswith("__"):
        return told("this machine does not have that ({what})", what=_VIRTUAL.get(name, name))
    found = available.of.get(name)
    if found is not None and found.versions:
        return told("the channels have {versions} of {name}", versions=versions(found, ""), name=name)
    return no_such_name(name, available, here, near=False)
