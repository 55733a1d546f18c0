"""Every way to mend a file, each as the whole changed file; what of it solves is found out by ``trying``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..envfile import Entry, package_name, read, writer
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

_RELAXED: tuple[Step, ...] = (steps.any_build, steps.any_minor, steps.any_version_at_all)


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
        yield "works-here", "Make it work here", [_changed(case, each, more) for each in ways]
    yield "this-platform", "Leave out what belongs to another platform", [_changed(case, (steps.this_platform,))]
    yield "relax-builds", "Take any build", [_changed(case, (steps.any_build,))]
    if case.is_export or len(case.entries) > _LONG:
        ways = ((steps.requested_only, steps.any_build),)
        yield "requested-only", "Keep only what somebody asked for", [_changed(case, each) for each in ways]
    yield from _singly(case)
    if more:
        yield "add-channel", f"Ask {_list(more)} as well", [_changed(case, (), more)]
    yield "relax-versions", "Take other versions", [_changed(case, each) for each in _LOOSER]


def _singly(case: Case) -> Iterator[tuple[str, str, list[Variant]]]:
    """Each of a few packages that the conflict is about, under another name or in another version; Python last."""
    blamed: dict[str, list[Entry]] = {}
    for entry in sorted(case.blamed, key=lambda entry: package_name(entry.text) == "python"):
        blamed.setdefault(package_name(entry.text), []).append(entry)
    for name, entries in blamed.items() if len(blamed) <= _FEW else ():
        if all(map(case.is_absent, entries)):
            yield f"rename-{name}", f"Take another name for {name}", [_changed(case, (steps.spelled_right,), (), entries)]
        else:
            variants = [_changed(case, (way,), (), entries) for way in _RELAXED]
            yield f"relax-{name}", f"Take another {name}", variants


def _changed(
    case: Case, way: tuple[Step, ...], channels: Sequence[str] = (), entries: Sequence[Entry] | None = None
) -> Variant:
    """The file after some steps, taken by all its packages or by some, with further channels."""
    changes = [steps.taken(case, entry, way) for entry in (case.entries if entries is None else entries)]
    return _with(case.text, changes, case, channels)


def _with(text: str, changes: Sequence[Change], case: Case, channels: Sequence[str] = ()) -> Variant:
    text = writer.apply(text, [edit for change in changes for edit in _edits(text, change)])
    for name in channels:
        text = writer.apply(text, [writer.add_channel(text, read(text), name)])
    for item in (change.pip for change in changes):
        if item:
            text = writer.apply(text, [writer.add_pip(text, read(text), item)])
    return Variant(text, _explained(changes, channels))


def _edits(text: str, change: Change) -> Iterator[writer.Edit]:
    if change.spec is None:
        yield writer.remove_entry(text, change.entry)
    elif change.why:
        yield writer.replace_entry(change.entry, change.spec)


def _explained(changes: Sequence[Change], channels: Sequence[str]) -> str:
    """What happens to whom: a sentence for each reason."""
    said: dict[str, list[str]] = {}
    for change in changes:
        if change.why:
            said.setdefault(change.why, []).append(package_name(change.entry.text))
    sentences = [f"{why}: {_list(list(dict.fromkeys(names)))}." for why, names in said.items()]
    return " ".join([*sentences, *(f"The channel {name} is added." for name in channels)])


def _list(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    if len(names) > _FEW + 1:
        names = [*names[:_FEW], f"{len(names) - _FEW} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
