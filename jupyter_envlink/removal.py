"""Removing environments, which takes no worker: one rename; bringing them back; deleting them once nobody wants that.

Each is a job all the same, done by this very process. Blocks for milliseconds: call it in a thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from . import conda_records, deleting
from .binding import Binding, as_record
from .catalog import Catalog
from .environment import Environment
from .errors import Conflict, EnvlinkError
from .job_follower import JobFollower
from .jobs.queue import JobQueue
from .jobs.record import Job
from .journal import HOME
from .outcome import complete, tidy_after
from .removed import Removed, discard, drop, find, gone, hide, is_over, put_away, put_back
from .request import Operation
from .sentence import told
from .transaction import change, refuse_existing


class Removal:
    """The removed environments of one user. ``seconds``: how long each can come back; 0 keeps none."""

    def __init__(self, queue: JobQueue, jobs: JobFollower, catalog: Catalog, seconds: float) -> None:
        self._queue, self._jobs, self._catalog = queue, jobs, catalog
        self._seconds = seconds

    def remove(self, environment: Environment, binding: Binding) -> Job:
        """Take it from its place; the ended job. Raises ``Conflict`` (``busy``, ``gone``) and ``DiskError``."""
        prefix, elsewhere = environment.prefix, self._is_elsewhere(os.path.dirname(environment.prefix))

        def work(job: Job) -> None:
            if not os.path.isdir(prefix):
                raise Conflict(
                    told("{prefix} is gone already.", prefix=prefix), told("Look at the list again."), code="gone"
                )
            if elsewhere:
                hide(job.request.root)
            put_away(self._what(job.id, environment, binding))
            self._jobs.see_gone(environment)

        job = self._do(Operation.REMOVE, environment.name, prefix, {"tidy": elsewhere}, work)
        if not self._seconds:
            with suppress(EnvlinkError, OSError):  # it is done; the follower's next tick tries again
                self._delete([each for each in find(job.request.root) if each.job == job.id])
        return job

    def all(self) -> list[Removed]:
        """Those that can come back, the one removed last first. Reads the disk."""
        found = (each for root in self._jobs.roots() for each in self._asked(root))
        return sorted((each for each in found if not is_over(each)), key=lambda each: each.removed, reverse=True)

    def get(self, job_id: str) -> Removed:
        """What the job has removed. Raises ``NotFound`` where that cannot come back."""
        what = next((each for each in self.all() if each.job == job_id), None)
        if what is None:
            raise gone(job_id)
        return what

    def restore(self, what: Removed) -> Job:
        """Bring it back; the ended job. Raises ``NotFound``, ``Conflict`` (``exists``, ``busy``) and ``DiskError``."""
        elsewhere = self._is_elsewhere(what.root)

        def work(job: Job) -> None:
            refuse_existing(what.prefix)
            put_back(what)
            self._jobs.see_back(job)
            drop(what)

        said = {"removed": what.job, "listed": what.listed, "binding": dict(what.binding)}
        job = self._do(Operation.RESTORE, what.name, what.prefix, {**said, "tidy": elsewhere}, work)
        self._jobs.tick()
        return job

    def delete(self, what: Removed) -> None:
        """Delete it for good, in the background. Raises ``NotFound`` where it is gone by now, and ``OSError``."""
        if not self._delete([what]):
            raise gone(what.job)

    def expire(self) -> None:
        """Delete, in the background, those whose time is over."""
        for root in self._jobs.roots():
            self._delete([each for each in self._asked(root) if is_over(each)])

    def _do(
        self, operation: Operation, name: str, prefix: str, options: Mapping[str, Any], work: Callable[[Job], None]
    ) -> Job:
        """A job of one step under the prefix's lock. What the step does is whole or not: nothing is to be undone."""
        root = os.path.dirname(prefix)

        def begin(job: Job) -> Mapping[str, Any]:
            try:
                with change(root, prefix, job.id, operation.value):
                    work(job)
                return complete(job.request, partial(self._say, job))
            finally:
                tidy_after(job.request)

        return self._queue.do(operation, name, prefix, root, options, begin)

    def _say(self, job: Job, line: str) -> None:
        self._queue.store.append(job.id, {"kind": "line", "text": line})

    def _what(self, job_id: str, environment: Environment, binding: Binding) -> Removed:
        listed = conda_records.remembers(environment.prefix, Path.home())
        begin = time.time()
        return Removed(
            job_id, environment.name, environment.prefix, begin, begin + self._seconds, listed, as_record(binding)
        )

    def _delete(self, some: Iterable[Removed]) -> bool:
        """Whether any was there to be deleted."""
        trash: dict[str, list[Path]] = {}
        for each in some:
            if folder := discard(each):
                trash.setdefault(each.root, []).append(folder)
        for root, folders in trash.items():
            deleting.start(folders, root if self._is_elsewhere(root) else None)
        return bool(trash)

    def _asked(self, root: str) -> list[Removed]:
        """Nothing of a root that does not answer, or may not be read."""

        def answer() -> list[Removed]:
            try:
                return find(root)
            except OSError:
                return []

        return self._catalog.asked(os.path.join(root, HOME), answer, [])

    def _is_elsewhere(self, root: str) -> bool:
        """Whether it is no environments folder, but somebody's project."""
        return root not in self._catalog.envs_dirs
