"""Waiting for jobs."""

from __future__ import annotations

import time

from jupyter_envlink import process
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.service import Envlink

#: However slow the machine: seconds.
ENDS_WITHIN = 120.0


def ended(service: Envlink, job: Job) -> Job:
    """``job`` once it has ended, and its worker, too, which goes on to clean up after its last word."""
    deadline = time.monotonic() + ENDS_WITHIN
    while not job.status.final or any(process.alive(*each) for each in service.queue.store.processes(job.id)):
        assert time.monotonic() < deadline, f"the job did not end: {job}"
        time.sleep(0.005)
        service.jobs.tick()
        job = service.queue.store.load(job.id)
    return job
