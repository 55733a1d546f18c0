"""Why a package is in an environment: the chains from what people have asked for down to it, and what needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from packaging.utils import canonicalize_name

from .errors import NotFound
from .holding import Held, Holdings
from .sentence import told

MOST_CHAINS = 20


@dataclass(frozen=True)
class Step:
    """One package of a chain. ``spec`` is how the one before it needs it; of the first, what was asked for."""

    name: str
    version: str | None
    spec: str | None


@dataclass(frozen=True)
class Why:
    """``Why`` of ``openapi.yaml``."""

    name: str
    version: str
    manager: str
    requested: str | None
    orphan: bool
    """Nobody has asked for it, and nothing needs it."""
    chains: tuple[tuple[Step, ...], ...]
    """The shortest from each package that somebody has asked for; where there is none, from each that nothing needs.
    The short ones come first."""
    left_out: int
    """How many chains more there are."""
    needed_by: tuple[Step, ...]
    needs: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def why(holdings: Holdings, name: str) -> Why:
    """Raises ``NotFound`` (``no-package``)."""
    package = _found(holdings.packages, name)
    graph = _Graph(holdings.packages)
    starts = graph.starts(package.name)
    chains = sorted((graph.chain(start) for start in starts), key=lambda chain: (len(chain), chain[0].name))
    needed_by = graph.needed_by.get(package.name, {})
    return Why(
        package.name,
        package.version,
        package.manager,
        package.requested,
        orphan=package.requested is None and not needed_by,
        chains=tuple(chains[:MOST_CHAINS]),
        left_out=max(0, len(chains) - MOST_CHAINS),
        needed_by=tuple(graph.step(name, spec) for name, spec in sorted(needed_by.items())),
        needs=tuple(graph.step(need.name, need.spec) for need in package.needs),
    )


def _found(packages: Sequence[Held], name: str) -> Held:
    """By its very name, or as Python's installers compare names."""
    wanted = canonicalize_name(name)
    exact = next((each for each in packages if each.name == name), None)
    found = exact or next((each for each in packages if canonicalize_name(each.name) == wanted), None)
    if found is None:
        raise NotFound(
            told("There is no package {name!r} in it.", name=name),
            told("The list of its packages shows those that are there."),
            code="no-package",
        )
    return found


class _Graph:
    """Which package needs which; ``needed_by`` is NAME → NAME of who needs it → its spec."""

    def __init__(self, packages: Sequence[Held]) -> None:
        self._by_name: Mapping[str, Held] = {each.name: each for each in reversed(packages)}
        self.needed_by: dict[str, dict[str, str]] = {}
        for package in packages:
            for need in package.needs:
                if need.installed and need.name != package.name:
                    self.needed_by.setdefault(need.name, {}).setdefault(package.name, need.spec)
        self._towards: dict[str, tuple[str, str]] = {}

    def starts(self, name: str) -> list[str]:
        """Where chains to ``name`` begin. From then on ``chain`` knows them."""
        self._towards = {}
        seen = [name]
        for each in seen:  # it grows: the nearest come first
            for above, spec in sorted(self.needed_by.get(each, {}).items()):
                if above != name and above not in self._towards:
                    self._towards[above] = (each, spec)
                    seen.append(above)
        others = seen[1:]
        asked = [each for each in others if self._by_name[each].requested is not None]
        return asked or [each for each in others if not self.needed_by.get(each)]

    def chain(self, start: str) -> tuple[Step, ...]:
        steps, name = [self.step(start, self._by_name[start].requested)], start
        while name in self._towards:
            name, spec = self._towards[name]
            steps.append(self.step(name, spec))
        return tuple(steps)

    def step(self, name: str, spec: str | None) -> Step:
        known = self._by_name.get(name)
        return Step(name, known.version if known else None, spec)
