"""Everything that the locators find, as one snapshot in memory that is kept true."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from traitlets import Float, List, Unicode
from traitlets.config import LoggingConfigurable

from . import condarc
from .disk import is_usable
from .environment import Environment, State
from .errors import NotFound
from .journal import open_entries
from .locators import Found, Locator, Roots, all_locators, discover, find_roots, look
from .locators.changes import ticks
from .locators.faults import unreadable
from .locators.problems import building
from .searched import Search, search
from .snapshot import Change, Snapshot, difference

__all__ = ["Catalog", "Change", "Snapshot"]

EAGER_SECONDS = 1.0
BATCH = 10
BREATH_SECONDS = 0.0005
SHARE = 20
"""A pause lasts at least this many times as long as the look before it: a slow disk is not kept busy."""


class Catalog(LoggingConfigurable):
    """The environments of this machine. Every method may be called from any thread.

    Nothing is read before the first :meth:`refresh`; until then the snapshot is empty and ``is_scanned`` is false.
    """

    extra_roots = List(
        Unicode(),
        help="""Further folders whose children are environments, beside those that conda's own configuration,
        `~/.conda/environments.txt` and the usual install places name.""",
    ).tag(config=True)

    recheck_seconds = Float(
        5.0,
        help="""Seconds between two looks for changes that the file system does not announce, such as a package
        installed into an existing environment. A look costs a few stats per environment.""",
    ).tag(config=True)

    def __init__(self, *, environ: Mapping[str, str] | None = None, home: Path | None = None, **kwargs: Any) -> None:
        """``environ`` and ``home`` stand in for the process's own."""
        super().__init__(**kwargs)
        self._environ, self._home = environ, home
        self._scanning = threading.Lock()
        self._found: dict[str, Found] = {}
        self._roots = Roots()
        self._snapshot = Snapshot()
        self._listeners: list[Callable[[Change], object]] = []
        self._cost = 0.0
        self._stirred = False

    @cached_property
    def locators(self) -> tuple[Locator, ...]:
        """Ours and those of third parties, found when they are first needed."""
        return all_locators(self.log)

    @property
    def snapshot(self) -> Snapshot:
        """The last good look at the disk. From memory."""
        return self._snapshot

    def get(self, environment_id: str) -> Environment:
        """From memory. Raises ``NotFound``."""
        environment = self._snapshot.by_id.get(environment_id)
        if environment is None:
            raise NotFound(
                f"There is no environment with the id {environment_id}.",
                "It may have been removed: refresh the list.",
                details={"id": environment_id},
            )
        return environment

    def refresh(self) -> Change:
        """Look at the disk and take a new snapshot; what is unchanged is not read again. One look at a time.

        Blocks for milliseconds, so call it in a thread. If the look itself fails the old snapshot stays, grows
        older, and the failure is logged.
        """
        with self._scanning, _no_collection():
            start = time.monotonic()
            change = self._look_again()
            self._cost, self._stirred = time.monotonic() - start, bool(change)
        if change:
            self._tell(change)
        return change

    def on_change(self, callback: Callable[[Change], object]) -> Callable[[], None]:
        """Call ``callback`` after each refresh that found a difference, *in the thread that refreshed*.

        Returns what ends that.
        """
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    @property
    def envs_dirs(self) -> tuple[str, ...]:
        """Canonical folders whose children are environments, whether they exist or not. May read the disk."""
        return self._known_roots().envs_dirs

    @property
    def envs_dir(self) -> str | None:
        """Where a new environment goes: the first of ``envs_dirs`` that is writable, or can be made. Reads the disk.

        It is not made: who creates an environment makes it. ``None`` where nothing is writable.
        """
        return next((folder for folder in self.envs_dirs if is_usable(folder)), None)

    def search(self) -> Search:
        """What is searched, and which setting says so. Reads the disk."""
        return search(self._known_roots(), self.extra_roots)

    def condarc_problems(self) -> tuple[str, ...]:
        """Sentences about what conda's configuration says and cannot be used. Reads the disk."""
        roots = self._known_roots()
        return condarc.load(roots.environ, Path(roots.home)).problems

    async def watch(self) -> None:
        """Refresh, in a thread, whenever something may have changed. Endless: cancel it.

        Folders of environments are watched for children. What changes *inside* an environment is found by stats
        every ``recheck_seconds``: two watches per environment would use up inotify's limit (8192 a user on many
        systems), restart the whole stream of macOS at each, and see nothing of what another node does on NFS.
        While things move the look is repeated each second, as a folder is born long before its kernel.
        """
        async for _ in ticks(self._watched, self._pause, self.log):
            await asyncio.to_thread(self.refresh)

    def _watched(self) -> list[str]:
        roots = self._roots
        folders = {*roots.envs_dirs, *([os.path.dirname(roots.registry)] if roots.registry else [])}
        return [folder for folder in folders if os.access(folder, os.R_OK | os.X_OK)]

    def _pause(self) -> float:
        moving = self._stirred or any(e.state in _PASSING for e in self._snapshot.environments)
        pause = min(EAGER_SECONDS, self.recheck_seconds) if moving else self.recheck_seconds
        return max(pause, self._cost * SHARE)

    def _known_roots(self) -> Roots:
        return self._roots if self._snapshot.is_scanned else self._find_roots()

    def _find_roots(self) -> Roots:
        return find_roots(self._environ, self._home, self.extra_roots)

    def _look_again(self) -> Change:
        try:
            roots = self._find_roots()
            found = self._everything(roots)
            environments = _sorted(_dressed(found, roots))
        except Exception:  # the listing border: an old list serves better than none
            self.log.exception("Looking for environments failed; the list of %.0f s ago stays.", self.snapshot.age)
            return Change()
        before, now = self._snapshot, Snapshot(environments, time.monotonic())
        self._roots, self._found, self._snapshot = roots, found, now
        return difference(before, now)

    def _everything(self, roots: Roots) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for count, prefix in enumerate(discover(roots, self.locators), 1):
            self._add(found, prefix)
            if count % BATCH == 0:
                _breathe()
        for prefix in self._found.keys() - found.keys():
            if _is_withheld(prefix):
                self._add(found, prefix)
        return found

    def _add(self, found: dict[str, Found], prefix: str) -> None:
        known = self._found.get(prefix)
        result = known if known and known.evidence.holds() else self._read(prefix, known)
        if result:
            found[prefix] = result

    def _read(self, prefix: str, known: Found | None) -> Found | None:
        try:
            return look(prefix, self.locators)
        except Exception as error:  # the listing border: one environment never hurts the others
            level = self.log.debug if known else self.log.warning
            level("The environment %s cannot be read.", prefix, exc_info=True)
            return known if known and isinstance(error, OSError) else unreadable(prefix, error)

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(change)
            except Exception:  # one listener never hurts the others, nor the catalog
                self.log.exception("A listener to changes of the environments failed.")


_PASSING = frozenset({State.BUILDING, State.INCOMPLETE})


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


def _breathe() -> None:
    """Let an event loop have the GIL: without this it waits 5 ms each time it asks, while a thread reads files."""
    if threading.current_thread() is not threading.main_thread():
        time.sleep(BREATH_SECONDS)


def _is_withheld(prefix: str) -> bool:
    """Whether the disk does not say that ``prefix`` is gone: a failing disk proves nothing."""
    try:
        os.stat(prefix)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return False


def _dressed(found: Mapping[str, Found], roots: Roots) -> Iterable[Environment]:
    """What an environment's own folder cannot know: that it is a base, that a job is at work on it."""
    open_jobs = {prefix: verb for folder in roots.envs_dirs for prefix, verb in open_entries(folder).items()}
    half_made = {prefix for prefix, operation in open_jobs.items() if operation == "create"}
    for prefix, environment in ((prefix, result.environment) for prefix, result in found.items()):
        if prefix in half_made:
            yield replace(environment, state=State.BUILDING, kernels=(), problem=building(prefix))
        elif prefix not in roots.bases:
            yield environment
        elif environment.state is not State.INCOMPLETE:  # micromamba's root holds environments and is none
            yield replace(environment, is_base=True, name="base")


def _sorted(environments: Iterable[Environment]) -> tuple[Environment, ...]:
    return tuple(sorted(environments, key=lambda e: (not e.is_base, e.name.casefold(), e.prefix)))
