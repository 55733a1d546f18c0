"""An environment is renamed: it is at its new place alone, whole, and its kernel goes on to be found."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink import relocatable, tree
from jupyter_envlink.cli import main
from jupyter_envlink.environment import Environment, State
from jupyter_envlink.errors import Conflict, DiskError, EnvlinkError, NotAllowed
from jupyter_envlink.generations import generations
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.policy import Policy
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.transaction import change

from . import venvs
from .channel import Channel
from .conftest import Machine
from .test_operations import bare, output
from .writing import Listener, holding, litter, request, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="hard links")


@pytest.fixture
def demo(machine: Machine, channel: Channel, service: Envlink) -> Path:
    prefix = bare(machine.envs / "demo", channel, "ipykernel", "envlink-hello", "envlink-binary-prefix")
    (machine.home / ".conda").mkdir()
    (machine.home / ".conda/environments.txt").write_text(f"/elsewhere\n{prefix}\n")
    service.catalog.refresh()
    service.menu.settle()
    return prefix


def id_of(service: Envlink, prefix: Path) -> str:
    return service.catalog.snapshot.by_prefix[str(prefix)].id


@posix
def test_a_renamed_environment_is_at_its_new_place_alone(
    machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]
) -> None:
    (demo / "mine.txt").write_text(f"{demo}/x")
    names, inode = set(tree_of(demo)), os.stat(demo / "bin/python3").st_ino

    job = finished(service.life.rename(id_of(service, demo), "money", {}))

    assert job.status is Status.SUCCEEDED, job.progress
    money = machine.envs / "money"
    assert sorted(os.listdir(machine.envs)) == [".envlink", "money"]
    assert set(tree_of(money)) - names <= {"conda-meta/envlink-job"}
    assert names <= set(tree_of(money))
    assert os.stat(money / "bin/python3").st_ino == inode, "what can be shared is not copied"
    assert (money / "mine.txt").read_text() == f"{money}/x"
    assert [path for path in holding(money, f"{demo}/") if path.endswith("history") is False] == []
    assert output(money, "-c", "import sys, ipykernel; print(sys.prefix)") == str(money)
    assert (machine.home / ".conda/environments.txt").read_text() == f"/elsewhere\n{money}\n"
    _trash_is_emptied(machine.envs)


def _trash_is_emptied(envs: Path, seconds: float = 60) -> None:
    """Once the job has said its last word."""
    deadline = time.monotonic() + seconds
    while litter(envs):
        assert time.monotonic() < deadline, litter(envs)[:5]
        time.sleep(0.05)


@posix
def test_its_kernel_follows_and_its_former_name_is_found(
    machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]
) -> None:
    service.menu.bindings.change(str(demo), lambda known: replace(known, title="Books"))
    service.register()
    assert (machine.data / "kernels/demo/kernel.json").exists()

    finished(service.life.rename(id_of(service, demo), "money", {}))
    service.register()

    former, new = service.menu.find("demo"), service.menu.find("money")
    assert former is not None
    assert new is not None
    assert (former.name, new.spec["display_name"]) == ("money", "Books")
    assert str(demo) not in service.menu.bindings.all()
    written = json.loads((machine.data / "kernels/money/kernel.json").read_text())
    assert written["argv"][0] == str(machine.envs / "money/bin/python")
    assert not (machine.data / "kernels/demo").exists()


@posix
def test_it_can_be_renamed_back(machine: Machine, service: Envlink, demo: Path, finished: Callable[[Job], Job]) -> None:
    finished(service.life.rename(id_of(service, demo), "money", {}))

    assert finished(service.life.rename(id_of(service, machine.envs / "money"), "demo", {})).status is Status.SUCCEEDED

    assert output(demo, "-c", "import sys; print(sys.prefix)") == str(demo)
    offers = [service.menu.find(name) for name in ("demo", "money")]
    assert [offer.name if offer else None for offer in offers] == ["demo", "demo"]


@posix
def test_its_earlier_states_come_along_and_work_at_the_new_place(machine: Machine, demo: Path) -> None:
    money, root = machine.envs / "money", str(machine.envs)
    (demo / "mine.txt").write_text("first")
    with change(root, str(demo), "20260101-000000-00000001", "update", keeps=True) as transaction:
        tree.clone(str(demo), transaction.staging)
        Path(transaction.staging, "mine.txt").unlink()
        transaction.exchange()
        transaction.commit()
    perform(request_of(demo, money, machine), Listener())
    assert [each.prefix for each in generations(root, str(money))] == [str(demo)]

    perform(request(Operation.ROLL_BACK, money, generation=1, keep_generations=3), Listener())

    assert (money / "mine.txt").read_text() == "first"
    assert subprocess.check_output([money / "bin/envlink-hello"], text=True) == "hello from envlink\n"
    assert output(money, "-c", "import sys, ipykernel; print(sys.prefix)") == str(money)
    assert [each.number for each in generations(root, str(money))] == [2, 1]
    assert generations(root, str(demo)) == ()


def request_of(source: Path, prefix: Path, machine: Machine) -> Request:
    known = {"source": str(source), "base": False, "venv": False, "python": "bin/python", "kernel": "ipykernel"}
    options = {**known, "data_dir": str(machine.data)}
    return Request(
        "20260101-000000-0000abcd", Operation.RENAME, prefix.name, str(prefix), str(prefix.parent), "", options
    )


@posix
def test_one_that_does_not_work_at_its_new_place_stays_as_it_was(
    machine: Machine, service: Envlink, demo: Path
) -> None:
    (demo / "lib").joinpath("own.txt").write_text("mine")
    before, known = tree_of(demo), dict(service.menu.bindings.all())
    request = request_of(demo, machine.envs / "money", machine)
    broken = replace(request, options={**request.options, "python": "bin/envlink-hello"})

    with pytest.raises(EnvlinkError):
        perform(replace(broken, options={**broken.options, "venv": True}), Listener())

    assert tree_of(demo) == before
    assert dict(service.menu.bindings.all()) == known
    assert not (machine.envs / "money").exists()
    assert litter(machine.envs) == []


@posix
def test_a_full_disk_leaves_it_as_it_was(machine: Machine, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree_of(demo)

    def full(source: str, target: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)

    monkeypatch.setattr(tree, "link", full)

    with pytest.raises(DiskError) as failed:
        perform(request_of(demo, machine.envs / "money", machine), Listener())

    assert failed.value.code == "disk-full"
    assert tree_of(demo) == before
    assert not (machine.envs / "money").exists()
    assert litter(machine.envs) == []


@posix
def test_what_somebody_installs_meanwhile_is_not_lost(machine: Machine, demo: Path) -> None:
    class Installing(Listener):
        def phase(self, name: str, text: str) -> None:
            super().phase(name, text)
            if name == "verifying":
                (demo / "conda-meta/new-1-0.json").write_text("{}")

    with pytest.raises(Conflict) as refused:
        perform(request_of(demo, machine.envs / "money", machine), Installing())

    assert refused.value.code == "busy"
    assert (demo / "conda-meta/new-1-0.json").exists()
    assert not (machine.envs / "money").exists()


@posix
def test_while_kernels_run_in_it_it_is_not_renamed(service: Envlink, demo: Path) -> None:
    number = id_of(service, demo)

    with pytest.raises(Conflict) as refused:
        service.life.rename(number, "money", {number: [{"id": "1"}]})

    assert (refused.value.code, refused.value.details) == ("in-use", {"kernels": [{"id": "1"}]})
    assert service.jobs.all() == []


@posix
@pytest.mark.parametrize("name", ["demo", "base", "../x", "a b"])
def test_a_name_that_cannot_be_is_refused(service: Envlink, demo: Path, name: str) -> None:
    with pytest.raises(EnvlinkError):
        service.life.rename(id_of(service, demo), name, {})


def environment(folder: Path, **more: object) -> Environment:
    (folder / "demo" / "conda-meta").mkdir(parents=True, exist_ok=True)
    made = Environment(str(folder / "demo"), "conda", "demo", State.READY, writable=True)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "kind", "code"),
    [
        ({"is_base": True}, NotAllowed, "not-allowed"),
        ({"frozen": True}, NotAllowed, "frozen"),
        ({"state": State.BUILDING}, Conflict, "not-ready"),
        ({"kind": "pixi"}, Conflict, "of-project"),
        ({"kind": "poetry"}, Conflict, "of-project"),
        ({"name": "project"}, Conflict, "of-project"),
        ({"overlay": True}, Conflict, "overlay"),
    ],
    ids=lambda value: str(value),
)
def test_some_are_not_renamed(tmp_path: Path, more: dict[str, object], kind: type[EnvlinkError], code: str) -> None:
    with pytest.raises(kind) as refused:
        relocatable.refuse_rename(environment(tmp_path, **more), Policy())

    assert refused.value.code == code
    assert refused.value.remedy


def test_an_installation_of_python_is_not_cloned(tmp_path: Path) -> None:
    found = environment(tmp_path, kind="pyenv")
    (tmp_path / "demo/conda-meta").rmdir()

    with pytest.raises(Conflict) as refused:
        relocatable.refuse_clone(found)

    assert refused.value.code == "not-relocatable"


@posix
def test_a_virtual_environment_is_renamed_where_it_lies(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job]
) -> None:
    place = machine.home / ".virtualenvs"
    venvs.by_uv(place / "one")
    service.catalog.refresh()

    job = finished(service.life.rename(id_of(service, place / "one"), "two", {}))

    assert job.status is Status.SUCCEEDED, job.progress
    assert os.listdir(place) == ["two"]
    assert output(place / "two", "-c", "import sys; print(sys.prefix)") == str(place / "two")


@posix
def test_the_command_line_renames(machine: Machine, demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rename", "demo", "money", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["operation"], said["status"], said["environment"]["name"]) == ("rename", "succeeded", "money")
    assert (machine.data / "kernels/money/kernel.json").exists()
