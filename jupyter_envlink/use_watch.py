"""Watches which kernels of a server run in environments: what is told of those, and written down of their use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from .sessions import RunningKernel, Sessions
from .snapshot import Snapshot
from .uses import Seen, Uses

KERNEL_ACTIONS = "https://events.jupyter.org/jupyter_server/kernel_actions/v1"

#: A kernel that starts gets its notebook this much later, at the latest: seconds.
SETTLE = 0.5
#: How often kernels that go on running are looked at: seconds.
AGAIN = 300.0

Kernels = Mapping[str, Collection[str]]


class UseWatch:
    """``changed`` is called on the event loop with the ids of environments in which other kernels run than before."""

    def __init__(
        self,
        sessions: Sessions,
        uses: Uses,
        snapshot: Callable[[], Snapshot],
        changed: Callable[[Sequence[str]], object],
        log: logging.Logger,
    ) -> None:
        self._sessions, self._uses, self._snapshot = sessions, uses, snapshot
        self._changed, self._log = changed, log
        self._acted = asyncio.Event()
        self._running: Kernels = {}
        self._has_failed = False

    def hear(self, data: Mapping[str, Any]) -> None:
        """A kernel has started or ended, as jupyter_server's own event says."""
        if data.get("action") != "interrupt":
            self._acted.set()

    async def run(self) -> None:
        """Look now, when something has happened, and now and then."""
        await self.look()
        while True:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._acted.wait(), AGAIN)
            self._acted.clear()
            await asyncio.sleep(SETTLE)
            await self.look()

    async def look(self) -> None:
        """Look once. Raises nothing of the disk."""
        try:
            kernels = await self._sessions.all()
            known = self._snapshot().by_id
            seen = [self._seen(known[each.environment].prefix, each) for each in kernels if each.environment in known]
            await asyncio.to_thread(self._write, seen)
        except Exception:  # the border of the background work, which must not end the watching
            self._log.exception("jupyter_envlink: which environments are used could not be found out; it goes on")
            return
        self._tell(kernels)

    def _write(self, seen: Sequence[Seen]) -> None:
        """The first time without any: from then on it is known that none was."""
        if not seen and self._uses.since is not None:
            return
        try:
            self._uses.add(seen)
        except OSError as error:
            level = self._log.debug if self._has_failed else self._log.warning  # once, not each time
            level("jupyter_envlink: which environments are used is not recorded: %s", error)
            self._has_failed = True

    def _seen(self, prefix: str, kernel: RunningKernel) -> Seen:
        notebook = self._sessions.file(kernel.path) if kernel.is_notebook else None
        return Seen(prefix, kernel.used, notebook)

    def _tell(self, kernels: Sequence[RunningKernel]) -> None:
        now: dict[str, set[str]] = {}
        for each in kernels:
            now.setdefault(each.environment, set()).add(each.id)
        before, self._running = self._running, now
        changed = [each for each in {**before, **now} if before.get(each) != now.get(each)]
        if changed:
            self._changed(changed)
