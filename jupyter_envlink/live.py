"""What goes on in the background of a server: watching, following jobs, registering, telling the pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from . import transaction
from .catalog import Change
from .jobs.record import Job
from .service import Envlink

ENVIRONMENTS = "https://jupyter-envlink.readthedocs.io/events/environments/v1"
JOB = "https://jupyter-envlink.readthedocs.io/events/job/v1"

#: How often a running job is looked at, and how often we look for jobs of others: seconds.
FOLLOW, NOTICE = 0.1, 2.0

Emit = Callable[[str, Mapping[str, Any]], None]


class Live:
    """One server's background work. ``emit`` is called on the event loop only."""

    def __init__(self, service: Envlink, emit: Emit, log: logging.Logger) -> None:
        self._service = service
        self._emit = emit
        self._log = log
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Recover what a killed process has left, then watch. Returns once the first scan is done."""
        loop = asyncio.get_running_loop()

        def changed(change: Change) -> None:
            loop.call_soon_threadsafe(self._tell, change)

        self._service.on_change(changed)
        await asyncio.to_thread(self._recover)
        self._changed.set()
        for work in (self._service.catalog.watch, self._follow, self._register):
            self._tasks.append(asyncio.create_task(work(), name=f"envlink {work.__name__}"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _recover(self) -> None:
        """Jobs first: their end is told by their record, which only ``adopt`` writes."""
        self._service.catalog.refresh()
        self._service.queue.adopt()
        for root in self._service.catalog.envs_dirs:
            try:
                ended = transaction.recover(root)
            except OSError as error:  # a shared folder that is not ours to clean up
                self._log.info("jupyter_envlink cannot clean up below %s: %s", root, error)
                continue
            for entry in ended:
                self._log.warning("jupyter_envlink undid the unfinished %s of %s", entry.operation, entry.prefix)
        self._service.catalog.refresh()

    async def _follow(self) -> None:
        """Tell of each move of each job."""
        since_notice = 0.0
        while True:
            active = bool(self._service.queue.active)
            await asyncio.sleep(FOLLOW if active else NOTICE)
            since_notice += FOLLOW if active else NOTICE
            if since_notice >= NOTICE:
                since_notice = 0.0
                await asyncio.to_thread(self._service.queue.adopt)
            for job in await asyncio.to_thread(self._service.tick):
                self._emit(JOB, _moved(job))

    async def _register(self) -> None:
        """After each change, once things are quiet, bring the specs on the disk in line."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await asyncio.to_thread(self._service.register)

    def _tell(self, change: Change) -> None:
        self._changed.set()
        ids = {"added": list(change.added), "changed": list(change.changed), "removed": list(change.removed)}
        self._emit(ENVIRONMENTS, {**ids, "kernels_changed": True})


def _moved(job: Job) -> dict[str, Any]:
    shown = job.as_dict()
    return {key: shown[key] for key in ("id", "operation", "status", "name", "environment_id", "phase", "percent")}
