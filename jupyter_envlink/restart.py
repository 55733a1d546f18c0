"""What killed processes have left unfinished, in every root: ended by each server's start, and on request."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from .files import sweep
from .job_follower import JobFollower
from .jobs.record import Job
from .journal import Entry
from .overlay import overlays_dir
from .recovery import recover


@dataclass(frozen=True)
class Recovered:
    """What was brought to its end, and where that could not be done: the root, and why."""

    jobs: tuple[Job, ...] = ()
    changes: tuple[Entry, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """``{"jobs": [Job], "changes": [{"operation", "prefix"}], "problems": [{"root", "message"}]}``"""
        return {
            "jobs": [job.as_dict() for job in self.jobs],
            "changes": [{"operation": each.operation, "prefix": each.prefix} for each in self.changes],
            "problems": [{"root": root, "message": message} for root, message in self.problems],
        }


def recover_all(jobs: JobFollower, log: logging.Logger) -> Recovered:
    """Jobs first: their end is told by their record, which only the queue writes."""
    ended, changes, problems = jobs.adopt(), [], []
    for root in jobs.roots():
        try:
            changes += recover(root)
        except OSError as error:  # a shared folder that is not ours to clean up
            problems.append((root, str(error)))
            log.info("jupyter_envlink cannot clean up below %s: %s", root, error)
    for entry in changes:
        log.warning("jupyter_envlink undid the unfinished %s of %s", entry.operation, entry.prefix)
    jobs.tidy()
    sweep(overlays_dir().parent)
    return Recovered(tuple(ended), tuple(changes), tuple(problems))
