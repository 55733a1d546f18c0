"""An environment is cloned under another name, by job: on the disk, over HTTP and on the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.cli import main
from jupyter_envlink.environment import State
from jupyter_envlink.errors import Conflict, DiskError, EnvlinkError, InvalidName, NotAllowed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.steady import steady

from . import venvs
from .channel import Channel
from .conftest import Machine
from .test_operations import bare, output
from .writing import Listener, litter, nothing_left, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="hard links")


@pytest.fixture
def demo(machine: Machine, channel: Channel, service: Envlink) -> Path:
    prefix = bare(machine.envs / "demo", channel, "ipykernel", "envlink-hello", "envlink-binary-prefix")
    service.catalog.refresh()
    return prefix


def id_of(service: Envlink, prefix: Path) -> str:
    return service.catalog.snapshot.by_prefix[str(prefix)].id


@posix
def test_a_clone_is_an_environment_of_its_own(
    machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]
) -> None:
    before = tree_of(demo)

    job = finished(service.life.clone(id_of(service, demo), "über.2"))

    assert job.status is Status.SUCCEEDED, job.progress
    prefix = machine.envs / "über.2"
    assert job.request.prefix == str(prefix)
    assert tree_of(demo) == before
    shutil.rmtree(demo)
    service.catalog.refresh()
    made = service.shown(service.catalog.get(id_of(service, prefix)), {})
    assert (made["name"], made["state"], made["attached"]) == ("über.2", "ready", True)
    assert output(prefix, "-c", "import sys, ipykernel; print(sys.prefix)") == str(prefix)
    assert (machine.home / ".conda/environments.txt").read_text() == f"{prefix}\n"
    assert litter(machine.envs) == []
    _is_in_the_history(prefix)


def _is_in_the_history(prefix: Path) -> None:
    first, last = (prefix / "conda-meta/history").read_text().split("==>")[1:]
    assert "conda create" in first
    assert f"# cmd: jupyter envlink clone {prefix.parent}/demo {prefix.name}" in last
    assert re.search(r"^\+\S+::\S+-\S+-\S+$", last, re.MULTILINE), "to conda it would be one of an empty environment"


@posix
def test_two_clones_of_one_environment_at_once(
    machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]
) -> None:
    jobs = [service.life.clone(id_of(service, demo), name) for name in ("one", "two")]

    assert [finished(job).status for job in jobs] == [Status.SUCCEEDED] * 2
    for name in ("one", "two"):
        assert output(machine.envs / name, "-c", "import sys; print(sys.prefix)") == str(machine.envs / name)


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("demo", Conflict, "exists"),
        ("base", InvalidName, "invalid-name"),
        ("../out", InvalidName, "invalid-name"),
        ("with space", InvalidName, "invalid-name"),
        ("--prefix", InvalidName, "invalid-name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_at_once(
    service: Envlink, demo: Path, name: str, kind: type[EnvlinkError], code: str
) -> None:
    with pytest.raises(kind) as refused:
        service.life.clone(id_of(service, demo), name)

    assert refused.value.code == code
    assert refused.value.remedy
    assert service.jobs.all() == []


@posix
def test_the_server_that_is_read_only_makes_none(service: Envlink, demo: Path) -> None:
    service.policy.read_only = True

    with pytest.raises(NotAllowed):
        service.life.clone(id_of(service, demo), "other")


@posix
def test_a_virtual_environment_becomes_one(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], tmp_path: Path
) -> None:
    source = venvs.by_uv(machine.home / "project" / ".venv")
    service.catalog.refresh()

    job = finished(service.life.clone(id_of(service, source), "other"))

    assert job.status is Status.SUCCEEDED, job.progress
    shutil.rmtree(source)
    service.catalog.refresh()
    made = service.catalog.get(id_of(service, machine.envs / "other"))
    assert (made.kind, made.state) == ("uv", State.NO_KERNEL)
    assert output(machine.envs / "other", "-c", "import sys; print(sys.prefix)") == str(machine.envs / "other")
    assert not (machine.home / ".conda/environments.txt").exists()


def request_of(source: Path, prefix: Path, **options: object) -> Request:
    known = {"source": str(source), "base": False, "venv": False, "python": "bin/python", "kernel": "ipykernel"}
    job = "20260101-000000-0000abcd"
    return Request(job, Operation.CLONE, prefix.name, str(prefix), str(prefix.parent), "", {**known, **options})


@posix
def test_a_base_comes_without_its_cache_and_its_environments(
    machine: Machine, channel: Channel, tmp_path: Path
) -> None:
    """The clone lies in one of those folders, even."""
    base = bare(tmp_path / "base", channel, "ipykernel")
    for name in ("pkgs/python-3", "envs/old", "conda-bld", "own/envs"):
        (base / name).mkdir(parents=True)
    (base / "own/envs/mine.txt").write_text("mine")

    perform(request_of(base, base / "envs" / "new", base=True), Listener())

    found = {path.name for path in (base / "envs" / "new").iterdir()}
    assert not found & {"pkgs", "envs", "conda-bld"}
    assert (base / "envs/new/own/envs/mine.txt").read_text() == "mine"
    assert output(base / "envs/new", "-c", "import sys; print(sys.prefix)") == str(base / "envs/new")


@posix
def test_what_marks_an_environment_as_somebody_elses_stays_behind(
    machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]
) -> None:
    (demo / "conda-meta" / "frozen").write_text("{}")
    (demo / "conda-meta" / "pixi").write_text("{}")
    service.catalog.refresh()

    assert finished(service.life.clone(id_of(service, demo), "own")).status is Status.SUCCEEDED

    made = service.catalog.get(id_of(service, machine.envs / "own"))
    assert (made.kind, made.frozen, (machine.envs / "own/conda-meta/pixi").exists()) == ("conda", False, False)


@posix
def test_a_clone_that_does_not_work_is_not_kept(machine: Machine, demo: Path) -> None:
    (demo / "bin/python").unlink()
    (demo / "bin/python").symlink_to(shutil.which("false") or "false")

    with pytest.raises(EnvlinkError) as failed:
        perform(request_of(demo, machine.envs / "other"), Listener())

    assert failed.value.code == "verification-failed"
    shutil.rmtree(demo)
    nothing_left(machine.envs)


@posix
def test_a_full_disk_leaves_nothing(machine: Machine, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from jupyter_envlink import tree

    def full(source: str, target: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)

    monkeypatch.setattr(tree, "link", full)

    with pytest.raises(DiskError) as failed:
        perform(request_of(demo, machine.envs / "other"), Listener())

    assert failed.value.code == "disk-full"
    shutil.rmtree(demo)
    nothing_left(machine.envs)


def test_an_environment_that_changes_meanwhile_is_not_cloned(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    (prefix / "conda-meta").mkdir(parents=True)

    def installs() -> None:
        (prefix / "conda-meta" / "new-1-0.json").write_text("{}")

    def takes_its_place() -> None:
        shutil.copytree(prefix, tmp_path / "other")
        prefix.rename(tmp_path / f"{len(os.listdir(tmp_path))}")
        (tmp_path / "other").rename(prefix)

    def begins() -> None:
        journal = tmp_path / ".envlink" / "journal"
        journal.mkdir(parents=True)
        (journal / "x.json").write_text(json.dumps({"prefix": str(prefix), "operation": "update"}))

    with steady(str(prefix)):
        pass
    for change in (installs, takes_its_place, begins):
        with pytest.raises(Conflict) as refused, steady(str(prefix)):
            change()
        assert refused.value.code == "busy"


def test_the_command_line_clones(machine: Machine, demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clone", "demo", "other", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["operation"], said["status"], said["environment"]["name"]) == ("clone", "succeeded", "other")
