"""Real creations, cancelled in each phase and killed at random moments: nothing half-made is left, and others stay."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import process
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import Conflict
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.journal import read_entry
from jupyter_envlink.recovery import recover
from jupyter_envlink.service import Envlink
from tests.channel import Channel
from tests.channel.server import FaultServer
from tests.conftest import Machine
from tests.test_queue import ended, kill_worker, queue_of, stopped, submit, until
from tests.waiting import until as wait_until
from tests.writing import litter, tree_of, yml

KILLS = 15


@pytest.fixture
def queue(machine: Machine) -> JobQueue:
    """A queue beside one environment that nothing may change."""
    made = queue_of(machine)
    assert ended(made, submit(made, machine, "other")).status is Status.SUCCEEDED
    return made


def python_of(channel: Channel) -> str:
    return f"python={'.'.join(channel.pythons[0].split('.')[:2])}"


def nothing_left(machine: Machine, other: dict[str, str]) -> None:
    assert sorted(os.listdir(machine.envs)) == [".envlink", "other"]
    assert litter(machine.envs) == []
    assert tree_of(machine.envs / "other") == other
    assert (machine.home / ".conda/environments.txt").read_text() == f"{machine.envs / 'other'}\n"


def slow_project(folder: Path) -> Path:
    """A project whose build takes a minute, and says that it has begun."""
    folder.mkdir()
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (folder / "pyproject.toml").write_text(system + '[project]\nname = "slow"\nversion = "1"\n')
    (folder / "backend.py").write_text(
        "import os, time\nfrom pathlib import Path\n"
        "def build_wheel(*a, **k):\n"
        f"    Path({str(folder / 'begun')!r}).write_text(str(os.getpid()))\n    time.sleep(60)\n"
    )
    return folder


@pytest.mark.parametrize("phase", ["solving", "downloading", "installing", "verifying"])
def test_a_cancelled_creation_leaves_nothing(
    machine: Machine, queue: JobQueue, channel: Channel, fault_server: FaultServer, tmp_path: Path, phase: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = tree_of(machine.envs / "other")
    text = yml(python_of(channel), "envlink-slow-start")
    if phase in ("solving", "downloading"):
        monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty"))
        queue = queue_of(machine)
        fault_server.stall("*repodata*" if phase == "solving" else "*.conda")
        text = yml("envlink-slow", channel=f"{fault_server.url}/conda-forge")
    job = submit(queue, machine, "demo", text)
    until(queue, job, lambda job: job.progress.phase == phase)

    cancelled = queue.cancel(job.id)

    assert cancelled.status is Status.CANCELLED, cancelled.progress
    assert not any(process.alive(*each) for each in queue.store.processes(job.id))
    nothing_left(machine, other)


@pytest.fixture
def held(machine: Machine, queue: JobQueue) -> Iterator[Job]:
    """A job whose change stands, and whose worker waits for a reader before it can say so."""
    shared = machine.home / ".conda" / "environments.txt"
    kept = shared.read_bytes()
    shared.unlink()
    os.mkfifo(shared)
    job = submit(queue, machine, "demo")
    until(queue, job, lambda job: (machine.envs / "demo").exists() and read_entry(str(machine.envs), job.id) is None)
    time.sleep(0.2)  # it has opened the pipe by now
    shared.unlink()
    shared.write_bytes(kept)
    yield job
    assert shared.read_text() == f"{machine.envs / 'other'}\n{machine.envs / 'demo'}\n"
    assert litter(machine.envs) == []


def test_a_cancel_that_comes_once_the_change_stands_is_too_late_and_says_so(
    machine: Machine, queue: JobQueue, held: Job
) -> None:
    with pytest.raises(Conflict) as refused:
        queue.cancel(held.id)

    assert refused.value.code == "finished"
    job = queue.store.load(held.id)
    assert job.status is Status.SUCCEEDED
    assert job.progress.result is not None
    assert job.progress.result["packages"] == 1
    assert queue.tick()[0].status is Status.SUCCEEDED


def test_a_worker_killed_once_the_change_stands_has_done_its_job(queue: JobQueue, held: Job) -> None:
    kill_worker(queue, held)

    assert ended(queue, held).status is Status.SUCCEEDED


@pytest.mark.parametrize("how", ["cancel", "kill"])
def test_what_pip_has_started_ends_with_the_job(
    machine: Machine, queue: JobQueue, channel: Channel, tmp_path: Path, how: str
) -> None:
    other = tree_of(machine.envs / "other")
    project = slow_project(tmp_path / "project")
    job = submit(queue, machine, "demo", yml(python_of(channel), "pip", pip=(str(project),)))
    until(queue, job, lambda job: (project / "begun").exists() and (project / "begun").read_text() != "")
    builder = int((project / "begun").read_text())
    assert psutil.pid_exists(builder)

    stopped(queue, job, how)

    assert not psutil.pid_exists(builder) or psutil.Process(builder).status() == psutil.STATUS_ZOMBIE
    nothing_left(machine, other)


def test_a_worker_killed_at_random_leaves_nothing_and_may_be_tried_again(
    machine: Machine, queue: JobQueue, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package cache is empty at first: an extraction that is killed must not spoil it either."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    queue = queue_of(machine)
    other, text, ends = tree_of(machine.envs / "other"), yml(python_of(channel), "numpy"), []
    for _ in range(KILLS):
        ends.append(_killed(queue, submit(queue, machine, "demo", text), chance.uniform(0.0, 2.0)))
        if ends[-1].status is not Status.SUCCEEDED:
            nothing_left(machine, other)
        else:
            assert recover(str(machine.envs)) == []
            _remove(machine)

    assert {job.status for job in ends} <= {Status.INTERRUPTED, Status.SUCCEEDED}, f"seed {seed}"
    last = ended(queue, queue.retry(ends[-1].id))
    assert last.status is Status.SUCCEEDED, f"seed {seed}: {last.progress}"
    assert _works(machine.envs / "demo")


def _killed(queue: JobQueue, job: Job, seconds: float) -> Job:
    time.sleep(seconds)
    for pid, created in queue.store.processes(job.id):
        if process.alive(pid, created):
            psutil.Process(pid).kill()
    return ended(queue, job)


def _remove(machine: Machine) -> None:
    service = Envlink()
    service.catalog.refresh()
    service.life.delete_removed(service.life.remove(prefix_id(str(machine.envs / "demo")), {}).id)
    wait_until(lambda: litter(machine.envs) == [])


def _works(prefix: Path) -> bool:
    argv = [
        str(prefix / "bin" / "python"),
        "-c",
        "import numpy, ipykernel, sys; print(numpy.arange(4).sum(), sys.prefix)",
    ]
    return process.run(argv, timeout=60, check=True).stdout == f"6 {prefix}\n"
