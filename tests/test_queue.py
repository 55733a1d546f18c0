"""A job is done once, by one worker, whoever queued it and whoever is killed over it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import process
from jupyter_envlink.errors import Conflict, DiskError
from jupyter_envlink.jobs.launchers.local import LocalLauncher
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
from tests.channel.server import FaultServer
from tests.conftest import Machine
from tests.writing import litter, yml

TINY = yml("envlink-text-prefix")


def queue_of(machine: Machine, limit: int = 2) -> JobQueue:
    return JobQueue(JobStore(machine.data / "envlink" / "jobs"), LocalLauncher(), limit, os.environ)


def submit(queue: JobQueue, machine: Machine, name: str, text: str = TINY) -> Job:
    options = {"text": text, "path": None, "folder": None}
    return queue.submit(Operation.CREATE, name, str(machine.envs / name), str(machine.envs), options)


def until(queue: JobQueue, job: Job, done: Callable[[Job], bool], seconds: float = 60) -> Job:
    deadline = time.monotonic() + seconds
    while not done(job := queue.store.load(job.id)):
        assert time.monotonic() < deadline, job
        queue.tick()
        time.sleep(0.02)
    return job


def ended(queue: JobQueue, job: Job) -> Job:
    return until(queue, job, lambda job: job.status.final)


def kill_worker(queue: JobQueue, job: Job) -> None:
    worker = queue.store.worker(job.id)
    assert worker is not None
    psutil.Process(worker[0]).kill()


def stopped(queue: JobQueue, job: Job, how: str) -> Job:
    """The job once it has ended by ``how``: ``cancel``, or ``kill`` of its worker."""
    if how == "cancel":
        queue.cancel(job.id)
    else:
        kill_worker(queue, job)
    job = ended(queue, job)
    assert job.status is (Status.CANCELLED if how == "cancel" else Status.INTERRUPTED), job.progress
    return job


@pytest.fixture
def slow(fault_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file whose one package takes a minute to arrive."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty cache"))
    fault_server.slow("*/envlink-slow-*", 80_000)
    return yml("envlink-slow", channel=f"{fault_server.url}/conda-forge")


def loading(job: Job) -> bool:
    return job.progress.phase == "downloading" and (job.progress.percent or 0) > 10


def test_a_job_is_done_and_its_moves_are_told(machine: Machine) -> None:
    queue = queue_of(machine)
    job = submit(queue, machine, "demo")
    told: list[Status] = []
    while not told or not told[-1].final:
        told += [moved.status for moved in queue.tick()]
        time.sleep(0.02)

    assert told[-1] is Status.SUCCEEDED
    assert queue.active == ()
    assert (machine.envs / "demo" / "conda-meta" / "history").is_file()
    assert queue.store.load(job.id).progress.percent == 100


def test_no_more_workers_than_the_limit_run_at_once(machine: Machine, slow: str) -> None:
    queue = queue_of(machine, limit=1)
    first = submit(queue, machine, "first", slow)
    second = submit(queue, machine, "second")
    until(queue, first, loading)

    assert queue.store.load(second.id).status is Status.QUEUED
    assert queue.store.processes(second.id) == []
    queue.cancel(first.id)
    assert ended(queue, second).status is Status.SUCCEEDED


def test_one_that_waits_is_cancelled_without_ever_starting(machine: Machine, slow: str) -> None:
    queue = queue_of(machine, limit=1)
    first, second = submit(queue, machine, "first", slow), submit(queue, machine, "second")

    assert queue.cancel(second.id).status is Status.CANCELLED
    queue.tick()
    assert queue.store.processes(second.id) == []
    queue.cancel(first.id)
    assert not (machine.envs / "second").exists()


def test_a_prefix_has_one_job_at_a_time(machine: Machine, slow: str) -> None:
    queue = queue_of(machine)
    job = submit(queue, machine, "demo", slow)

    with pytest.raises(Conflict) as refused:
        submit(queue, machine, "demo")

    assert refused.value.details == {"job": job.id}
    queue.cancel(job.id)
    assert ended(queue, submit(queue, machine, "demo")).status is Status.SUCCEEDED


def test_what_has_ended_is_not_cancelled(machine: Machine) -> None:
    queue = queue_of(machine)
    job = ended(queue, submit(queue, machine, "demo"))

    with pytest.raises(Conflict) as refused:
        queue.cancel(job.id)

    assert refused.value.code == "finished"
    assert (machine.envs / "demo").is_dir()


def test_what_runs_is_not_retried_and_what_failed_is(machine: Machine, slow: str) -> None:
    queue = queue_of(machine)
    job = submit(queue, machine, "demo", slow)
    with pytest.raises(Conflict):
        queue.retry(job.id)
    until(queue, job, loading)
    queue.cancel(job.id)

    again = queue.retry(job.id)

    assert again.id != job.id
    assert again.request.options == job.request.options
    queue.cancel(again.id)


def test_two_queues_never_do_a_job_twice(machine: Machine) -> None:
    """Two servers of one user, and a command beside them, that look at one moment."""
    queues = [queue_of(machine) for _ in range(3)]
    jobs = [queues[0].store.create(Operation.CREATE, f"e{n}", str(machine.envs / f"e{n}"), str(machine.envs),
            {"text": TINY, "path": None, "folder": None}) for n in range(4)]  # fmt: skip
    threads = [threading.Thread(target=_drive, args=(queue, jobs)) for queue in queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    store = queues[0].store
    assert [store.load(job.id).status for job in jobs] == [Status.SUCCEEDED] * 4
    for job in jobs:
        begun = [each for each in store.whole_log(job.id) if each["kind"] == "phase" and each["phase"] == "solving"]
        assert len(begun) == 1, "the job was begun more than once"
        assert not [each for each in store.whole_log(job.id) if each["kind"] == "error"]


def _drive(queue: JobQueue, jobs: list[Job]) -> None:
    queue.adopt()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not all(queue.store.load(job.id).status.final for job in jobs):
        queue.tick()


_SERVER = """
import os, sys, time
from pathlib import Path
from jupyter_envlink.jobs.launchers.local import LocalLauncher
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
jobs, envs, *texts = sys.argv[1:]
queue = JobQueue(JobStore(Path(jobs)), LocalLauncher(), 1, os.environ)
for number, text in enumerate(texts):
    options = {"text": text, "path": None, "folder": None}
    print(queue.submit(Operation.CREATE, f"e{number}", f"{envs}/e{number}", envs, options).id, flush=True)
while True:
    queue.tick(); time.sleep(0.02)
"""


def test_a_worker_outlives_the_server_and_the_next_one_goes_on(
    machine: Machine, slow: str, fault_server: FaultServer
) -> None:
    queue = queue_of(machine, limit=1)
    argv = [sys.executable, "-c", _SERVER, str(queue.store.root), str(machine.envs), slow, TINY]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ids = [server.stdout.readline().strip() for _ in range(2)]
        running, waiting = (queue.store.load(job_id) for job_id in ids)
        until(queue, running, loading)
        server.send_signal(signal.SIGKILL)

    assert [process.alive(*each) for each in queue.store.processes(running.id)] == [True, *[True] * (
        len(queue.store.processes(running.id)) - 1)]  # fmt: skip
    assert {job.id for job in queue.adopt()} == set(ids)
    queue.tick()
    assert queue.store.load(waiting.id).status is Status.QUEUED, "there is room for one only"
    fault_server.clear()
    assert queue.cancel(running.id).status is Status.CANCELLED
    assert ended(queue, waiting).status is Status.SUCCEEDED
    assert litter(machine.envs) == []


def test_a_worker_that_outlives_its_server_is_reported_by_the_next(machine: Machine) -> None:
    queue = queue_of(machine)
    argv = [sys.executable, "-c", _SERVER, str(queue.store.root), str(machine.envs), TINY]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        job = queue.store.load(server.stdout.readline().strip())
        server.send_signal(signal.SIGKILL)

    queue.adopt()
    assert ended(queue, job).status is Status.SUCCEEDED


def test_a_folder_that_somebody_deletes_keeps_its_prefix_from_nobody(machine: Machine, slow: str) -> None:
    import shutil

    queue = queue_of(machine)
    job = submit(queue, machine, "demo", slow)
    for each in queue.store.processes(job.id):
        process.kill_group(*each)
    shutil.rmtree(queue.store.folder(job.id))

    assert ended(queue, submit(queue, machine, "demo")).status is Status.SUCCEEDED


def test_a_folder_that_somebody_deletes_stops_nothing(machine: Machine, slow: str) -> None:
    import shutil

    queue = queue_of(machine)
    first, second = submit(queue, machine, "first", slow), submit(queue, machine, "second")
    for each in queue.store.processes(first.id):
        process.kill_group(*each)
    shutil.rmtree(queue.store.folder(first.id))

    assert ended(queue, second).status is Status.SUCCEEDED
    queue.tick()
    assert queue.active == ()


def test_two_servers_together_keep_to_the_limit(machine: Machine, slow: str) -> None:
    """Which look at one moment, again and again."""
    queues = [queue_of(machine, limit=2) for _ in range(3)]
    options = {"text": slow, "path": None, "folder": None}
    store = queues[0].store
    jobs = [
        store.create(Operation.CREATE, f"e{n}", str(machine.envs / f"e{n}"), str(machine.envs), options)
        for n in range(5)
    ]
    for queue in queues:
        queue.adopt()
    threads = [threading.Thread(target=lambda q=queue: [q.tick() for _ in range(20)]) for queue in queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    begun = [job for job in jobs if store.processes(job.id)]
    assert [job.id for job in begun] == [job.id for job in sorted(jobs, key=lambda job: job.request.created)[:2]]
    for job in jobs:
        queues[0].cancel(job.id)


def test_one_that_is_just_starting_is_cancelled(machine: Machine) -> None:
    """Its worker's process is there, and has not said anything yet."""
    queue = queue_of(machine)
    for number in range(4):
        job = submit(queue, machine, "demo")
        assert queue.store.processes(job.id)
        time.sleep(0.05 * number)
        try:
            assert queue.cancel(job.id).status is Status.CANCELLED
        except Conflict:
            continue  # it was quicker
        assert not any(process.alive(*each) for each in queue.store.processes(job.id))
        assert not (machine.envs / "demo").exists()
        assert litter(machine.envs) == []


# what this process does itself


def do(queue: JobQueue, machine: Machine, work: Callable[[Job], dict[str, str]]) -> Job:
    return queue.do(Operation.REMOVE, "demo", str(machine.envs / "demo"), str(machine.envs), {}, work)


def test_what_is_done_at_once_is_told_by_the_next_look(machine: Machine) -> None:
    machine.envs.mkdir()
    queue = queue_of(machine)
    seen: list[Status] = []

    def work(job: Job) -> dict[str, str]:
        other = queue_of(machine)
        other.adopt()
        seen.append(other.store.load(job.id).status)
        with pytest.raises(Conflict):
            queue.cancel(job.id)
        with pytest.raises(Conflict):
            do(queue, machine, work)
        assert queue.tick() == []
        return {"name": "demo"}

    job = do(queue, machine, work)

    assert seen == [Status.RUNNING]
    assert (job.status, job.progress.result) == (Status.SUCCEEDED, {"name": "demo"})
    assert [moved.id for moved in queue.tick()] == [job.id]
    assert queue.active == ()


@pytest.mark.parametrize(
    ("fault", "left"),
    [(Conflict("busy"), []), (DiskError("full"), [Status.FAILED]), (OSError(28, "full"), [Status.FAILED])],
    ids=lambda value: str(value),
)
def test_what_cannot_be_done_at_once_is_raised(machine: Machine, fault: Exception, left: list[Status]) -> None:
    machine.envs.mkdir()
    queue = queue_of(machine)

    def work(job: Job) -> dict[str, str]:
        raise fault

    with pytest.raises((Conflict, DiskError)):
        do(queue, machine, work)

    assert [job.status for job in queue.store.all()] == left
    assert len(queue.tick()) == len(left)


def test_one_whose_last_word_could_not_be_written_is_ended_by_the_next_look(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.envs.mkdir()
    queue = queue_of(machine)

    def full(*_: object) -> Job:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(queue.store, "succeed", full)
        patch.setattr(queue.store, "fail", full)
        do(queue, machine, lambda job: {})

    (job,) = queue.tick()
    assert job.status is Status.SUCCEEDED, "there is nothing at its place, as was wanted"
