"""A job's progress in a terminal: one bar that is redrawn, or, where output is no terminal, a line for each phase."""

from __future__ import annotations

import shutil
import sys
import time

from ..jobs.record import Job, Progress
from ..service import Envlink

INTERVAL = 0.05
BAR = 28


def follow(service: Envlink, job: Job, quiet: bool) -> Job:
    """Wait for the job's end, showing how far it is on the error stream; the ended job."""
    screen = None if quiet else _Bar() if sys.stderr.isatty() else _Lines()
    while not job.status.final:
        time.sleep(INTERVAL)
        service.jobs.tick()
        job = service.jobs.get(job.id)  # one that has ended since then is brought into the listing before it is told
        if screen is not None:
            screen.show(job)
    if screen is not None:
        screen.end()
    return job


def state(job: Job) -> str:
    """The phase, how much of a download has arrived, and what was said last: one line."""
    progress = job.progress
    said = progress.message.splitlines()[0] if progress.message else ""
    return f"{progress.phase or job.status.value}: {_megabytes(progress)}{said}"


def _megabytes(progress: Progress) -> str:
    arrived = progress.bytes
    return f"{arrived['done'] / 1e6:.1f} of {arrived['total'] / 1e6:.1f} MB, " if arrived else ""


class _Bar:
    def show(self, job: Job) -> None:
        percent = job.progress.percent or 0.0
        full = int(BAR * percent / 100)
        text = f"[{'#' * full}{'.' * (BAR - full)}] {percent:3.0f}% {state(job)}"
        print(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


class _Lines:
    def __init__(self) -> None:
        self._phase: str | None = None

    def show(self, job: Job) -> None:
        if job.progress.phase != self._phase:
            self._phase = job.progress.phase
            print(state(job), file=sys.stderr, flush=True)

    def end(self) -> None:
        pass
