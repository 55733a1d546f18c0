"""The most memory that a process has had, from outside: the system keeps that mark as long as the process runs."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from pathlib import Path

import psutil

_MARK = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)


class WorkerPeak:
    """Watches the worker of a job by its record in the job's folder, until it is gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._over = threading.Event()
        self._most = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def megabytes(self) -> float:
        """The mark as it was last seen. Ends the watching."""
        self._over.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        from jupyter_envlink.jobs.store import JobStore

        store = JobStore(self._folder.parent)
        while not self._over.wait(0.02):
            for pid, _ in store.processes(self._folder.name):
                with suppress(psutil.Error, OSError):
                    self._most = max(self._most, _mark(pid))


def _mark(pid: int) -> float:
    """Megabytes; where the system keeps no mark, what it has now."""
    status = Path("/proc", str(pid), "status")
    found = _MARK.search(status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 / 1e6 if found else psutil.Process(pid).memory_info().rss / 1e6
