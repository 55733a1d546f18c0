"""What channels have of what was asked for: values only. What makes a conflict explainable, and a file mendable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Available:
    """The packages that channels have for one spec, on this platform."""

    versions: tuple[str, ...] = ()
    """Of the name, the newest first; empty where the channels have no package of that name."""
    fits: bool = False
    """One of them is what the spec asks for."""
    fits_unbuilt: bool = False
    """One is, but for its build."""
    fits_minor: bool = False
    """One has the version's first two numbers."""
    depends: frozenset[str] = frozenset()
    """The names that the best of them needs: one that fits, else the nearest there is."""


@dataclass(frozen=True)
class Availability:
    """``of`` by spec, as it was asked; ``names`` are all that the channels have, empty where that is not known."""

    of: Mapping[str, Available] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
