"""All environments at one moment, and the difference between two moments. No I/O."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .environment import Environment, State, prefix_id

NEVER = 0.0


@dataclass(frozen=True)
class Snapshot:
    """All environments at one moment: base installations first, then by name. ``taken`` is monotonic seconds."""

    environments: tuple[Environment, ...] = ()
    taken: float = NEVER

    @property
    def is_scanned(self) -> bool:
        """Whether the disk has been looked at, ever."""
        return self.taken != NEVER

    @property
    def age(self) -> float:
        """Seconds since the disk was looked at with success."""
        return time.monotonic() - self.taken

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
        changed=_ids(e for e in now.environments if e.prefix in old and old[e.prefix] != e),
        removed=_ids(e for e in before.environments if e.prefix not in new),
    )


def _ids(environments: Iterable[Environment]) -> tuple[str, ...]:
    return tuple(environment.id for environment in environments)
