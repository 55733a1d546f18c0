"""What a worker says while it works: phases, percent, lines; written where the server reads them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from ..channels import redact
from ..engines.base import Step
from .record import Job
from .store import JobStore

#: Progress is written at most this often: seconds.
INTERVAL = 0.1


class JobReporter:
    """Turns steps into the job's percent. ``weights`` is each phase's part of the whole, in order; thread-safe."""

    def __init__(self, store: JobStore, job: Job, weights: Mapping[str, float]) -> None:
        self.job = job
        self._store = store
        self._weights = weights
        self._shares = dict.fromkeys(weights, 0.0)
        self._lock = threading.Lock()
        self._written = 0.0
        self._phase = ""
        self._begun: set[str] = set()

    def phase(self, name: str, text: str) -> None:
        """A new phase begins; those before it are done."""
        with self._lock:
            for earlier in list(self._weights)[: list(self._weights).index(name)]:
                self._shares[earlier] = 1.0
        self.step(Step(name, 0.0, text))

    def step(self, step: Step) -> None:
        """``step`` of a phase. Phases may overlap: the earliest unfinished one is shown."""
        with self._lock:
            self._shares[step.phase] = max(self._shares[step.phase], step.share)
            self._begun.add(step.phase)
            unfinished = (name for name, share in self._shares.items() if share < 1.0 and name in self._begun)
            shown = next(unfinished, step.phase)
            begins = shown != self._phase
            if not begins and time.monotonic() - self._written < INTERVAL:
                return
            self._written, self._phase = time.monotonic(), shown
            text = redact(step.message)
            moved = {"done": step.bytes[0], "total": step.bytes[1]} if step.bytes and step.phase == shown else None
            self.job = self._store.update(self.job, phase=shown, percent=self._percent(), bytes=moved, message=text)
            entry = {"kind": "phase" if begins else "progress", "phase": shown, "percent": self._percent()}
            self._store.append(self.job.id, {**entry, "text": text})

    def line(self, text: str) -> None:
        """One line for the log; secrets in addresses are taken out."""
        with self._lock:
            self._store.append(self.job.id, {"kind": "line", "text": redact(text)[:20_000]})

    def _percent(self) -> float:
        whole = sum(self._weights.values())
        done = sum(weight * self._shares[name] for name, weight in self._weights.items())
        return round(100 * done / whole, 1)
