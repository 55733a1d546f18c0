"""Jobs on the disk: one folder each, readable by its owner alone.

``job.json``      the request, written once
``state.json``    the progress, replaced atomically
``events.jsonl``  phases, progress and log lines, appended; read by byte offset
``worker.json``   process id and start time of the worker, which it writes itself
``started.json``  those of the process that a queue has started as the worker
``cancel``        exists once somebody asked for the job's end
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from ..errors import InvalidRequest, NotFound
from ..files import read_json, write_json
from ..request import Operation, Request
from .record import Job, Progress, Status, now

#: Read at most this much of a log at once: bytes.
CHUNK = 256 * 1024


class JobStore:
    """The folder that holds all jobs of one user. Every method may raise ``OSError``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, job_id: str) -> Path:
        """The job's folder. Raises ``NotFound`` for an id that is none of ours."""
        folder = self.root / job_id
        if set(job_id) & {"/", "\\", "\0"} or job_id.startswith(".") or not os.path.isfile(folder / "job.json"):
            raise NotFound(f"There is no job {job_id!r}.", "The list of jobs shows those that exist.")
        return folder

    def create(self, operation: Operation, name: str, prefix: str, root: str, options: Mapping[str, Any]) -> Job:
        """Write down a new job, queued."""
        job_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
        request = Request(job_id, operation, name, prefix, root, now(), dict(options), _this_process())
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self.root / job_id
        folder.mkdir(mode=0o700)
        for name in ("events.jsonl", "worker.out"):
            (folder / name).touch(mode=0o600)
        write_json(folder / "state.json", asdict(Progress()))
        write_json(folder / "job.json", asdict(request))
        return Job(request, Progress())

    def load(self, job_id: str) -> Job:
        """The job as it is now. Raises ``NotFound``."""
        folder = self.folder(job_id)
        try:
            job = Job(_request(read_json(folder / "job.json")), _progress(read_json(folder / "state.json")))
        except (TypeError, KeyError, ValueError):
            message = f"The record of job {job_id!r} cannot be read."
            raise NotFound(message, f"Look into {folder}, or delete it.") from None
        return _cancelling(job) if (folder / "cancel").exists() else job

    def ids(self) -> list[str]:
        """The id of every job, the newest first. A folder that holds no record is passed over."""
        try:
            names = sorted(os.listdir(self.root), reverse=True)
        except FileNotFoundError:
            return []
        return [name for name in names if (self.root / name / "job.json").is_file()]

    def all(self) -> list[Job]:
        """Every job, the newest first. One whose record cannot be understood is passed over."""
        return list(self.load_all(self.ids()))

    def load_all(self, ids: Iterable[str]) -> Iterator[Job]:
        """Those of the jobs whose record can be understood."""
        for job_id in ids:
            with suppress(NotFound):
                yield self.load(job_id)

    def update(self, job: Job, **changes: Any) -> Job:
        """Write ``job`` with ``changes`` to its progress, and return it."""
        progress = replace(job.progress, **changes)
        write_json(self.root / job.id / "state.json", asdict(progress))
        return Job(job.request, progress)

    def append(self, job_id: str, entry: Mapping[str, Any]) -> None:
        """Add one entry (``kind``, ``text``, …) to the job's log, in one write."""
        line = json.dumps({"time": now(), **entry}, ensure_ascii=False) + "\n"
        with open(self.root / job_id / "events.jsonl", "a+b") as stream:
            start = b"" if _ends_whole(stream) else b"\n"
            stream.write(start + line.encode("utf-8", "replace"))

    def log(self, job_id: str, offset: int) -> dict[str, Any]:
        """``Log`` of ``openapi.yaml``: the whole entries from byte ``offset`` on, and where to go on."""
        if offset < 0:
            raise InvalidRequest("A log is read from an offset of 0 or more.", "Use next_offset of the call before.")
        job = self.load(job_id)
        chunk = _read(self.root / job_id / "events.jsonl", offset)
        whole = chunk[: chunk.rfind(b"\n") + 1]
        entries = [entry for line in whole.split(b"\n") if (entry := _entry(line)) is not None]
        finished = job.status.final and len(chunk) < CHUNK
        return {"entries": entries, "next_offset": offset + len(whole), "finished": finished}

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
        (self.folder(job_id) / "cancel").touch(mode=0o600)


def _cancelling(job: Job) -> Job:
    if job.status.final:
        return job
    return Job(job.request, replace(job.progress, status=Status.CANCELLING))


def _request(found: dict[str, Any] | None) -> Request:
    if found is None:
        raise ValueError("no request")
    return Request(**{**found, "operation": Operation(found["operation"])})


def _progress(found: dict[str, Any] | None) -> Progress:
    return Progress(**{**found, "status": Status(found["status"])}) if found else Progress()


def _read(path: Path, offset: int) -> bytes:
    """At least one whole line, where there is one, however long."""
    try:
        with open(path, "rb") as stream:
            stream.seek(offset)
            chunk = stream.read(CHUNK)
            return chunk if b"\n" in chunk else chunk + stream.readline()
    except FileNotFoundError:
        return b""


def _ends_whole(stream: IO[bytes]) -> bool:
    """Whether the last line has its end: its writer may have been killed, or the disk full."""
    if stream.seek(0, os.SEEK_END) == 0:
        return True
    stream.seek(-1, os.SEEK_END)
    return stream.read(1) == b"\n"


def _entry(line: bytes) -> dict[str, Any] | None:
    """One entry; ``None`` for a line that was cut."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _this_process() -> dict[str, float]:
    import psutil

    process = psutil.Process()
    return {"pid": process.pid, "created": process.create_time()}
