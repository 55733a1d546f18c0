"""The end of a job whose worker is gone: what it did stands, or is undone, and its record says which."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from .. import outcome, process
from ..errors import Interrupted
from ..journal import read_entry
from ..recovery import recover
from ..sentence import told
from .record import Job, Status, now
from .store import JobStore

UNDONE = told("Nothing half-made is left. Try again.")

#: A dead process's last threads may hold its lock a little longer: seconds.
_FREED_WITHIN = 5.0


def settled(store: JobStore, job: Job, is_being_done: Callable[[Job], bool]) -> Job:
    """The job as it stands; where nobody is at work on it any more, undone or completed, and marked as ended.

    ``is_being_done`` says of one that has no worker whether the process that wrote it down is doing it just now.
    """
    started = store.processes(job.id)  # once: another queue may start it between two looks
    if job.status.final or lives(started):
        return job
    if not started and (job.status is Status.QUEUED or is_being_done(job)):
        return job
    last = store.load(job.id)  # it may have ended between our first look and its end
    return last if last.status.final else _end(store, last)


def owner_lives(job: Job) -> bool:
    """Whether the process that wrote the job down still runs."""
    owner = job.request.owner
    return bool(owner) and process.alive(int(owner["pid"]), owner["created"])


def lives(processes: Iterable[tuple[int, float]]) -> bool:
    return any(process.alive(*each) for each in processes)


def _end(store: JobStore, job: Job) -> Job:
    for each in store.processes(job.id):
        process.kill_group(*each)  # what it had started may outlive it
    store.sweep(job.id)
    left = _undo(job.request.root, job.id)
    outcome.tidy_after(job.request)
    if _has_done(store, job):
        return _succeeded(store, job)
    if job.status is Status.CANCELLING:
        message = left or told("Cancelled; nothing is left.")
        return store.update(job, status=Status.CANCELLED, finished=now(), message=message)
    words = _last_words(store.folder(job.id))
    error = Interrupted(
        told("The worker of job {id} ended before its work was done{words}", id=job.id, words=words), left or UNDONE
    )
    return store.fail(job, error, Status.INTERRUPTED)


def _has_done(store: JobStore, job: Job) -> bool:
    """Whether the change stands, and only the last word is missing."""
    begun = job.progress.started is not None or bool(store.processes(job.id))
    return begun and read_entry(job.request.root, job.id) is None and outcome.stands(job.request)


def _succeeded(store: JobStore, job: Job) -> Job:
    def log(text: str) -> None:
        store.append(job.id, {"kind": "line", "text": text})

    ended = store.succeed(job, outcome.complete(job.request, log))
    outcome.clean_after(job.request)
    return ended


def _undo(root: str, job_id: str) -> str:
    """Undo what dead processes have left; a sentence about what could not be, where something could not."""
    deadline = time.monotonic() + _FREED_WITHIN
    try:
        recover(root)
        while read_entry(root, job_id):
            if time.monotonic() > deadline:
                return told(
                    "What it has left below {root} is still held by a process. The next start cleans it up.", root=root
                )
            time.sleep(0.02)
            recover(root)
    except OSError as error:
        return told(
            "What it has left below {root} could not be cleaned up: {error}. The next start tries again.",
            root=root,
            error=error,
        )
    return ""


def _last_words(folder: Path) -> str:
    try:
        said = (folder / "worker.out").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        said = ""
    return f": {said[-500:]}" if said else "."
