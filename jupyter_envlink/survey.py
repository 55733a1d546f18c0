"""Looks at every place where environments may be, and keeps what was seen at each."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from .errands import Beat, Errands
from .last_seen import LastSeen
from .locators import LOCATORS, Locator, Roots
from .locators.parts import parts
from .locators.roots import Resolve, Resolved
from .place import NOT_LOOKED_AT, Place, Shared, View
from .sentence import told

Find = Callable[[Resolve], Roots]
_CONFIGURATION = told("the configuration of conda")
OLD_SECONDS = 10.0
"""What was not looked at for so long is told of as stale, whatever the reason."""


class Survey:
    """One look at a time, by whoever holds a lock for it; ``look_again`` and what is in memory at any time.

    Each folder that holds environments is a place of its own, which keeps no other waiting when it does not answer.
    """

    def __init__(
        self,
        find: Find,
        locators: Callable[[], Sequence[Locator]],
        errands: Errands,
        last: LastSeen,
        log: logging.Logger,
    ) -> None:
        """``find`` reads where to look, and asks what it is given for canonical paths."""
        self.roots = Roots()
        self._find, self._errands, self._log = find, errands, log
        self._locators, self._last = locators, last
        self._places: Mapping[str, Place] = {}
        self._canonical: dict[str, str] = {}

    @property
    def views(self) -> list[View]:
        """The last good view of each place."""
        return [place.view for place in self._places.values()]

    def find_roots(self) -> Roots:
        """Where to look. The configuration may itself not answer: then it is as it was the last time."""
        self._errands.run({_CONFIGURATION: self._read_roots})
        return self.roots

    def resolve(self, paths: Iterable[str]) -> Mapping[str, Resolved]:
        """The canonical path of each, by memory where nothing answers."""
        return self._resolved(lambda: None, paths)

    def look(self, everywhere: bool) -> None:
        """Look at all places, or only at those that have rested long enough. Silent ones keep what they have."""
        with _no_collection():
            looks, earlier = self._looks(), {} if self._places else self._last.views()
            fresh = {name: Place(self._log, earlier.get(name, NOT_LOOKED_AT)) for name in looks.keys() - self._places}
            self._places = places = {name: self._places.get(name) or fresh[name] for name in looks}
            silent, now, shared = self._silent(), time.monotonic(), Shared()
            due = [n for n in looks if n not in silent and (everywhere or places[n].view.rests_until <= now)]
            self._errands.run(
                {name: partial(places[name].look, *looks[name], self._locators(), shared) for name in due}
            )

    def look_again(self, prefix: str) -> None:
        """Look at one environment that is known; not where its place is silent."""
        silent = self._silent()
        places = {name: place for name, place in self._places.items() if prefix in place.view.found}

        def look(beat: Beat) -> None:
            for place in places.values():
                place.look_again(prefix, self._locators())

        if not places.keys() & silent:
            self._errands.run({prefix: look})

    def keep(self) -> None:
        """Write down for the next process what is seen now, where that is worth it."""
        self._last.keep({name: place.view for name, place in self._places.items()})

    def stale(self, now: float) -> Mapping[str, float]:
        """When each place was looked at last, of those where that is not now."""
        silent = self._silent()
        views = {name: place.view for name, place in self._places.items()}
        return {
            name: view.taken
            for name, view in views.items()
            if name in silent or not view.is_whole or view.taken < now - OLD_SECONDS
        }

    def _read_roots(self, beat: Beat) -> None:
        self.roots = self._find(partial(self._resolved, beat))

    def _resolved(self, beat: Beat, paths: Iterable[str]) -> Mapping[str, Resolved]:
        """By memory for those that do not answer."""
        answered: set[str] = set()

        def note(path: str, beat: Beat) -> None:
            self._canonical[path] = os.path.realpath(path)
            answered.add(path)

        self._errands.run({path: partial(note, path) for path in paths}, beat)
        known = {path: self._canonical.get(path, os.path.normpath(path)) for path in paths}
        return {path: Resolved(real, path in answered) for path, real in known.items()}

    def _looks(self) -> Mapping[str, tuple[Roots, Sequence[Locator]]]:
        """Where each place is, and who looks there.

        Nobody knows where another's locator looks: it gets everything at once, and holds nobody but itself.
        """
        own = [each for each in self._locators() if each in LOCATORS]
        others: dict[str, list[Locator]] = {}
        for each in self._locators():
            if each not in LOCATORS:
                others.setdefault(each.kind, []).append(each)
        looks = {name: (roots, own) for name, roots in parts(self.roots).items()}
        return {**looks, **{kind: (self.roots, finders) for kind, finders in others.items()}}

    def _silent(self) -> set[str]:
        return {self._canonical.get(place, place) for place in self._errands.silent}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing of what a look makes is garbage: a collection in its midst would hold every thread for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
