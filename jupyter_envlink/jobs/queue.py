"""Starting, following, cancelling and adopting workers. Synchronous and thread-safe; never on an event loop."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .. import outcome, process
from ..errors import Conflict, Interrupted, NotFound
from ..journal import read_entry
from ..recovery import recover
from ..request import Operation
from .launchers import Launcher
from .record import Job, Status, now
from .store import JobStore


class JobQueue:
    """The jobs of one user, as one server or command sees them; at most ``limit`` of its own workers at once."""

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

    def submit(self, operation: Operation, name: str, prefix: str, root: str, options: Mapping[str, Any]) -> Job:
        """Write a job down and start it as soon as there is room. Raises ``Conflict`` where one has this prefix."""
        with self._lock:
            self._active = {job_id: job for job_id, job in self._active.items() if self._look(job_id)}
            self._refuse_second(prefix)
            job = self.store.create(operation, name, prefix, root, options)
            self._active[job.id] = job
            self._known.add(job.id)
            self._start_waiting()
            self.on_submit()
            return self.store.load(job.id)

    def adopt(self) -> list[Job]:
        """Take notice of the jobs that others have made since the last call, and return those.

        Unfinished ones are followed from now on: ``tick`` ends those whose worker is gone.
        """
        with self._lock:
            new = list(self.store.load_all(job_id for job_id in self.store.ids() if job_id not in self._known))
            self._known.update(job.id for job in new)
            self._active.update((job.id, job) for job in new if not job.status.final)
            return new

    @property
    def active(self) -> tuple[Job, ...]:
        return tuple(self._active.values())

    def tick(self) -> list[Job]:
        """Look at the unfinished jobs once, and return those that have moved since the last look."""
        with self._lock:
            before = {job_id: job.progress for job_id, job in self._active.items()}
            looked_at = [job for job_id in before if (job := self._look(job_id))]
            self._active = {job.id: job for job in looked_at if not job.status.final}
            self._start_waiting()
            return [job for job in looked_at if job.progress != before[job.id]]

    def _look(self, job_id: str) -> Job | None:
        """The job as it stands; ``None`` where somebody has deleted its folder."""
        try:
            return self._settled(self.store.load(job_id))
        except NotFound:
            return None

    def cancel(self, job_id: str) -> Job:
        """End the job and undo what it has done.

        Raises ``NotFound``, and ``Conflict`` where it has ended already, or has just done all that it had to.
        """
        with self._lock:
            job = self.store.load(job_id)
            if job.status.final:
                raise _too_late(job)
            self.store.request_cancel(job_id)
            for each in self.store.processes(job_id):
                process.kill_group(*each)
            self._active.setdefault(job_id, job)
            job = self._settled(self.store.load(job_id))
            if job.status is Status.SUCCEEDED:
                raise _too_late(job)
            return job

    def retry(self, job_id: str, now: Mapping[str, Any] = MappingProxyType({})) -> Job:
        """The same request again, as a new job, with the options of ``now`` in place of those that it had.

        Raises ``NotFound``, and ``Conflict`` while it still runs.
        """
        job = self.store.load(job_id)
        if not job.status.final:
            raise Conflict(f"Job {job_id} has not ended yet.", "Cancel it first.", code="running")
        request = job.request
        options = {**request.options, **{name: value for name, value in now.items() if name in request.options}}
        return self.submit(request.operation, request.name, request.prefix, request.root, options)

    def _refuse_second(self, prefix: str) -> None:
        for job in self._active.values():
            now_is = self._look(job.id) if job.request.prefix == prefix else None
            if now_is is not None and not now_is.status.final:
                message = f"Job {job.id} is changing {prefix} already."
                raise Conflict(message, "Wait for it, or cancel it.", code="busy", details={"job": job.id})

    def _start_waiting(self) -> None:
        waiting = [job for job in self._active.values() if self._may_start(job)]
        room = self.limit - sum(_lives(self.store.processes(job.id)) for job in self._active.values()) if waiting else 0
        for job in waiting[: max(0, room)]:
            self._start(job)

    def _may_start(self, job: Job) -> bool:
        """Queued, without a worker, and ours, or left behind by a server that is gone."""
        owner = job.request.owner
        left = not process.alive(int(owner["pid"]), owner["created"]) if owner else True
        ours = owner.get("pid") == os.getpid()
        return job.status is Status.QUEUED and not self.store.processes(job.id) and (ours or left)

    def _start(self, job: Job) -> None:
        from filelock import FileLock, Timeout

        folder = self.store.folder(job.id)
        argv = [*self.launcher.command(job), sys.executable, "-m", "jupyter_envlink.jobs.worker", str(folder)]
        with suppress(Timeout), FileLock(folder / "start.lock", timeout=0, mode=0o600):
            if not self.store.processes(job.id):  # another queue may have been quicker
                started = process.start_detached(argv, env=self._environ, cwd=folder, output=folder / "worker.out")
                self.store.set_started(job.id, started.pid, started.created)

    def _settled(self, job: Job) -> Job:
        """The job as it stands; where its worker is gone without a word, undone and marked as ended."""
        started = self.store.processes(job.id)  # once: another queue may start it between two looks
        if job.status.final or _lives(started):
            return job
        if not started and job.status is not Status.CANCELLING:
            return job
        last = self.store.load(job.id)  # it may have ended between our first look and its end
        return last if last.status.final else self._end(last)

    def _end(self, job: Job) -> Job:
        for each in self.store.processes(job.id):
            process.kill_group(*each)  # what it had started may outlive it
        left = _undo(job.request.root, job.id)
        outcome.tidy_after(job.request)
        if self._has_done(job):
            return self._succeeded(job)
        if job.status is Status.CANCELLING:
            message = left or "Cancelled; nothing is left."
            return self.store.update(job, status=Status.CANCELLED, finished=now(), message=message)
        words = _last_words(self.store.folder(job.id))
        error = Interrupted(f"The worker of job {job.id} ended before its work was done{words}", left or _UNDONE)
        self.store.append(job.id, {"kind": "error", "text": f"{error.message}\n{error.remedy}"})
        return self.store.update(
            job, status=Status.INTERRUPTED, finished=now(), error=error.as_dict(), message=error.message
        )

    def _has_done(self, job: Job) -> bool:
        """Whether the change stands, and only the worker's last word is missing."""
        begun = bool(self.store.processes(job.id))
        return begun and read_entry(job.request.root, job.id) is None and outcome.stands(job.request)

    def _succeeded(self, job: Job) -> Job:
        def log(text: str) -> None:
            self.store.append(job.id, {"kind": "line", "text": text})

        result = outcome.complete(job.request, log)
        return self.store.update(
            job, status=Status.SUCCEEDED, percent=100.0, finished=now(), result=result, message="Done."
        )


def _lives(processes: Iterable[tuple[int, float]]) -> bool:
    return any(process.alive(*each) for each in processes)


def _too_late(job: Job) -> Conflict:
    message = f"Job {job.id} has {job.status.value} already."
    return Conflict(message, "What it made can be removed.", code="finished")


_UNDONE = "Nothing half-made is left. Try again."


#: A dead process's last threads may hold its lock a little longer: seconds.
_FREED_WITHIN = 5.0


def _undo(root: str, job_id: str) -> str:
    """Undo what dead workers have left; a sentence about what could not be, where something could not."""
    deadline = time.monotonic() + _FREED_WITHIN
    try:
        recover(root)
        while read_entry(root, job_id):
            if time.monotonic() > deadline:
                return f"What it has left below {root} is still held by a process. The next start cleans it up."
            time.sleep(0.02)
            recover(root)
    except OSError as error:
        return f"What it has left below {root} could not be cleaned up: {error}. The next start tries again."
    return ""


def _last_words(folder: Path) -> str:
    try:
        said = (folder / "worker.out").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        said = ""
    return f": {said[-500:]}" if said else "."
