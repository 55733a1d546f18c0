"""One job after the other, each done by a real worker, and what it took by its own record."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_envlink.jobs.launchers.local import LocalLauncher
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation

from ._peak import WorkerPeak

Times = dict[str, float]


class Jobs:
    """The jobs of one machine; the folder of its environments is ``FOLDER/envs``."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "envs"
        self._queue = JobQueue(JobStore(folder / "jobs"), LocalLauncher(), 1, os.environ)

    def run(self, operation: Operation, name: str, options: Mapping[str, Any]) -> Times:
        """Milliseconds of its phases, of its work (from the first phase on) and of the whole, from its queueing to its
        last word; the most memory that its worker had. The worker is gone when this returns."""
        job = self._queue.submit(operation, name, f"{self.root}/{name}", str(self.root), options)
        peak = WorkerPeak(self._queue.store.folder(job.id))
        while not (job := self._queue.store.load(job.id)).status.final:
            time.sleep(0.02)
            self._queue.tick()
        while self._lives(job.id):  # it still deletes what is left over
            time.sleep(0.02)
        if job.progress.error or not job.progress.finished:
            raise SystemExit(f"the job failed: {job.progress.error}")
        return {**self._times(job, job.progress.finished), "MB worker": round(peak.megabytes(), 1)}

    def _lives(self, job_id: str) -> bool:
        from jupyter_envlink.process import alive

        return any(alive(*each) for each in self._queue.store.processes(job_id))

    def _times(self, job: Job, finished: str) -> Times:
        log = self._queue.store.whole_log(job.id)
        begun = [(each["phase"], each["time"]) for each in log if each["kind"] == "phase"]
        ends = [*(moment for _, moment in begun[1:]), finished]
        phases: Times = {}
        for (phase, start), end in zip(begun, ends, strict=True):
            phases[f"ms {phase}"] = phases.get(f"ms {phase}", 0.0) + milliseconds(start, end)
        first = begun[0][1]
        start = milliseconds(job.request.created, first)
        whole = milliseconds(job.request.created, finished)
        return {"ms worker start": start, **phases, "ms job": milliseconds(first, finished), "ms whole": whole}


def milliseconds(first: str, second: str) -> float:
    """Between two moments as jobs write them."""
    a, b = (datetime.fromisoformat(each.replace("Z", "+00:00")) for each in (first, second))
    return 1000 * (b - a).total_seconds()
