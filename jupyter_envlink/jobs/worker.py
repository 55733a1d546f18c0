"""``python -m jupyter_envlink.jobs.worker FOLDER``: does the one job whose folder this is.

It needs nothing but the folder and the environments folder, so it runs as well on another node that has both. It
writes down how the job ended; where it is killed, whoever looks at the job next cleans up (``queue``).
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path

from filelock import FileLock, Timeout

from ..compiling import start_rest
from ..disk import disk_error
from ..errors import EnvlinkError, unforeseen
from ..leaving import leave
from ..operations import perform, weights
from ..outcome import clean_after
from ..sentence import told
from .record import Job, Status, now
from .report import JobReporter
from .store import JobStore


def main(folder: Path) -> int:
    """Do the job; 0 when it succeeded, 1 when it did not."""
    store = JobStore(folder.parent)
    while True:
        try:
            with FileLock(folder / "worker.lock", timeout=0, mode=0o600):
                store.set_worker(folder.name)
                job = store.load(folder.name)
                return _work(store, job) if job.status is Status.QUEUED else 0
        except Timeout:  # a server that was killed while it started us, and the one that followed it, both did
            if store.worker(folder.name):
                return 0
            time.sleep(0.05)  # until the other one has said who it is, ours is the only name that is known


def _work(store: JobStore, job: Job) -> int:
    job = store.update(job, status=Status.RUNNING, started=now())
    reporter = JobReporter(store, job, weights(job.request))
    try:
        result = perform(job.request, reporter)
    except Exception as error:  # the border of the process: whatever happened is written down
        store.fail(reporter.job, _known(error, job.request.root), Status.FAILED)
        return 1
    store.succeed(reporter.job, result)
    clean_after(job.request)
    if job.request.options.get("compile") and result.get("changed", True):
        start_rest(job.request.prefix)
    return 0


def _known(error: Exception, root: str) -> EnvlinkError:
    if isinstance(error, OSError):
        error = disk_error(error, root)
    if isinstance(error, EnvlinkError):
        return error
    traceback.print_exception(error)  # into worker.out, for whoever reports it
    return unforeseen(error, told("Please report it, with the log."))


def _run(folder: Path) -> int:
    try:
        return main(folder)
    except BaseException:  # the border of the process, once more: into worker.out, whose end the queue shows
        traceback.print_exc()
        return 2


if __name__ == "__main__":
    leave(_run(Path(sys.argv[1]).absolute()))
