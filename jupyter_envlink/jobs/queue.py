"""Starting, following, cancelling and adopting workers. Synchronous and thread-safe; never on an event loop."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any

from .. import process
from ..disk import disk_errors
from ..errors import Conflict, EnvlinkError, NotFound
from ..request import Operation
from ..sentence import told
from .ending import lives, owner_lives, settled
from .launchers import Launcher
from .record import Job, Progress, Status, now
from .store import JobStore


class JobQueue:
    """The jobs of one user, as one server or command sees them; at most ``limit`` workers at once, whoever started
    them."""

    def __init__(self, store: JobStore, launcher: Launcher, limit: int, environ: Mapping[str, str]) -> None:
        self.store = store
        self.launcher = launcher
        self.limit = limit
        self._environ = process.clean_environ(environ)
        self._lock = threading.RLock()
        self.on_submit: Callable[[], object] = lambda: None
        """Called in the thread that submitted: whoever follows jobs need not wait for its next look."""
        self._active: dict[str, Job] = {}
        self._known: set[str] = set()
        self._doing: set[str] = set()

    def submit(self, operation: Operation, name: str, prefix: str, root: str, options: Mapping[str, Any]) -> Job:
        """Write a job down and start it as soon as there is room. Raises ``Conflict`` where one has this prefix."""
        with self._lock:
            self._refuse_second(prefix)
            job = self._follow(self.store.create(operation, name, prefix, root, options))
            self._start_waiting()
            self.on_submit()
            return self.store.load(job.id)

    def do(
        self,
        operation: Operation,
        name: str,
        prefix: str,
        root: str,
        options: Mapping[str, Any],
        work: Callable[[Job], Mapping[str, Any]],
    ) -> Job:
        """A job that takes milliseconds, done by this very process: ``work``, which returns the result.

        Returns the ended job; the next ``tick`` tells of it. Raises ``Conflict`` where a job has this prefix, and what
        ``work`` raises; of a ``Conflict`` there is no record.
        """
        with self._lock:
            self._refuse_second(prefix)
            begun = Progress(Status.RUNNING, started=now())
            job = self._follow(self.store.create(operation, name, prefix, root, options, begun))
            self._doing.add(job.id)
        try:
            return self.store.succeed(job, self._result(job, work))
        finally:  # where it could not be written how it ended, ``tick`` finds out
            self._doing.discard(job.id)
            self.on_submit()

    def _result(self, job: Job, work: Callable[[Job], Mapping[str, Any]]) -> Mapping[str, Any]:
        try:
            with disk_errors(job.request.root):
                return work(job)
        except Conflict:
            self.store.delete(job.id)
            raise
        except EnvlinkError as error:
            with suppress(OSError):
                self.store.fail(job, error, Status.FAILED)
            raise

    def adopt(self) -> list[Job]:
        """Take notice of the jobs that others have made since the last call, and return those.

        Unfinished ones are followed from now on: ``tick`` ends those whose worker is gone.
        """
        with self._lock:
            new = list(self.store.load_all(job_id for job_id in self.store.ids() if job_id not in self._known))
            self._known.update(job.id for job in new)
            for job in new:
                self.store.sweep(job.id)
                if not job.status.final:
                    self._end_orphans(job)
            self._active.update((job.id, job) for job in new if not job.status.final)
            return new

    def _end_orphans(self, job: Job) -> None:
        """What a dead worker had started must not go on while anything below its root is undone."""
        started = self.store.processes(job.id)
        if not lives(started):
            for each in started:
                process.kill_group(*each)

    @property
    def active(self) -> tuple[Job, ...]:
        return tuple(self._active.values())

    def tick(self) -> list[Job]:
        """Look at the unfinished jobs once, and return those that have moved since the last look."""
        with self._lock:
            before = dict(self._active)
            looked_at = [now_is for job in before.values() if (now_is := self._look(job))]
            self._active = {job.id: job for job in looked_at if not job.status.final}
            self._start_waiting()
            return [job for job in looked_at if job.progress != before[job.id].progress]

    def cancel(self, job_id: str) -> Job:
        """End the job and undo what it has done.

        Raises ``NotFound``, and ``Conflict`` where it has ended already, or has just done all that it had to.
        """
        with self._lock:
            job = self.store.load(job_id)
            if job.status.final:
                raise _too_late(job)
            if not self.store.processes(job_id) and self._is_being_done(job):
                message = told("Job {job_id} is done in one step, which cannot be stopped.", job_id=job_id)
                raise Conflict(message, told("Look at it again in a moment."), code="finished")
            self.store.request_cancel(job_id)
            for each in self.store.processes(job_id):
                process.kill_group(*each)
            self._active.setdefault(job_id, job)
            job = settled(self.store, self.store.load(job_id), self._is_being_done)
            if job.status is Status.SUCCEEDED:
                raise _too_late(job)
            return job

    def retry(self, job_id: str, now: Mapping[str, Any] = MappingProxyType({})) -> Job:
        """The same request again, as a new job, with the options of ``now`` in place of those that it had.

        Raises ``NotFound``, and ``Conflict`` while it still runs.
        """
        job = self.store.load(job_id)
        if not job.status.final:
            raise Conflict(
                told("Job {job_id} has not ended yet.", job_id=job_id), told("Cancel it first."), code="running"
            )
        request = job.request
        options = {**request.options, **{name: value for name, value in now.items() if name in request.options}}
        return self.submit(request.operation, request.name, request.prefix, request.root, options)

    def _follow(self, job: Job) -> Job:
        self._active[job.id] = job
        self._known.add(job.id)
        return job

    def _look(self, job: Job) -> Job | None:
        """The job as it stands; ``None`` where somebody has deleted its folder."""
        try:
            return settled(self.store, self.store.again(job), self._is_being_done)
        except NotFound:
            return None

    def _is_being_done(self, job: Job) -> bool:
        """Without a worker, by the process that wrote it down."""
        ours = job.request.owner.get("pid") == os.getpid()
        return job.status is Status.RUNNING and (job.id in self._doing if ours else owner_lives(job))

    def _refuse_second(self, prefix: str) -> None:
        for job in self._active.values():
            now_is = self._look(job) if job.request.prefix == prefix else None
            if now_is is not None and not now_is.status.final:
                message = told("Job {id} is changing {prefix} already.", id=job.id, prefix=prefix)
                raise Conflict(message, told("Wait for it, or cancel it."), code="busy", details={"job": job.id})

    def _start_waiting(self) -> None:
        """The oldest first."""
        waiting = sorted(
            (job for job in self._active.values() if self._may_start(job)), key=lambda job: job.request.created
        )
        if not waiting or self._room() <= 0:
            return
        with self._alone() as alone:
            for job in waiting[: max(0, self._room()) if alone else 0]:
                with suppress(NotFound):  # somebody has deleted its folder
                    self._start(job)

    def _room(self) -> int:
        return self.limit - sum(lives(self.store.processes(job.id)) for job in self._active.values())

    def _may_start(self, job: Job) -> bool:
        """Queued, without a worker, and ours, or left behind by a server that is gone."""
        if job.status is not Status.QUEUED or self.store.processes(job.id):
            return False
        return job.request.owner.get("pid") == os.getpid() or not owner_lives(job)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other queue of this user is starting workers; that one counts, and the next look is ours."""
        from filelock import FileLock, Timeout

        held = FileLock(self.store.root / ".start.lock", timeout=0, mode=0o600)
        try:
            held.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            held.release()

    def _start(self, job: Job) -> None:
        folder = self.store.folder(job.id)
        if self.store.processes(job.id):  # another queue was quicker
            return
        argv = [*self.launcher.command(job), sys.executable, "-m", "jupyter_envlink.jobs.worker", str(folder)]
        started = process.start_detached(argv, env=self._environ, cwd=folder, output=folder / "worker.out")
        self.store.set_started(job.id, started.pid, started.created)


_ENDED = {
    Status.SUCCEEDED: told("succeeded"),
    Status.FAILED: told("failed"),
    Status.CANCELLED: told("cancelled"),
    Status.INTERRUPTED: told("interrupted"),
}


def _too_late(job: Job) -> Conflict:
    message = told("Job {id} has {ended} already.", id=job.id, ended=_ENDED[job.status])
    return Conflict(message, told("What it made can be removed."), code="finished")
