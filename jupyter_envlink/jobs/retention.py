"""Which ended jobs are kept: the young ones, as far as there is room for them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .record import Job, Status
from .store import JobStore

#: Whoever has waited for a job gets to read how it ended: seconds.
_READ_WITHIN = 600
_DAY = 86_400


@dataclass(frozen=True)
class Retention:
    """Ended jobs go ``days`` after their end, and the oldest before that where all together need more than
    ``megabytes``: those that failed after all others, since they are what people come back to."""

    days: float
    megabytes: float

    def apply(self, store: JobStore) -> list[str]:
        """Delete those that are over, and return their ids. Raises ``OSError``."""
        over = [job.id for job in self._over(store)]
        for job_id in over:
            store.delete(job_id)
        return over

    def _over(self, store: JobStore) -> Iterator[Job]:
        jobs = store.all()
        ended = [job for job in jobs if job.status.final and _age(job) > _READ_WITHIN]
        old = {job.id: job for job in ended if _age(job) > self.days * _DAY}
        yield from old.values()
        sizes = {job.id: store.size(job.id) for job in jobs if job.id not in old}
        too_much = sum(sizes.values()) - self.megabytes * 1e6
        for job in _least_needed(job for job in ended if job.id not in old):
            if too_much <= 0:
                return
            too_much -= sizes[job.id]
            yield job


def _least_needed(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.status is Status.FAILED, job.request.created))


def _age(job: Job) -> float:
    """Seconds since its end."""
    said = job.progress.finished or job.request.created
    try:
        return time.time() - datetime.fromisoformat(said.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
