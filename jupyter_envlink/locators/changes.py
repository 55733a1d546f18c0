"""When to look again: the file system tells, and a clock for what it does not tell."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection

SETTLE = 200
"""Milliseconds of silence after a change: a program that makes an environment touches its folder more than once."""
STEP = 100
LONGEST = 500
"""Milliseconds that the watching thread stays away at most: an interpreter that ends waits for it."""


async def ticks(
    folders: Callable[[], Collection[str]], pause: Callable[[], float], log: logging.Logger
) -> AsyncIterator[None]:
    """Yield each time something may have changed, at the latest after ``pause()`` seconds. Endless; cancellable.

    ``folders()`` are existing folders, watched for what is made or removed directly in them, and asked for again
    before each wait. Where they cannot be watched (no inotify left, a file system without it), the clock remains:
    the reason is logged once for each set of folders.
    """
    changed = asyncio.Event()
    watched: frozenset[str] = frozenset()
    watcher: asyncio.Task[None] | None = None
    try:
        while True:
            wanted = frozenset(folders())
            if wanted != watched:
                await _end(watcher)
                watched, watcher = wanted, asyncio.create_task(_watch(wanted, changed, log))
            await _wait(changed, pause())
            yield
    finally:
        await _end(watcher)


async def _wait(changed: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(asyncio.TimeoutError):  # not the builtin one before Python 3.11
        await asyncio.wait_for(changed.wait(), seconds)
    changed.clear()


async def _watch(folders: frozenset[str], changed: asyncio.Event, log: logging.Logger) -> None:
    if not folders:
        return
    try:
        awatch = await asyncio.to_thread(_awatch)
        async for _ in awatch(
            *folders, watch_filter=None, recursive=False, debounce=SETTLE * 4, step=STEP, rust_timeout=LONGEST
        ):
            changed.set()
    except (OSError, RuntimeError, ImportError) as error:
        log.warning("Folders with environments cannot be watched, they are looked at by the clock: %s", error)


def _awatch() -> Callable[..., AsyncIterator[object]]:
    """Its import takes a tenth of a second, which an event loop does not have."""
    from watchfiles import awatch

    return awatch


async def _end(watcher: asyncio.Task[None] | None) -> None:
    if watcher:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
