"""Many deaths: how many of which kind one operation gets, and in which order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .fatal import Calls, Events, Means, Point, counts_calls
from .kills import Victim
from .spread import spread

#: What dies, in how many of a hundred deaths: the worker at an event or at a call (it alone, or its whole group), the
#: worker and then whoever cleans up after it, the server that begins it; at random the worker, its group, its child.
_SHARES = {"event": 25, "call": 30, "call-group": 15, "recovery": 10, "server": 5, "worker": 5, "group": 5, "child": 5}


@dataclass(frozen=True)
class Campaign:
    """``number`` deaths of one victim, chosen by ``chance``."""

    victim: Victim
    number: int
    chance: random.Random

    def deaths(self) -> Iterator[Callable[[], None]]:
        """Each a run with its check: call it. Raises ``AssertionError`` where the promise was broken.

        Some end before their death comes: then there are more, up to twice as many.
        """
        tried = 0
        while (left := min(self.number - self.victim.tally.kills, 2 * self.number - tried)) > 0:
            yield from self._round(left)
            tried += left

    def _round(self, number: int) -> Iterator[Callable[[], None]]:
        kinds = self._kinds(number)
        points = {kind: iter(self._points(kind, kinds.count(kind))) for kind in dict.fromkeys(kinds)}
        for kind in kinds:
            yield self._death(kind, points[kind])

    def _kinds(self, number: int) -> list[str]:
        shares = _SHARES if counts_calls() else {name: share for name, share in _SHARES.items() if "call" not in name}
        weights = list(shares.values())
        whole = sum(weights)
        kinds = [kind for kind, share in shares.items() for _ in range(number * share // whole)]
        kinds += self.chance.choices(list(shares), weights, k=number - len(kinds))
        self.chance.shuffle(kinds)
        return kinds

    def _means(self, kind: str) -> Means:
        folder = self.victim.ground.folder
        if kind in ("call", "call-group", "recovery") and counts_calls():
            return Calls(folder, "group" if kind == "call-group" else "self")
        return Events(folder)

    def _points(self, kind: str, number: int) -> list[Point]:
        if kind in ("worker", "group", "child"):
            return [Point(kind, index) for index in range(number)]
        means = self._means(kind)
        found = self.victim.points(means, of_server=kind == "server")
        chosen = spread(found, number, self.chance)
        while len(chosen) < number:  # an operation of few steps
            chosen += spread(found, number - len(chosen), self.chance)
        self.chance.shuffle(chosen)
        return chosen

    def _death(self, kind: str, points: Iterator[Point]) -> Callable[[], None]:
        point, means, victim = next(points), self._means(kind), self.victim
        if kind in ("worker", "group", "child"):
            seconds = self.chance.uniform(0.0, victim.lasts) + victim.starts
            return lambda: victim.dies_after(seconds, kind)
        if kind == "server":
            return lambda: victim.server_dies(means, point)
        recoveries = [Point("", self.chance.randint(1, 30)) for _ in range(2)] if kind == "recovery" else []
        return lambda: victim.doer_dies(means, point, recoveries)
