"""A worker does the one job of its folder, writes down how it ended, and leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
from tests.channel.server import FaultServer
from tests.conftest import Machine
from tests.writing import litter, yml

SECRET = "sEcReT-123456"


def job_of(machine: Machine, text: str, prefix: Path | None = None) -> tuple[JobStore, Job]:
    store = JobStore(machine.data / "jobs")
    prefix = prefix or machine.envs / "demo"
    options = {"text": text, "path": "environment.yml", "folder": None}
    return store, store.create(Operation.CREATE, prefix.name, str(prefix), str(prefix.parent), options)


def work(store: JobStore, job: Job) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "jupyter_envlink.jobs.worker", str(store.folder(job.id))]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def test_success_is_written_down(machine: Machine) -> None:
    store, job = job_of(machine, yml("envlink-text-prefix"))

    done = work(store, job)

    progress = store.load(job.id).progress
    assert (done.returncode, done.stderr, progress.status) == (0, "", Status.SUCCEEDED)
    assert progress.result is not None
    assert progress.result["prefix"] == str(machine.envs / "demo")
    assert (progress.percent, progress.started is None, progress.finished is None) == (100.0, False, False)


def test_failure_is_written_down_with_its_reason(machine: Machine) -> None:
    store, job = job_of(machine, yml("envlink-nowhere"))

    done = work(store, job)

    progress = store.load(job.id).progress
    assert (done.returncode, progress.status) == (1, Status.FAILED)
    assert progress.error is not None
    assert progress.error["code"] == "package-not-found"
    assert store.whole_log(job.id)[-1]["kind"] == "error"
    assert "envlink-nowhere" in store.whole_log(job.id)[-1]["text"]


def test_an_envs_folder_that_cannot_be_is_told(machine: Machine) -> None:
    machine.envs.write_text("a file")
    store, job = job_of(machine, yml("envlink-text-prefix"))

    work(store, job)

    error = store.load(job.id).progress.error
    assert error is not None
    assert str(machine.envs) in error["message"]
    assert error["code"] != "internal", error


def test_a_job_that_has_ended_is_not_done_again(machine: Machine) -> None:
    store, job = job_of(machine, yml("envlink-text-prefix"))
    for status in (Status.SUCCEEDED, Status.INTERRUPTED, Status.RUNNING):
        store.update(job, status=status)
        assert work(store, job).returncode == 0
        assert store.load(job.id).status is status

    store.update(job, status=Status.QUEUED)
    store.request_cancel(job.id)
    assert work(store, job).returncode == 0
    assert not (machine.envs / "demo").exists()


def test_two_workers_of_one_job_are_one(machine: Machine) -> None:
    store, job = job_of(machine, yml("envlink-text-prefix"))
    argv = [sys.executable, "-m", "jupyter_envlink.jobs.worker", str(store.folder(job.id))]
    workers = [subprocess.Popen(argv) for _ in range(3)]
    codes = [worker.wait(60) for worker in workers]

    assert codes == [0, 0, 0]
    assert store.load(job.id).status is Status.SUCCEEDED
    assert sum(entry["kind"] == "phase" and entry["phase"] == "solving" for entry in store.whole_log(job.id)) == 1


def test_a_stalled_download_ends_without_aborting_python(machine: Machine, fault_server: FaultServer) -> None:
    """rattler's threads wait on; the interpreter's own end used to meet them: ``PyGILState_Release``."""
    fault_server.stall("*.conda")
    store, job = job_of(machine, yml("envlink-slow", channel=f"{fault_server.url}/conda-forge"))
    code = (
        "import sys; from functools import partial; from pathlib import Path\n"
        "from jupyter_envlink.engines import embedded\nfrom jupyter_envlink.jobs import worker\n"
        "embedded.RattlerEngine = partial(embedded.RattlerEngine, silence=0.5)\n"
        "worker.leave(worker._run(Path(sys.argv[1])))"
    )
    environ = {**os.environ, "RATTLER_CACHE_DIR": str(machine.data / "cache")}
    argv = [sys.executable, "-c", code, str(store.folder(job.id))]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False, env=environ)

    error = store.load(job.id).progress.error
    assert (done.returncode, done.stderr) == (1, "")
    assert error is not None
    assert error["code"] == "stalled"
    assert "envlink-slow" in error["message"]
    assert litter(machine.envs) == []


def test_no_secret_of_a_channel_is_written_anywhere_but_in_the_request(
    machine: Machine, fault_server: FaultServer
) -> None:
    url = fault_server.url.replace("http://", f"http://user:{SECRET}@")
    for channel, dependency in ((f"{url}/conda-forge", "envlink-nowhere"), (f"{url}/t/tk-{SECRET}/x", "a")):
        store, job = job_of(machine, yml(dependency, channel=channel))
        work(store, job)
        folder = store.folder(job.id)
        assert store.load(job.id).status is Status.FAILED
        holders = [path.name for path in folder.iterdir() if SECRET in path.read_text()]
        assert holders == ["job.json"], json.dumps(store.whole_log(job.id), indent=1)
        assert SECRET not in json.dumps(store.load(job.id).as_dict())


def test_a_folder_that_is_no_job_says_so(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "jupyter_envlink.jobs.worker", str(tmp_path)]
    begin = time.monotonic()
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "There is no job" in done.stderr
    assert time.monotonic() - begin < 30
