"""What the places have shown, as one list of environments. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from .environment import Environment, State
from .journal import MAKING
from .locators.problems import building
from .place import View
from .snapshot import NOTHING, Snapshot


def listed(views: Collection[View], bases: Collection[str], before: Snapshot = NOTHING) -> tuple[Environment, ...]:
    """Every environment once: base installations first, then by name. ``before`` is sorted already."""
    jobs = {prefix: operation for view in views for prefix, operation in view.jobs.items()}
    half_made = {prefix for prefix, operation in jobs.items() if operation in MAKING}
    found = {prefix: result.environment for view in views for prefix, result in view.found.items()}
    now = {each.prefix: each for each in _dressed(found.values(), half_made, frozenset(bases))}
    if len(now) == len(before.environments) and all(_stays(each, now) for each in before.environments):
        return tuple(now[each.prefix] for each in before.environments)
    return _sorted(now.values())


def _stays(before: Environment, now: Mapping[str, Environment]) -> bool:
    """Whether it is there yet, with what it is sorted by."""
    found = now.get(before.prefix)
    return found is before or (found is not None and (found.name, found.is_base) == (before.name, before.is_base))


def _dressed(found: Iterable[Environment], half_made: Collection[str], bases: Collection[str]) -> Iterator[Environment]:
    """What an environment's own folder cannot know: that it is a base, that a job is at work on it."""
    for environment in found:
        if environment.prefix in half_made:
            yield replace(environment, state=State.BUILDING, kernels=(), problem=building(environment.prefix))
        elif environment.prefix not in bases:
            yield environment
        elif environment.state is not State.INCOMPLETE:  # micromamba's root holds environments and is none
            yield replace(environment, is_base=True, name="base")


def _sorted(environments: Iterable[Environment]) -> tuple[Environment, ...]:
    return tuple(sorted(environments, key=lambda e: (not e.is_base, e.name.casefold(), e.prefix)))
