"""Every way to mend a file, each as the whole changed file; what of it solves is found out by ``trying``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..envfile import Entry, package_name, read, writer
from ..errors import InvalidFile
from ..sentence import all_of, joined, told
from . import steps
from .case import Case
from .steps import Change, Step

_FEW = 4
"""Packages that a remedy of their own is offered for, and names that a sentence lists."""
_LONG = 30
"""Packages that hardly anybody writes down by hand."""


@dataclass(frozen=True)
class Variant:
    """A changed file, and in words how it differs."""

    text: str
    explanation: str


@dataclass(frozen=True)
class Draft:
    """One way; ``variants`` go from the smallest change to the largest."""

    code: str
    title: str
    variants: tuple[Variant, ...]


_WORKS_HERE: tuple[tuple[Step, ...], ...] = (
    (steps.this_platform, steps.any_build),
    (steps.this_platform, steps.any_build, steps.any_missing_version),
    (steps.this_platform, steps.requested_only, steps.any_build, steps.any_missing_version),
    (steps.this_platform, steps.requested_only, steps.any_build, steps.any_minor),
    (steps.this_platform, steps.requested_only, steps.any_build, steps.any_version),
    (steps.this_platform, steps.requested_only, steps.any_build, steps.any_version_at_all),
)
_LOOSER: tuple[tuple[Step, ...], ...] = (
    (steps.any_missing_version,),
    (steps.any_minor,),
    (steps.any_version,),
    (steps.any_version_at_all,),
)

_RELAXED: tuple[tuple[Step, ...], ...] = ((steps.any_build,), (steps.any_minor,), (steps.any_version_at_all,))


def drafts(case: Case) -> tuple[Draft, ...]:
    """The ways that change something, the most fitting first. What two of them would give is offered once."""
    seen = {case.text}
    found = []
    for code, title, variants in _ways(case):
        texts = {each.text: each for each in variants if each.text not in seen and read(each.text).ok}
        if texts:
            found.append(Draft(code, title, tuple(texts.values())))
            seen.add(next(iter(texts)))
    return tuple(found)


def _ways(case: Case) -> Iterator[tuple[str, str, list[Variant]]]:
    more = tuple(name for name, has in case.elsewhere.items() if has)
    if case.is_export or len(case.missing) > 1:
        ways = _WORKS_HERE if case.is_export else ((steps.spelled_right, *_WORKS_HERE[1]),)
        yield "works-here", told("Make it work here"), _variants(case, ways, more)
    yield "this-platform", told("Leave out what belongs to another platform"), _variants(case, [(steps.this_platform,)])
    yield "relax-builds", told("Take any build"), _variants(case, [(steps.any_build,)])
    if case.is_export or len(case.entries) > _LONG:
        way = (steps.requested_only, steps.any_build)
        yield "requested-only", told("Keep only what somebody asked for"), _variants(case, [way])
    yield from _singly(case)
    if more:
        yield "add-channel", told("Ask {names} as well", names=_list(more)), _variants(case, [()], more)
    yield "relax-versions", told("Take other versions"), _variants(case, _LOOSER)


def _singly(case: Case) -> Iterator[tuple[str, str, list[Variant]]]:
    """Each of a few packages that the conflict is about, under another name or in another version; Python last."""
    blamed: dict[str, list[Entry]] = {}
    for entry in sorted(case.blamed, key=lambda entry: package_name(entry.text) == "python"):
        blamed.setdefault(package_name(entry.text), []).append(entry)
    for name, entries in blamed.items() if len(blamed) <= _FEW else ():
        if all(map(case.is_absent, entries)):
            yield (
                f"rename-{name}",
                told("Take another name for {name}", name=name),
                _variants(case, [(steps.spelled_right,)], (), entries),
            )
        else:
            yield f"relax-{name}", told("Take another {name}", name=name), _variants(case, _RELAXED, (), entries)


def _variants(
    case: Case, ways: Sequence[tuple[Step, ...]], channels: Sequence[str] = (), entries: Sequence[Entry] | None = None
) -> list[Variant]:
    """The file after each of some ways, taken by all its packages or by some, with further channels; but for those
    that cannot be written into it."""
    found = []
    for way in ways:
        chosen = case.entries if entries is None else entries
        with suppress(InvalidFile):
            found.append(_changed(case.text, [steps.taken(case, entry, way) for entry in chosen], channels))
    return found


def _changed(text: str, changes: Sequence[Change], channels: Sequence[str]) -> Variant:
    """Entries keep their order, so those to go are found again after others were replaced."""
    places = {entry: number for number, entry in enumerate(_conda(text))}
    replaced = [(change.entry, change.spec) for change in changes if change.why and change.spec is not None]
    gone = [places[change.entry] for change in changes if change.spec is None]
    text = writer.apply(text, writer.replace_entries(text, replaced))
    if gone:
        entries = _conda(text)
        text = writer.apply(text, [writer.remove_entries(text, [entries[number] for number in gone])])
    for name in channels:
        text = writer.apply(text, [writer.add_channel(text, read(text), name)])
    items = [change.pip for change in changes if change.pip]
    if items:
        text = writer.apply(text, [writer.add_pip_items(text, read(text), items)])
    return Variant(text, _explained(changes, channels))


def _conda(text: str) -> list[Entry]:
    return [entry for entry in read(text).entries if entry.kind == "conda"]


def _explained(changes: Sequence[Change], channels: Sequence[str]) -> str:
    """What happens to whom: a sentence for each reason, what goes first."""
    said: dict[str, list[str]] = {}
    for change in sorted(changes, key=lambda change: change.spec is not None):
        if change.why:
            said.setdefault(change.why, []).append(package_name(change.entry.text))
    sentences = [
        told("{why}: {names}.", why=why, names=_list(list(dict.fromkeys(names)))) for why, names in said.items()
    ]
    return joined(" ", [*sentences, *(told("The channel {name} is added.", name=name) for name in channels)])


def _list(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    if len(names) > _FEW + 1:
        names = [*names[:_FEW], told("{number} more", number=len(names) - _FEW)]
    return all_of(filter(None, [", ".join(names[:-1]), names[-1]]))
