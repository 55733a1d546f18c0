"""What the channels have instead of what was asked for and is not there, as clauses of a sentence. Pure."""

from __future__ import annotations

import difflib

from .engines.availability import Availability, Available
from .envfile import package_name, platforms
from .envfile.spec import parse


def why_missing(asked: str, available: Availability, here: str, near: bool) -> str:
    """Why nothing fits the spec ``asked``, and what there is instead. With ``near``, names written almost so."""
    found, spec = available.of[asked], parse(asked.strip())
    if not found.versions:
        return no_such_name(package_name(asked), available, here, near)
    if spec.build.startswith("pypi"):
        return "that is how pip's packages are listed, and no channel has those"
    if found.fits_unbuilt:
        other = platforms.built_for(spec.build, here)
        return f"{f'that build is for {platforms.label(other)}' if other else 'that build is not there'}, others are"
    return f"that version is not there; the channels have {versions(found, spec.version)}"


def no_such_name(name: str, available: Availability, here: str, near: bool) -> str:
    """Why a package is not there in any version."""
    other = platforms.only_on(name, here)
    if other:
        return f"{name} exists for {platforms.label(other)} only"
    alike = near_names(name, available) if near else ()
    hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
    return f"the channels have no package {name} for this platform{hint}"


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
            return f"{nearest}, and {newest} is the newest"
    oldest = found.versions[-1]
    return f"{newest} only" if oldest == newest else f"{oldest} to {newest}"
