"""What the channels have instead of what was asked for and is not there, as clauses of a sentence. Pure."""

from __future__ import annotations

import difflib

from .engines.availability import Availability, Available
from .envfile import package_name, platforms
from .envfile.spec import parse
from .sentence import any_of, told


def why_missing(asked: str, available: Availability, here: str, near: bool) -> str:
    """Why nothing fits the spec ``asked``, and what there is instead. With ``near``, names written almost so."""
    found, spec = available.of[asked], parse(asked.strip())
    if not found.versions:
        return no_such_name(package_name(asked), available, here, near)
    if spec.build.startswith("pypi"):
        return told("that is how pip's packages are listed, and no channel has those")
    if found.fits_unbuilt:
        other = platforms.built_for(spec.build, here)
        if other:
            return told("that build is for {platform}, others are", platform=platforms.label(other))
        return told("that build is not there, others are")
    there = versions(found, spec.version)
    return told("that version is not there; the channels have {versions}", versions=there)


def no_such_name(name: str, available: Availability, here: str, near: bool) -> str:
    """Why a package is not there in any version."""
    other = platforms.only_on(name, here)
    if other:
        return told("{name} exists for {platform} only", name=name, platform=platforms.label(other))
    alike = near_names(name, available) if near else ()
    if not alike:
        return told("the channels have no package {name} for this platform", name=name)
    return told(
        "the channels have no package {name} for this platform; did you mean {names}?", name=name, names=any_of(alike)
    )


def near_names(name: str, available: Availability) -> tuple[str, ...]:
    """At most three names that the channels have and that are written almost so, the nearest first."""
    lengths = range(len(name) - 2, len(name) + 3)
    sized = sorted(known for known in available.names if len(known) in lengths)
    return tuple(difflib.get_close_matches(name, sized, 3, 0.75))


def versions(found: Available, wanted: str) -> str:
    """The versions there are: the newest, and the one nearest to ``wanted`` where that is another."""
    newest = found.versions[0]
    parts = wanted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        start = ".".join(parts[:length])
        nearest = next((each for each in found.versions if each == start or each.startswith(f"{start}.")), None)
        if nearest and nearest != newest:
            return told("{nearest}, and {newest} is the newest", nearest=nearest, newest=newest)
    oldest = found.versions[-1]
    if oldest == newest:
        return told("{newest} only", newest=newest)
    return told("{oldest} to {newest}", oldest=oldest, newest=newest)
