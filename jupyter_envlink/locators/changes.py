"""When to look again: the file system tells, and a clock for what it does not tell."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Collection

SETTLE = 200
"""Milliseconds of silence after a change: a program that makes an environment touches its folder more than once."""
STEP = 100
LONGEST = 500
"""Milliseconds that the watching thread stays away at most: an interpreter that ends waits for it."""


async def ticks(
    folders: Callable[[], Collection[str]], seconds: float, changed: asyncio.Event, log: logging.Logger
) -> AsyncGenerator[bool, None]:
    """Yield true when something has changed, false when nothing was heard for so many seconds. Endless: to be closed.

    ``folders()`` are existing folders, watched for what is made or removed directly in them, and asked for again
    before each wait. Where they cannot be watched (no inotify left, a file system without it), the clock remains:
    the reason is logged once for each set of folders. Whoever else knows of a change sets ``changed``.
    """
    watched: frozenset[str] = frozenset()
    watcher: _Watcher | None = None
    try:
        while True:
            wanted = frozenset(folders())
            if wanted != watched:
                await _end(watcher)
                watched, watcher = wanted, _Watcher(wanted, changed, log)
                watcher.start()
            yield await _is_set(changed, seconds)
            changed.clear()
    finally:
        await _end(watcher)


async def _is_set(changed: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(asyncio.TimeoutError):  # not the builtin one before Python 3.11
        await asyncio.wait_for(changed.wait(), seconds)
    return changed.is_set()


class _Watcher(threading.Thread):
    """A thread of its own, as even to begin watching may take as long as the slowest of the folders."""

    def __init__(self, folders: frozenset[str], changed: asyncio.Event, log: logging.Logger) -> None:
        super().__init__(name="envlink watcher", daemon=True)
        self.over = threading.Event()
        self._folders, self._changed, self._log = folders, changed, log
        self._loop = asyncio.get_running_loop()

    def run(self) -> None:
        if not self._folders:
            return
        try:
            self._watch()
        except (OSError, RuntimeError, ImportError) as error:
            self._log.warning("Folders with environments cannot be watched, they are looked at by the clock: %s", error)

    def _watch(self) -> None:
        from watchfiles import watch  # its import takes a tenth of a second

        told = watch(
            *self._folders,
            watch_filter=None,
            debounce=SETTLE * 4,
            step=STEP,
            stop_event=self.over,
            rust_timeout=LONGEST,
            recursive=False,
        )
        for _ in told:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._changed.set)


async def _end(watcher: _Watcher | None) -> None:
    """Wait for it, but not for a folder that does not answer."""
    if watcher:
        watcher.over.set()
        await asyncio.to_thread(watcher.join, 2 * LONGEST / 1000)
