"""Which packages nothing that is asked for needs: pure, by their names and what each depends on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..envfile.spec import package_name


def orphans(depends: Mapping[str, Collection[str]], asked: Collection[str]) -> frozenset[str]:
    """Of the packages (each with the specs that it depends on) those that no package of ``asked`` needs."""
    reached: set[str] = set()
    waiting = [name for name in asked if name in depends]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [each for each in map(package_name, depends[name]) if each in depends]
    return frozenset(depends.keys() - reached)
