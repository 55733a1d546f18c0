"""Locators that other distributions bring, by the entry point group ``jupyter_envlink.locators``."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from jupyter_envlink.environment import Environment

from .base import Found, Locator
from .metadata import may_be_named
from .roots import Roots

GROUP = "jupyter_envlink.locators"


def third_party_locators(log: logging.Logger) -> tuple[Locator, ...]:
    """One for each entry point of the group, by name: each names a class, or a function, that makes a locator.

    What cannot be loaded, or is no locator, is logged and left out. Runs what it loads.
    """
    made = (_made(point, log) for point in points())
    return tuple(Guarded(locator, log) for locator in made if locator)


@cache
def points() -> tuple[EntryPoint, ...]:
    """Looked for once in a process. Only where somebody brings one are all installed distributions understood, which
    takes many times as long as the look whether anybody does.
    """
    if not may_be_named(GROUP):
        return ()
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))


def _made(point: EntryPoint, log: logging.Logger) -> Locator | None:
    try:
        locator: object = point.load()()
        if not (isinstance(locator, Locator) and isinstance(locator.kind, str)):
            raise TypeError(f"{locator!r} is no locator: see jupyter_envlink.locators.base.Locator")
    except Exception:  # somebody else's code: whatever it does, the environments of all others stay listed
        log.exception("The locator %s (%s) cannot be used, and is left out.", point.name, point.value)
        return None
    return locator


class Guarded:
    """A third party's locator, whose failed looks are its own: what it cannot tell, the next locator is asked."""

    def __init__(self, locator: Locator, log: logging.Logger) -> None:
        self._locator, self._log = locator, log
        self._has_failed = False
        self.kind = locator.kind

    def discover(self, roots: Roots) -> Iterator[str]:
        """Raises whatever the third party's raises."""
        found: Iterable[object] = self._locator.discover(roots)
        yield from (os.path.realpath(prefix) for prefix in found if isinstance(prefix, str) and os.path.isabs(prefix))

    def look(self, prefix: str) -> Found | None:
        """Raises ``OSError``, as any locator may; any other failure is logged."""
        try:
            return _checked(self._locator.look(prefix), prefix)
        except OSError:
            raise
        except Exception:  # somebody else's code
            level = logging.DEBUG if self._has_failed else logging.ERROR  # it is asked every few seconds
            self._has_failed = True
            self._log.log(level, "The locator of %s failed; the next one is asked.", self.kind, exc_info=True)
            return None

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def _checked(found: object, prefix: str) -> Found | None:
    if found is None or (isinstance(found, Found) and found.environment.prefix == prefix):
        return found
    raise TypeError(f"{found!r} is not what was found in {prefix}")
