"""What goes on in the background of a server: watching, following jobs, registering, telling the pages."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from .catalog import Change
from .environment import Environment
from .jobs.record import Job, Status
from .service import Envlink
from .sessions import Sessions
from .sizes import GivenUp
from .use_watch import UseWatch

ENVIRONMENTS = "https://jupyter-envlink.readthedocs.io/events/environments/v1"
JOB = "https://jupyter-envlink.readthedocs.io/events/job/v1"

#: How often a running job is looked at, and how often we look for jobs of others: seconds.
FOLLOW, NOTICE = 0.1, 2.0
#: Seconds after which a task that was told to end is told again.
END_WITHIN = 0.5

#: Seconds after a job's end, and after a server's start, before environments are measured: others have more to do then.
SETTLE, IDLE = 3.0, 60.0
#: How often, at most, pages are told of sizes that nobody has asked for: seconds.
SIZES_TOLD = 30.0

#: How long a thread may keep the others from computing, in the whole process: seconds.
SWITCH = 0.001

T = TypeVar("T")
Emit = Callable[[str, Mapping[str, Any]], None]


class Live:
    """One server's background work. ``emit`` is called on the event loop only."""

    def __init__(self, service: Envlink, emit: Emit, log: logging.Logger, sessions: Sessions | None = None) -> None:
        self._service = service
        self._emit = emit
        self._log = log
        self._news: asyncio.Queue[Change | Mapping[str, Any]] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._submitted = asyncio.Event()

        def tell(ids: Sequence[str]) -> None:
            self._news.put_nowait(Change(changed=tuple(ids)))

        self._uses = sessions and UseWatch(sessions, service.uses, lambda: service.catalog.snapshot, tell, log)
        self._to_measure: asyncio.Queue[str] = asyncio.Queue()
        self._menu: Mapping[str, Any] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = False

    async def start(self) -> None:
        """Recover what a killed process has left, then watch. Returns once the first scan is done."""
        loop = asyncio.get_running_loop()

        def soon(callback: Callable[..., object], *arguments: Any) -> None:
            if not loop.is_closed():  # a look at the disk may outlast the server
                loop.call_soon_threadsafe(callback, *arguments)

        self._service.on_change(lambda change: soon(self._news.put_nowait, change))
        self._service.jobs.on_move = lambda job: soon(self._news.put_nowait, _moved(job))
        self._service.queue.on_submit = lambda: soon(self._submitted.set)
        # Threads that compute let the loop wait so long (5 ms by default) each time it comes back from a system call.
        sys.setswitchinterval(min(SWITCH, sys.getswitchinterval()))
        gc.freeze()  # what is loaded by now stays; to go through it again, after a scan, holds the loop for 0.2 s
        await asyncio.to_thread(self._recover)
        if self._stopped:
            return
        gc.freeze()
        self._changed.set()
        for work in (self._service.catalog.watch, self._tell, self._follow, self._register, self._measure):
            self._tasks.append(asyncio.create_task(work(), name=f"envlink {work.__name__}"))

        if self._uses:
            self._tasks.append(asyncio.create_task(self._uses.run(), name="envlink uses"))

    async def hear(self, logger: Any, schema_id: str, data: Mapping[str, Any]) -> None:
        """A kernel of this server has started or ended: jupyter_server's event ``kernel_actions``."""
        if self._uses:
            self._uses.hear(data)

    async def stop(self) -> None:
        """End the watching and the planning; what a thread is at, it finishes."""
        self._stopped = True
        self._service.registrar.end()
        self._service.sizes.end()
        if self._tasks and self._uses:
            await self._uses.look()
        await asyncio.to_thread(self._service.planner.stop)
        running = set(self._tasks)
        while running:  # once is not enough: `wait_for` of Python 3.11 forgets a cancellation at the wrong moment
            for task in running:
                task.cancel()
            _, running = await asyncio.wait(running, timeout=END_WITHIN)

    def _recover(self) -> None:
        self._service.catalog.first_look()
        self._service.recover()
        self._service.jobs.forget_old()
        self._kernels_changed()

    async def _tell(self) -> None:
        """Tell of changes and of jobs' moves in the order in which they were seen, in whichever thread: an environment
        is told of before the end of the job that made it."""
        while True:
            news = await self._news.get()
            if isinstance(news, Change):
                kernels = await self._safely(self._kernels_changed)
                self._changed.set()
                self._emit(ENVIRONMENTS, _moves(news, bool(kernels)))
            else:
                self._emit(JOB, news)
                if news["status"] == Status.SUCCEEDED.value:
                    self._to_measure.put_nowait(news["environment_id"])

    async def _follow(self) -> None:
        """Tell of each move of each job, also of those that the command line made."""
        noticed = 0.0
        while True:
            await self._pause()
            await self._safely(self._service.jobs.tick)
            if time.monotonic() - noticed >= NOTICE:
                await self._safely(self._service.jobs.notice)
                await self._safely(self._service.removal.expire)
                noticed = time.monotonic()

    async def _pause(self) -> None:
        """Short while a job runs; else until one is submitted here, or it is time to look for those of others."""
        if self._service.queue.active:
            await asyncio.sleep(FOLLOW)
            return
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._submitted.wait(), NOTICE)
        self._submitted.clear()

    async def _register(self) -> None:
        """After each change bring the specs on the disk in line."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if await self._safely(self._service.register):  # a manager other than ours lists them from now on
                self._emit(ENVIRONMENTS, _moves(Change(), kernels=True))

    async def _measure(self) -> None:
        """Measure what jobs have changed, and as long as there is none, one of the others after the other."""
        told, news, wait = time.monotonic(), list[str](), IDLE
        while True:
            changed = await self._changed_within(wait)
            environment = await self._safely(partial(self._measurable, changed))
            wait = 1.0 if environment else IDLE
            measured = await self._safely(partial(self._measured, environment)) if environment else False
            if environment and measured:
                news.append(environment.id)
            if news and (changed or not environment or time.monotonic() - told > SIZES_TOLD):
                self._news.put_nowait(Change(changed=tuple(news)))
                told, news = time.monotonic(), []

    async def _changed_within(self, seconds: float) -> str | None:
        """The id of an environment that a job has changed, once that job is over for a while; ``None`` in time."""
        try:
            changed = await asyncio.wait_for(self._to_measure.get(), seconds)
        except asyncio.TimeoutError:
            return None
        await asyncio.sleep(SETTLE)
        return changed

    def _measurable(self, changed: str | None) -> Environment | None:
        if changed is None:
            return self._service.sizes.unmeasured()
        environment = self._service.catalog.snapshot.by_id.get(changed)
        return environment if environment and self._service.sizes.size(environment) is None else None

    def _measured(self, environment: Environment) -> bool:
        """Whether it could be. Ends with the server."""
        with suppress(GivenUp):
            return self._service.sizes.measure_slowly(environment)
        return False

    async def _safely(self, work: Callable[[], T]) -> T | None:
        """``work`` in a thread. What goes wrong once (a full disk, a folder gone) must not end the watching."""
        try:
            return await asyncio.to_thread(work)
        except Exception:  # the border of the background work, as said
            self._log.exception("jupyter_envlink: background work failed; it goes on")
            return None

    def _kernels_changed(self) -> bool:
        """Whether the menu is another than at the last call. Makes the menu where it is: for a thread."""
        before, now = self._menu, {name: offer.spec for name, offer in self._service.menu.offers().items()}
        self._menu = now
        return before != now


def _moves(change: Change, kernels: bool) -> dict[str, Any]:
    ids = {"added": list(change.added), "changed": list(change.changed), "removed": list(change.removed)}
    return {**ids, "kernels_changed": kernels}


def _moved(job: Job) -> dict[str, Any]:
    shown = job.as_dict()
    told = ("id", "operation", "status", "name", "environment_id", "phase", "percent", "bytes")
    message = "" if job.status.final else shown["message"]
    return {"message": message, **{key: shown[key] for key in told}}
