"""Records of ended jobs go by age and size; those of others never do."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from jupyter_envlink.errors import NotFound
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.jobs.retention import Retention
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
from jupyter_envlink.service import Envlink

from .conftest import Machine
from .writing import yml

KEEP = Retention(days=30, megabytes=100)


def ended(store: JobStore, days: float, status: Status = Status.SUCCEEDED, size: int = 0) -> str:
    """A job that has ended so many days ago, with a log of so many bytes."""
    job = store.create(Operation.CREATE, "demo", "/envs/demo", "/envs", {})
    moment = (datetime.now(timezone.utc) - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    store.append(job.id, {"kind": "line", "text": "x" * size})
    store.update(job, status=status, finished=moment)
    return job.id


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    return JobStore(tmp_path / "jobs")


def left(store: JobStore) -> set[str]:
    """By another process, which has nothing in memory."""
    return {job.id for job in JobStore(store.root).all()}


def test_old_ones_go_however_they_ended(store: JobStore) -> None:
    over = [ended(store, 31, status) for status in Status if status.final]
    young = {ended(store, 29, status) for status in Status if status.final}

    assert set(KEEP.apply(store)) == set(over)
    assert left(store) == young
    assert {path.name for path in store.root.iterdir()} == young


@pytest.mark.parametrize("status", [status for status in Status if not status.final])
def test_what_has_not_ended_stays_whatever_its_age_and_size(store: JobStore, status: Status) -> None:
    job = ended(store, 400, status, size=3_000_000)

    assert Retention(days=1, megabytes=1).apply(store) == []
    assert left(store) == {job}


def test_the_oldest_go_first_and_failed_ones_last(store: JobStore) -> None:
    kinds = (Status.FAILED, Status.SUCCEEDED, Status.CANCELLED, Status.FAILED, Status.SUCCEEDED)
    made = []
    for number, status in enumerate(kinds):
        made.append(ended(store, 20 - number, status, size=1_000_000))
        time.sleep(0.002)  # they are told apart by the millisecond at which they were made
    failed_first, done_first, cancelled, failed_last, done_last = made

    gone = [set(Retention(30, megabytes).apply(store)) for megabytes in (4.5, 3.5, 2.5, 1.5)]

    assert gone == [{done_first}, {cancelled}, {done_last}, {failed_first}]
    assert left(store) == {failed_last}


def test_what_has_just_ended_can_be_read_whatever_its_size(store: JobStore) -> None:
    job = ended(store, 0, size=3_000_000)

    assert Retention(days=1, megabytes=1).apply(store) == []
    assert left(store) == {job}


def test_the_log_of_one_that_is_gone_is_not_found(store: JobStore) -> None:
    job = ended(store, 31)
    store.all()
    KEEP.apply(JobStore(store.root))  # by another server

    for ask in (store.load, store.folder, lambda job_id: store.log(job_id, 0)):
        with pytest.raises(NotFound):
            ask(job)
    assert store.all() == []


def test_a_folder_of_which_something_stayed_goes_the_next_time(store: JobStore) -> None:
    first, second = ended(store, 31), ended(store, 29)
    (store.root / f".{first}").mkdir()
    (store.root / f".{first}" / "events.jsonl").touch()

    KEEP.apply(store)

    assert [path.name for path in store.root.iterdir()] == [second]


def test_a_time_that_cannot_be_understood_counts_as_now(store: JobStore) -> None:
    job = store.create(Operation.CREATE, "demo", "/envs/demo", "/envs", {})
    store.update(job, status=Status.FAILED, finished="yesterday")

    assert KEEP.apply(store) == []


def test_each_job_that_ends_makes_room(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], tmp_path: Path
) -> None:
    old, young = ended(service.queue.store, 31), ended(service.queue.store, 1)

    options = {"text": yml("envlink-text-prefix"), "path": None, "folder": None}
    job = finished(
        service.queue.submit(Operation.CREATE, "demo", str(machine.envs / "demo"), str(machine.envs), options)
    )

    assert left(service.queue.store) == {young, job.id}
    assert old not in left(service.queue.store)


def test_the_settings_are_what_counts(machine: Machine) -> None:
    service = Envlink(keep_jobs_days=1, keep_jobs_mb=1.5)
    old = [ended(service.queue.store, days, size=1_000_000) for days in (2, 0.5)]
    time.sleep(0.002)
    young = ended(service.queue.store, 0.5, size=1_000_000)

    service.jobs.forget_old()

    assert left(service.queue.store) == {young}, old
