"""Steps from a file to one that asks for less: each says what becomes of one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..alternatives import near_names
from ..engines.availability import Available
from ..envfile import Entry, package_name, platforms
from ..envfile.loosening import name_only, to_minor, without_build
from ..envfile.plumbing import is_asked_for, is_plumbing
from ..envfile.spec import parse
from ..sentence import told
from .case import Case


@dataclass(frozen=True)
class Change:
    """What becomes of an entry: ``spec`` is ``None`` where it goes; ``pip`` is what pip installs in its place; ``why``
    is the last reason for a change, empty where nothing changes."""

    entry: Entry
    spec: str | None
    why: str = ""
    pip: str | None = None

    def gone(self, why: str) -> Change:
        return replace(self, spec=None, why=why)

    def to(self, spec: str, why: str) -> Change:
        return self if spec == (self.spec or "").strip() else replace(self, spec=spec, why=why)


Step = Callable[[Case, Change], Change]

BUILD = told("In any build")
MINOR = told("In any version of the same first two numbers")
ANY = told("In any version")
_VIRTUAL = {"__win": "Windows", "__osx": "macOS", "__linux": "Linux"}


def taken(case: Case, entry: Entry, steps: tuple[Step, ...]) -> Change:
    """What becomes of ``entry`` after all ``steps``."""
    change = Change(entry, entry.text)
    for step in steps:
        if change.spec is not None:
            change = step(case, change)
    return change


def this_platform(case: Case, change: Change) -> Change:
    """Packages of another platform go, and so do builds of one; what pip had installed goes to pip."""
    spec, found = parse(change.entry.text.strip()), case.has(change.entry)
    if other := _only_on(spec.name, case.here):
        return change.gone(told("Left out, as it is for {platform} only", platform=other))
    if spec.build.startswith("pypi"):
        return replace(change.gone(told("Listed for pip, where it is from")), pip=f"{spec.name}=={spec.version}")
    if case.is_export and case.is_absent(change.entry):
        return change.gone(told("Left out, as the channels do not have it for this platform"))
    if platforms.built_for(spec.build, case.here) or (case.is_export and found.fits_unbuilt and not found.fits):
        return any_build(case, change)
    return change


def spelled_right(case: Case, change: Change) -> Change:
    """What the channels call a package that they do not have under its name here, where it is nearly that."""
    name = package_name(change.entry.text)
    near = near_names(name, case.available)[:1] if case.is_absent(change.entry) else ()
    return (
        change.to((change.spec or "").strip().replace(name, near[0], 1), told("Spelled {name}", name=near[0]))
        if near
        else change
    )


def requested_only(case: Case, change: Change) -> Change:
    """What others bring along goes: by the channels' word where they were asked, else by its name."""
    name = package_name(change.entry.text)
    if is_plumbing(name) or (name in case.brought_along and not is_asked_for(name)):
        return change.gone(told("Left out, as others bring it along"))
    return change


def any_build(_: Case, change: Change) -> Change:
    return change.to(without_build(change.spec or ""), BUILD)


def any_missing_version(case: Case, change: Change) -> Change:
    """A version that is not there is loosened as far as it has to be."""
    found = case.has(change.entry)
    return _loosened(found, change) if found.versions and not found.fits_unbuilt else change


def any_minor(case: Case, change: Change) -> Change:
    return _loosened(case.has(change.entry), change)


def any_version(case: Case, change: Change) -> Change:
    """But Python keeps its first two numbers, where there is one with these."""
    return (any_minor if package_name(change.entry.text) == "python" else any_version_at_all)(case, change)


def any_version_at_all(_: Case, change: Change) -> Change:
    return change.to(name_only(change.spec or ""), ANY)


def _only_on(name: str, here: str) -> str | None:
    """The system that a package is for alone, where that is another one."""
    other = platforms.only_on(name, here)
    virtual = _VIRTUAL.get(name)
    if virtual is not None and virtual != platforms.label(here):
        return virtual
    return platforms.label(other) if other else None


def _loosened(found: Available, change: Change) -> Change:
    if found.versions and not found.fits_minor:
        return change.to(name_only(change.spec or ""), ANY)
    return change.to(to_minor(change.spec or ""), MINOR)
