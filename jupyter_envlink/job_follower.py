"""What jobs have come to: the listing, the menu and whoever listens learn of each one's moves and of its end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from .binding import of_record
from .catalog import Catalog
from .environment import Environment, State
from .errors import NotFound
from .jobs.queue import JobQueue
from .jobs.record import Job, Status
from .jobs.retention import Retention
from .menu import KernelMenu
from .outcome import clean_after, tidy_after
from .overlay import overlays_dir
from .redaction import holds_secret
from .request import AT_ONCE, Operation
from .sentence import told

#: After these an environment is offered, or not, as it was before.
_NO_ATTACHING = (*AT_ONCE, Operation.PACK, Operation.CLEAN, Operation.UPDATE, Operation.ROLL_BACK)


class JobFollower:
    """The jobs of a queue, each one's end brought into ``catalog`` and ``menu``."""

    def __init__(
        self,
        queue: JobQueue,
        catalog: Catalog,
        menu: KernelMenu,
        retention: Retention,
        on_attach: Callable[[Environment], object],
    ) -> None:
        """``on_attach`` is called with the environment whose kernels an ended job has made available."""
        self._queue = queue
        self._retention = retention
        self._catalog = catalog
        self._menu = menu
        self._on_attach = on_attach
        self._ticking = threading.Lock()
        self.on_move: Callable[[Job], object] = lambda job: None
        """Called with each job that has moved, in the thread that saw it."""

    def all(self) -> list[Job]:
        """Every job, the newest first; their ids count whole seconds only."""
        self.tick()
        return sorted(self._queue.store.all(), key=lambda job: job.request.created, reverse=True)

    def get(self, job_id: str) -> Job:
        """The job as it stands; an ended one once the listing shows what it did. Raises ``NotFound``."""
        job = self._queue.store.load(job_id)
        if job.status.final:
            self.tick()
        return job

    def file(self, job_id: str) -> dict[str, Any]:
        """The file that a job makes an environment of: ``{"path", "text"}``. Raises ``NotFound``, also for one that
        holds a secret (``secret``)."""
        job = self.get(job_id)
        text = job.request.options.get("text")
        if not isinstance(text, str):
            raise NotFound(
                told("The job {job_id} is of no file.", job_id=job_id),
                told("Only a job that creates or updates from a text has one."),
            )
        if holds_secret(text):
            message = told("The file of the job {job_id} holds a token or a password, and is not shown.", job_id=job_id)
            raise NotFound(message, told("Change the file itself, and create from it again."), code="secret")
        return {"path": job.request.options.get("path"), "text": text}

    def submit(self, operation: Operation, environment: Environment, options: Mapping[str, Any]) -> Job:
        """Start changing an environment. Raises ``Conflict`` where a job is changing it already."""
        root = os.path.dirname(environment.prefix)
        tidy = root not in self._catalog.envs_dirs
        if tidy and "keep_generations" in options:  # beside somebody's project nothing of ours stays
            options = {**options, "keep_generations": 0}
        return self._queue.submit(operation, environment.name, environment.prefix, root, {**options, "tidy": tidy})

    def cancel(self, job_id: str) -> Job:
        """End a job and undo what it did. Raises ``NotFound`` and ``Conflict``."""
        job = self._queue.cancel(job_id)
        self.tick()
        return job

    def tick(self) -> None:
        """Look at the unfinished jobs once; where one has changed an environment, the catalog sees it at once.

        ``on_move`` is told of each job that has moved. Whoever comes meanwhile waits: what ended before is then seen.
        """
        with self._ticking:
            moved = self._queue.tick()
            for job in moved:
                if job.status.final:
                    self._settle(job)
                self.on_move(job)
            if any(job.status.final for job in moved):
                self.forget_old()

    def adopt(self) -> list[Job]:
        """Follow the jobs that other processes have left behind; returns those of them that had to be ended."""
        self._queue.store.tidy()
        left = [job for job in self._queue.adopt() if not job.status.final]
        self.tick()
        now = self._queue.store.load_all(job.id for job in left)
        return [job for job in now if job.status.final]

    def forget_old(self) -> None:
        """Delete the records of ended jobs that are not to be kept any longer. Raises nothing."""
        with suppress(OSError):  # another server deletes them too, or the disk is away
            self._retention.apply(self._queue.store)

    def see_gone(self, environment: Environment) -> None:
        """The environment was removed this moment: list and menu show it no more, and its name is free."""
        with suppress(NotFound):
            self._catalog.current(environment.id)
        if environment.id not in self._catalog.snapshot.by_id:
            self._menu.forget(environment.prefix)

    def see_back(self, job: Job) -> None:
        """The environment is at its place again: its kernels are what they were."""
        self._menu.bindings.restore(job.request.prefix, of_record(job.request.options["binding"]))

    def notice(self) -> None:
        """Look for jobs that others have made, and follow them."""
        for job in self._queue.adopt():
            self.on_move(job)

    def roots(self) -> list[str]:
        """Every folder in which a job may have left something: those of environments, of overlays, and of the jobs."""
        others = [job.request.root for job in self._queue.store.all()]
        return list(dict.fromkeys([*self._catalog.envs_dirs, str(overlays_dir()), *others]))

    def tidy(self) -> None:
        """Do what a worker that was killed could not after its job's last word; leave nothing of ours beside projects
        whose jobs are over."""
        ended = [job for job in reversed(self._queue.store.all()) if job.status.final]
        for job in {job.request.prefix: job for job in ended}.values():  # the last one says how much is kept
            clean_after(job.request)
        for job in ended:
            tidy_after(job.request)

    def _settle(self, job: Job) -> None:
        if job.status is Status.SUCCEEDED and job.request.operation is Operation.RESTORE:
            self.see_back(job)
        self._catalog.refresh()
        environment = self._catalog.snapshot.by_prefix.get(os.path.realpath(job.request.prefix))
        if job.status is not Status.SUCCEEDED:
            return
        if job.request.operation is Operation.REMOVE and environment is None:
            self._menu.forget(job.request.prefix)
        elif job.request.operation in _NO_ATTACHING:
            return
        elif environment is not None and environment.state is State.READY:
            self._menu.attach(environment.id)
            self._on_attach(environment)
