"""Jobs on the disk: one folder each, readable by its owner alone.

``job.json``      the request, written once
``state.json``    the progress, replaced atomically
``events.jsonl``  phases, progress and log lines, appended; read by byte offset
``worker.json``   process id and start time of the worker, which it writes itself
``started.json``  those of the process that a queue has started as the worker
``cancel``        exists once somebody asked for the job's end
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..errors import EnvlinkError, InvalidRequest, NotFound
from ..files import read_json, sweep, write_json
from ..redaction import redacted
from ..request import Operation, Request
from ..sentence import as_data, of_data, told
from .log import append, read
from .record import QUEUED, Job, Progress, Status, now

_SWEPT_AT_MOST = 20
_TOLD = "sentences"


class JobStore:
    """The folder that holds all jobs of one user. Every method may raise ``OSError``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ended: dict[str, Job] = {}
        self._sizes: dict[str, int] = {}

    def folder(self, job_id: str) -> Path:
        """The job's folder. Raises ``NotFound`` for an id that is none of ours."""
        folder = self.root / job_id
        if set(job_id) & {"/", "\\", "\0"} or job_id.startswith(".") or not os.path.isfile(folder / "job.json"):
            raise NotFound(
                told("There is no job {job_id!r}.", job_id=job_id), told("The list of jobs shows those that exist.")
            )
        return folder

    def create(
        self,
        operation: Operation,
        name: str,
        prefix: str,
        root: str,
        options: Mapping[str, Any],
        progress: Progress = QUEUED,
    ) -> Job:
        """Write down a new job: in a hidden folder, which then gets its name."""
        job_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
        request = Request(job_id, operation, name, prefix, root, now(), dict(options), _this_process())
        self.root.parent.mkdir(parents=True, exist_ok=True)
        _make_private(self.root)
        job = Job(request, progress)
        for _ in range(_SWEPT_AT_MOST):
            with suppress(FileNotFoundError):  # whoever tidied took its folder for that of somebody who was killed
                self._put(job)
                return job
        self._put(job)
        return job

    def _put(self, job: Job) -> None:
        folder = self.root / f".{job.id}"
        _make_private(folder)
        for name in ("events.jsonl", "worker.out"):
            _touch_private(folder / name)
        write_json(folder / "state.json", _written(job.progress))
        write_json(folder / "job.json", asdict(job.request))
        os.rename(folder, self.root / job.id)

    def load(self, job_id: str) -> Job:
        """The job as it is now. Raises ``NotFound``."""
        folder = self.folder(job_id)
        try:
            return self._now(_request(read_json(folder / "job.json")))
        except (TypeError, KeyError, ValueError):
            message = told("The record of job {job_id!r} cannot be read.", job_id=job_id)
            raise NotFound(message, told("Look into {folder}, or delete it.", folder=folder)) from None

    def again(self, job: Job) -> Job:
        """``job`` as it is now; its request stays what it was. Raises ``NotFound``."""
        self.folder(job.id)
        return self._now(job.request)

    def _now(self, request: Request) -> Job:
        folder = os.path.join(self.root, request.id)
        job = Job(request, _progress(read_json(Path(folder, "state.json"))))
        return _cancelling(job) if os.path.exists(os.path.join(folder, "cancel")) else job

    def ids(self) -> list[str]:
        """The id of every job, the newest first. Some may be of folders that hold no record."""
        try:
            return sorted((name for name in os.listdir(self.root) if name[0] != "."), reverse=True)
        except FileNotFoundError:
            return []

    def all(self) -> list[Job]:
        """Every job, the newest first, the ended ones without the text of their file: they are kept in memory.

        One whose record cannot be understood is passed over.
        """
        ids = self.ids()
        self._ended = {job_id: self._ended[job_id] for job_id in ids if job_id in self._ended}
        return [job for job_id in ids if (job := self._known(job_id))]

    def _known(self, job_id: str) -> Job | None:
        job = self._ended.get(job_id) or next(self.load_all([job_id]), None)
        if job is not None and job.status.final:
            job = self._ended.setdefault(job_id, _without_text(job))
        return job

    def load_all(self, ids: Iterable[str]) -> Iterator[Job]:
        """Those of the jobs whose record can be understood."""
        for job_id in ids:
            with suppress(NotFound):
                yield self.load(job_id)

    def update(self, job: Job, **changes: Any) -> Job:
        """Write ``job`` with ``changes`` to its progress, and return it."""
        progress = replace(job.progress, **changes)
        write_json(self.root / job.id / "state.json", _written(progress))
        self._ended.pop(job.id, None)
        return Job(job.request, progress)

    def sweep(self, job_id: str) -> None:
        """Remove what writers that were killed have left in the job's folder. Raises nothing."""
        sweep(self.root / job_id)

    def succeed(self, job: Job, result: Mapping[str, Any]) -> Job:
        """Write down that ``job`` has done its work. No retry needs the secrets of its file any more: they go."""
        options = redacted(job.request.options)
        if options != job.request.options:
            write_json(self.root / job.id / "job.json", asdict(replace(job.request, options=options)))
        return self.update(
            job, status=Status.SUCCEEDED, percent=100.0, bytes=None, finished=now(), result=result, message="Done."
        )

    def fail(self, job: Job, error: EnvlinkError, status: Status) -> Job:
        """Write down by which error ``job`` has ended, in its log, too."""
        with suppress(OSError):  # a full disk; how it ended matters more
            self.append(job.id, {"kind": "error", "text": f"{error.message}\n{error.remedy}".strip()})
        return self.update(job, status=status, finished=now(), error=error.as_dict(), message=error.message)

    def delete(self, job_id: str) -> None:
        """Forget an ended job: at once and whole; what of it cannot be deleted now is so by the next ``delete``."""
        self.tidy()
        with suppress(OSError):  # somebody else has done so
            os.rename(self.root / job_id, self.root / f".{job_id}")
        self.tidy()
        self._ended.pop(job_id, None)

    def tidy(self) -> None:
        """Delete what whoever was killed has left of jobs that were not yet written down, or no longer to be kept."""
        for name in os.listdir(self.root) if self.root.is_dir() else ():
            if name.startswith("."):
                shutil.rmtree(self.root / name, ignore_errors=True)

    def size(self, job_id: str) -> int:
        """Bytes of the job's files; of an ended one they are counted once."""
        if job_id not in self._sizes:
            with os.scandir(self.root / job_id) as files:
                size = sum(file.stat(follow_symlinks=False).st_size for file in files)
            if job_id not in self._ended:
                return size
            self._sizes[job_id] = size
        return self._sizes[job_id]

    def append(self, job_id: str, entry: Mapping[str, Any]) -> None:
        """Add one entry (``kind``, ``text``, …) to the job's log."""
        append(self.root / job_id / "events.jsonl", entry)

    def log(self, job_id: str, offset: int) -> dict[str, Any]:
        """``Log`` of ``openapi.yaml``: the whole entries from byte ``offset`` on, and where to go on."""
        if offset < 0:
            raise InvalidRequest(
                told("A log is read from an offset of 0 or more."), told("Use next_offset of the call before.")
            )
        folder = self.folder(job_id)
        progress = _progress(read_json(folder / "state.json"))
        part = read(folder / "events.jsonl", offset)
        finished = progress.status.final and part.is_last
        return {"entries": part.entries, "next_offset": part.next_offset, "finished": finished}

    def whole_log(self, job_id: str) -> list[dict[str, Any]]:
        """Every entry of the log so far."""
        entries: list[dict[str, Any]] = []
        offset = 0
        while (part := self.log(job_id, offset))["next_offset"] > offset:
            entries += part["entries"]
            offset = part["next_offset"]
        return entries

    def set_worker(self, job_id: str) -> None:
        """Write down that this process does the job."""
        write_json(self.root / job_id / "worker.json", _this_process())

    def set_started(self, job_id: str, pid: int, created: float) -> None:
        """Write down which process has been started to do the job; it may find that another one does."""
        write_json(self.root / job_id / "started.json", {"pid": pid, "created": created})

    def worker(self, job_id: str) -> tuple[int, float] | None:
        """Process id and start time (seconds) of the process that does the job, once one does."""
        return self._process(job_id, "worker.json")

    def processes(self, job_id: str) -> list[tuple[int, float]]:
        """Every process that is known to have been started for the job."""
        found = (self._process(job_id, name) for name in ("worker.json", "started.json"))
        return list(dict.fromkeys(each for each in found if each))

    def _process(self, job_id: str, name: str) -> tuple[int, float] | None:
        found = read_json(self.root / job_id / name)
        return (int(found["pid"]), float(found["created"])) if found else None

    def request_cancel(self, job_id: str) -> None:
        """Mark the job as one that is to end."""
        _touch_private(self.folder(job_id) / "cancel")


def _make_private(folder: Path) -> None:
    """Whatever the umask says, which may take from its owner as well."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)


def _touch_private(path: Path) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)


def _without_text(job: Job) -> Job:
    options = {name: value for name, value in job.request.options.items() if name != "text"}
    return Job(replace(job.request, options=options), job.progress)


def _cancelling(job: Job) -> Job:
    if job.status.final:
        return job
    return Job(job.request, replace(job.progress, status=Status.CANCELLING))


def _request(found: dict[str, Any] | None) -> Request:
    if found is None:
        raise ValueError("no request")
    return Request(**{**found, "operation": Operation(found["operation"])})


def _progress(found: dict[str, Any] | None) -> Progress:
    if not found:
        return Progress()
    plain = {key: value for key, value in found.items() if key != _TOLD}
    return Progress(**{**plain, **of_data(found.get(_TOLD, {})), "status": Status(found["status"])})


def _written(progress: Progress) -> dict[str, Any]:
    """English, as everywhere on the disk; beside it what its sentences are made of, for the page's language."""
    plain = asdict(progress)
    sentences = {key: as_data(plain[key]) for key in ("message", "error", "result")}
    said = {key: value for key, value in sentences.items() if value != plain[key]}
    return {**plain, _TOLD: said} if said else plain


def _this_process() -> dict[str, float]:
    import psutil

    process = psutil.Process()
    return {"pid": process.pid, "created": process.create_time()}
