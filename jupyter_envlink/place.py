"""One folder in which environments are looked for, and what was found there last."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from .errands import Beat
from .journal import open_entries
from .locators import Found, Locator, Roots, look
from .locators.candidates import distinct
from .locators.faults import unreadable
from .snapshot import NEVER

SHARE = 10
"""A place rests at least this many times as long as the look at it took: a slow disk is not kept busy."""
LONGEST_REST = 60.0


Shared = dict[str, Found]
"""What was read in one round, so that an environment which two places name is read once."""
_NONE: Mapping[str, Found] = MappingProxyType({})
_NO_JOBS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class View:
    """What one look at a place has shown. ``taken`` and ``rests_until`` are monotonic seconds.

    ``jobs`` are the operations under way by prefix, ``watchable`` the folders in which one sees prefixes come and go.
    ``is_whole`` is false where a locator failed: what it had found before is there, and ``taken`` is of then.
    """

    found: Mapping[str, Found] = field(default_factory=lambda: _NONE)
    jobs: Mapping[str, str] = field(default_factory=lambda: _NO_JOBS)
    watchable: tuple[str, ...] = ()
    taken: float = NEVER
    rests_until: float = NEVER
    is_whole: bool = True


NOT_LOOKED_AT = View()


class Place:
    """Looked at by one thread at a time; its last good view may be had from any."""

    def __init__(self, log: logging.Logger, view: View = NOT_LOOKED_AT) -> None:
        self.view = view
        self._log = log
        self._lock = threading.Lock()
        self._later: dict[str, Found | None] = {}

    def look(
        self, roots: Roots, finders: Sequence[Locator], locators: Sequence[Locator], shared: Shared, beat: Beat
    ) -> None:
        """Look at what ``finders`` find where ``roots`` say; what is unchanged is not read again."""
        begin = time.monotonic()
        with self._lock:
            self._later = {}
        found: dict[str, Found] = {}
        failed: list[Locator] = []
        for prefix in distinct(chain.from_iterable(self._discovered(each, roots, failed) for each in finders)):
            self._add(found, prefix, locators, shared)
            beat()
        for prefix in self.view.found.keys() - found.keys():
            if failed or _is_withheld(prefix):
                self._add(found, prefix, locators, shared)
        jobs = {prefix: verb for folder in roots.envs_dirs for prefix, verb in open_entries(folder).items()}
        now = time.monotonic()
        rests_until = now + min(SHARE * (now - begin), LONGEST_REST)
        taken = self.view.taken if failed else now
        view = View(found, jobs, tuple(_watchable(roots)), taken, rests_until, not failed)
        with self._lock:
            self._keep(view)

    def look_again(self, prefix: str, locators: Sequence[Locator]) -> None:
        """Look at one known environment, whatever else goes on here."""
        found: dict[str, Found] = {}
        self._add(found, prefix, locators, {})
        with self._lock:
            if found.get(prefix) is not self.view.found.get(prefix):
                self._later[prefix] = found.get(prefix)
                self._keep(self.view)

    def _keep(self, view: View) -> None:
        """The new view, with what ``look_again`` saw while it was made; a mapping that is as it was is the same one.

        Under the lock: between a look and ``look_again`` nothing is lost.
        """
        found = {**view.found, **self._later}
        kept = {prefix: result for prefix, result in found.items() if result}
        same = kept == self.view.found
        jobs = self.view.jobs if view.jobs == self.view.jobs else view.jobs
        self.view = replace(view, found=self.view.found if same else kept, jobs=jobs)

    def _discovered(self, locator: Locator, roots: Roots, failed: list[Locator]) -> Iterator[str]:
        try:
            yield from locator.discover(roots)
        except Exception:  # the listing border: one kind never hurts the others
            level = logging.ERROR if self.view.is_whole else logging.DEBUG  # once, not each second
            message = "Looking for %s environments failed; those that were known stay."
            self._log.log(level, message, locator.kind, exc_info=True)
            failed.append(locator)

    def _add(self, found: dict[str, Found], prefix: str, locators: Sequence[Locator], shared: Shared) -> None:
        if result := shared.get(prefix) or self._seen(prefix, locators):
            found[prefix] = shared[prefix] = result

    def _seen(self, prefix: str, locators: Sequence[Locator]) -> Found | None:
        known = self.view.found.get(prefix)
        if known and known.evidence.holds():
            return known
        try:
            return look(prefix, locators)
        except Exception as error:  # the listing border: one environment never hurts the others
            level = self._log.debug if known else self._log.warning
            level("The environment %s cannot be read.", prefix, exc_info=True)
            return known if known and isinstance(error, OSError) else unreadable(prefix, error)


def _is_withheld(prefix: str) -> bool:
    """Whether the disk does not say that ``prefix`` is gone: a failing disk proves nothing."""
    try:
        os.stat(prefix)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return False


def _watchable(roots: Roots) -> Iterator[str]:
    registry = [os.path.dirname(roots.registry)] if roots.registry else []
    for folder in (*roots.envs_dirs, *registry):
        if os.access(folder, os.R_OK | os.X_OK):
            yield folder
