"""All environments at one moment, and the difference between two moments. No I/O."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from .environment import Environment, State, prefix_id

NEVER = 0.0
_NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Snapshot:
    """All environments at one moment: base installations first, then by name. ``taken`` is monotonic seconds.

    ``stale`` are the folders of which this shows an earlier moment, ``NEVER`` where it is none at all: they do not
    answer, or looking there failed.
    """

    environments: tuple[Environment, ...] = ()
    taken: float = NEVER
    stale: Mapping[str, float] = field(default_factory=lambda: _NOTHING)

    @property
    def is_scanned(self) -> bool:
        """Whether the disk has been looked at, ever."""
        return self.taken != NEVER

    @property
    def age(self) -> float:
        """Seconds since the disk was looked at with success."""
        return time.monotonic() - self.taken

    def is_stale(self, prefix: str) -> bool:
        """Whether ``prefix`` lies in a folder that does not answer: nobody knows what is there now."""
        return any(prefix.startswith(folder.rstrip(os.sep) + os.sep) for folder in self.stale)

    def again(self, taken: float, stale: Mapping[str, float]) -> Snapshot:
        """The same environments at another moment."""
        same = replace(self, taken=taken, stale=stale)
        for name in self.__dict__.keys() & {
            "by_id",
            "by_prefix",
            "settled",
        }:  # a thousand ids are hashed once, not each second
            same.__dict__[name] = self.__dict__[name]
        return same

    def next(self, environments: tuple[Environment, ...], taken: float, stale: Mapping[str, float]) -> Snapshot:
        """Other environments at another moment. The ids of those that were known are not hashed again."""
        made = Snapshot(environments, taken, stale)
        if "by_id" in self.__dict__:
            ids = {environment.prefix: number for number, environment in self.by_id.items()}
            by_id = {ids.get(each.prefix) or prefix_id(each.prefix): each for each in environments}
            made.__dict__["by_id"] = by_id
        return made

    @cached_property
    def settled(self) -> frozenset[str]:
        """Prefixes of those that no program is at work on: what they are now, they stay."""
        passing = (State.BUILDING, State.INCOMPLETE)
        return frozenset(each.prefix for each in self.environments if each.state not in passing)

    @cached_property
    def by_id(self) -> Mapping[str, Environment]:
        return {prefix_id(prefix): environment for prefix, environment in self.by_prefix.items()}

    @cached_property
    def by_prefix(self) -> Mapping[str, Environment]:
        return {environment.prefix: environment for environment in self.environments}


NOTHING = Snapshot()


@dataclass(frozen=True)
class Change:
    """Ids of the environments by which two snapshots differ. False when they do not."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def difference(before: Snapshot, now: Snapshot) -> Change:
    """By which environments ``now`` differs from ``before``."""
    if not before.environments:
        return Change(added=_ids(now.environments))
    old, new = before.by_prefix, now.by_prefix
    return Change(
        added=_ids(e for e in now.environments if e.prefix not in old),
        changed=_ids(e for e in now.environments if e.prefix in old and _differ(old[e.prefix], e)),
        removed=_ids(e for e in before.environments if e.prefix not in new),
    )


def _differ(before: Environment, now: Environment) -> bool:
    return before is not now and before != now


def _ids(environments: Iterable[Environment]) -> tuple[str, ...]:
    return tuple(environment.id for environment in environments)
