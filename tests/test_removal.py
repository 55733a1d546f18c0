"""Removing takes one rename, whatever the size; until it is too late everything comes back as it was."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink import conda_records
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import Conflict, DiskError, NotAllowed, NotFound
from jupyter_envlink.generations import generations
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.locks import lock
from jupyter_envlink.overlay import finish, overlay_path
from jupyter_envlink.recovery import recover
from jupyter_envlink.service import Envlink

from .conftest import Machine
from .prefixes import look_alike
from .server import Api
from .venvs import KERNEL, by_uv
from .waiting import until
from .writing import as_nobody, litter, open_to_all, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="mounts, accounts, fork")


@pytest.fixture
def demo(machine: Machine) -> Path:
    """An environment in conda's list."""
    prefix = look_alike(machine.envs / "demo")
    conda_records.remember(str(prefix), machine.home)
    return prefix


def remove(service: Envlink, prefix: Path) -> Job:
    service.catalog.refresh()
    return service.life.remove(prefix_id(str(prefix)), {})


def names(service: Envlink) -> set[str]:
    return {each.name for each in service.catalog.snapshot.environments}


def nothing_kept(root: Path) -> bool:
    return not any(path for name in ("removed", "trash") for path in (root / ".envlink" / name).glob("*"))


# away and back


def test_it_is_gone_at_once_and_everybody_knows(demo: Path, service: Envlink, machine: Machine) -> None:
    told: list[tuple[str, ...]] = []
    service.on_change(lambda change: told.append(change.removed))
    whole, before = tree_of(demo), time.time()

    job = remove(service, demo)

    assert (job.status, job.progress.percent, job.progress.message) == (Status.SUCCEEDED, 100, "Done.")
    assert not demo.exists()
    assert "demo" not in names(service)
    assert (prefix_id(str(demo)),) in told
    assert conda_records.remembers(str(demo), machine.home) is False
    assert service.menu.find("demo") is None or service.menu.named("demo") is None
    (what,) = service.life.removed()
    assert tree_of(what.folder / "env") == whole
    assert (what.name, what.prefix, what.job, what.listed) == ("demo", str(demo), job.id, True)
    assert what.until == pytest.approx(before + 3600, abs=30)
    assert job.progress.result is not None
    assert job.progress.result["undo_until"] == what.as_dict()["until"]
    assert service.queue.store.load(job.id) == job


def test_it_comes_back_as_it_was(demo: Path, service: Envlink, machine: Machine) -> None:
    service.register()
    service.customize(prefix_id(str(demo)), {"title": "Mine", "variables": {"A": "1"}})
    service.attach(prefix_id(str(demo)))
    service.register()
    spec, binding, whole = (
        tree_of(machine.data / "kernels" / "demo"),
        service.menu.bindings.get(str(demo)),
        tree_of(demo),
    )
    job = remove(service, demo)
    service.register()
    assert not (machine.data / "kernels" / "demo").exists()
    assert str(demo) not in service.menu.bindings.all()

    done = service.life.restore(job.id)

    assert (done.status, done.request.operation.value, done.request.prefix) == (Status.SUCCEEDED, "restore", str(demo))
    assert tree_of(demo) == whole
    assert "demo" in names(service)
    assert service.menu.bindings.get(str(demo)) == binding
    assert conda_records.remembers(str(demo), machine.home)
    service.register()
    assert tree_of(machine.data / "kernels" / "demo") == spec
    assert service.life.removed() == []
    assert nothing_kept(machine.envs)


def test_its_overlay_waits_with_it(service: Envlink, machine: Machine) -> None:
    prefix = by_uv(machine.envs / "demo")
    folder = overlay_path(str(prefix))
    kernel = folder / "lib/share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(KERNEL))
    finish(folder, str(prefix), str(prefix / "bin" / "python"), "3.11", "job")
    job = remove(service, prefix)
    service.register()
    assert folder.is_dir()

    service.life.delete_removed(job.id)
    service.register()

    assert not folder.exists()


def test_one_that_conda_did_not_list_is_not_listed_afterwards(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "demo")

    service.life.restore(remove(service, prefix).id)

    assert not conda_records.remembers(str(prefix), machine.home)


def test_its_generations_go_and_come_with_it(demo: Path, service: Envlink, machine: Machine) -> None:
    """A new environment of its name is not to be rolled back to what another one was."""
    folder = machine.envs / ".envlink" / "generations" / prefix_id(str(demo)) / "3"
    (folder / "env").mkdir(parents=True)
    (folder / "generation.json").write_text('{"created": "x", "job": "y", "operation": "update"}')
    before = generations(str(machine.envs), str(demo))
    job = remove(service, demo)
    look_alike(demo)
    assert generations(str(machine.envs), str(demo)) == ()
    demo.rename(machine.home / "demo")

    service.life.restore(job.id)

    assert generations(str(machine.envs), str(demo)) == before
    assert [each.number for each in before] == [3]


def test_what_is_new_at_its_place_stays_there(demo: Path, service: Envlink) -> None:
    job = remove(service, demo)
    look_alike(demo)
    new = tree_of(demo)

    with pytest.raises(Conflict) as refused:
        service.life.restore(job.id)

    assert refused.value.code == "exists"
    assert tree_of(demo) == new
    assert [each.job for each in service.life.removed()] == [job.id]
    assert [each.id for each in service.queue.store.all()] == [job.id], "of what was not begun there is no record"


def test_two_of_one_name_come_back_one_after_the_other(demo: Path, service: Envlink, machine: Machine) -> None:
    (demo / "first").touch()
    first = remove(service, demo)
    (look_alike(demo) / "second").touch()
    second = remove(service, demo)
    assert [each.job for each in service.life.removed()] == [second.id, first.id]

    service.life.restore(first.id)
    assert (demo / "first").exists()
    with pytest.raises(Conflict):
        service.life.restore(second.id)
    demo.rename(machine.envs / "elsewhere")
    service.life.restore(second.id)
    assert (demo / "second").exists()


def test_its_name_may_be_another_ones_by_then(demo: Path, service: Envlink, tmp_path: Path, machine: Machine) -> None:
    service.register()
    assert service.menu.bindings.get(str(demo)).name == "demo"
    job = remove(service, demo)
    other = look_alike(tmp_path / "elsewhere" / "demo")
    conda_records.remember(str(other), machine.home)
    service.catalog.refresh()
    service.register()
    assert service.menu.bindings.get(str(other)).name == "demo"

    service.life.restore(job.id)
    service.register()

    assert service.menu.bindings.get(str(other)).name == "demo"
    assert service.menu.bindings.get(str(demo)).name not in (None, "demo")


def test_a_job_that_is_not_known_removed_nothing(service: Envlink, demo: Path) -> None:
    job = remove(service, demo)
    service.life.restore(job.id)

    for act in (service.life.restore, service.life.delete_removed):
        with pytest.raises(NotFound):
            act(job.id)


# refusals


def test_while_another_process_changes_it_it_stays(demo: Path, service: Envlink, machine: Machine) -> None:
    with lock(str(machine.envs), str(demo)), pytest.raises(Conflict) as refused:
        remove(service, demo)

    assert refused.value.code == "busy"
    assert demo.is_dir()
    assert service.queue.store.all() == []
    assert remove(service, demo).status is Status.SUCCEEDED


def test_one_that_is_gone_already(demo: Path, service: Envlink, machine: Machine) -> None:
    service.catalog.refresh()
    demo.rename(machine.home / "demo")

    with pytest.raises(NotFound):
        service.life.remove(prefix_id(str(demo)), {})

    assert litter(machine.envs) == []
    assert service.queue.store.all() == []


def test_policy_decides_on_coming_back_too(demo: Path, service: Envlink) -> None:
    job = remove(service, demo)
    service.policy.read_only = True

    for act in (service.life.restore, service.life.delete_removed):
        with pytest.raises(NotAllowed):
            act(job.id)
    assert not demo.exists()


@posix
def test_a_mount_point_is_named(demo: Path, service: Envlink, machine: Machine) -> None:
    try:
        subprocess.run(["mount", "--bind", str(demo), str(demo)], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("file systems cannot be mounted here")
    try:
        with pytest.raises(DiskError) as refused:
            remove(service, demo)
    finally:
        subprocess.run(["umount", str(demo)], check=True, timeout=10)

    assert refused.value.code == "cannot-move"
    assert str(demo) in refused.value.message
    assert demo.is_dir()
    assert service.life.removed() == []
    assert litter(machine.envs) == []
    assert conda_records.remembers(str(demo), machine.home)
    (job,) = service.queue.store.all()
    assert (job.status, (job.progress.error or {})["code"]) == (Status.FAILED, "cannot-move")


# for good


def test_it_is_deleted_for_good_in_the_background(demo: Path, service: Envlink, machine: Machine) -> None:
    job = remove(service, demo)
    os.chmod(service.life.removed()[0].folder / "env" / "bin", 0o500)

    service.life.delete_removed(job.id)

    assert service.life.removed() == []
    until(lambda: nothing_kept(machine.envs), 30)
    assert not demo.exists()


def test_it_is_deleted_when_its_time_is_over(demo: Path, machine: Machine) -> None:
    service = Envlink(undo_seconds=1)
    job = remove(service, demo)
    assert [each.job for each in service.life.removed()] == [job.id]
    service.removal.expire()
    assert [each.job for each in service.life.removed()] == [job.id], "its time is not over yet"
    time.sleep(1.05)
    assert service.life.removed() == [], "what is over is not offered"

    Envlink().removal.expire()  # another process, whatever it keeps itself

    until(lambda: nothing_kept(machine.envs), 30)


def test_nothing_is_kept_where_that_is_so_configured(demo: Path, machine: Machine) -> None:
    service = Envlink(undo_seconds=0)

    job = remove(service, demo)

    assert job.progress.result is not None
    assert job.progress.result["undo_until"] is None
    assert service.life.removed() == []
    until(lambda: nothing_kept(machine.envs), 30)


def test_what_was_in_the_trash_when_all_was_killed_is_deleted_by_the_next_start(demo: Path, service: Envlink) -> None:
    from jupyter_envlink.removed import discard

    remove(service, demo)
    (what,) = service.life.removed()
    trash = discard(what)
    assert trash is not None
    assert trash.is_dir()

    recover(str(demo.parent))

    assert nothing_kept(demo.parent)


# projects


def test_in_a_project_nothing_of_ours_is_committed_nor_stays(machine: Machine, tmp_path: Path) -> None:
    project = tmp_path / "project"
    prefix = by_uv(project / ".venv")
    subprocess.run(["git", "init", "--quiet", str(project)], check=True, timeout=30)
    service = Envlink()
    service.catalog.project_roots = [str(tmp_path)]
    job = remove(service, prefix)
    status = ["git", "-C", str(project), "status", "--porcelain"]
    assert subprocess.run(status, check=True, capture_output=True, timeout=30).stdout == b""
    assert "project" not in names(service), "what was removed is found nowhere else"

    service.life.restore(job.id)
    assert sorted(os.listdir(project)) == [".git", ".venv"]
    service.life.delete_removed(remove(service, prefix).id)

    until(lambda: sorted(os.listdir(project)) == [".git"], 30)


def test_other_projects_of_the_same_folder_keep_theirs(machine: Machine, tmp_path: Path) -> None:
    project = tmp_path / "project"
    first, second = by_uv(project / ".venv"), by_uv(project / "venv")
    service = Envlink()
    service.catalog.project_roots = [str(tmp_path)]
    jobs = [remove(service, prefix) for prefix in (first, second)]

    service.life.restore(jobs[0].id)

    assert [each.job for each in service.life.removed()] == [jobs[1].id]
    assert (project / ".envlink" / ".gitignore").read_text() == "*\n"


# crashes and others


@posix
@pytest.mark.parametrize("what", ["remove", "restore"])
def test_dying_at_any_change_to_the_disk_loses_nothing(what: str, machine: Machine) -> None:
    argv = [sys.executable, "-m", "tests.removal_crashes", what, str(machine.envs)]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=400, check=False, cwd=Path(__file__).parent.parent
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15


FORGED = (
    {"prefix": "/etc/demo"}, {"job": "20260101-000000-00000000"}, {"name": 5}, {"until": "soon"}, {"binding": []},
    {"prefix": "ROOT/.envlink"}, {"prefix": "ROOT/.."}, {"prefix": "demo\0"}, {"more": "than is known"},
    {"removed": None},
)  # fmt: skip


@pytest.mark.parametrize("changed", FORGED, ids=str)
def test_a_forged_record_is_passed_over(
    demo: Path, service: Envlink, machine: Machine, changed: dict[str, object]
) -> None:
    remove(service, demo)
    (what,) = service.life.removed()
    path = what.folder / "removed.json"
    changed = {
        key: value.replace("ROOT", str(machine.envs)) if isinstance(value, str) else value
        for key, value in changed.items()
    }
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))

    assert service.life.removed() == []
    service.removal.expire()
    assert (what.folder / "env").is_dir()


@posix
def test_what_others_removed_is_theirs(demo: Path, service: Envlink, machine: Machine) -> None:
    """In a folder that all may write to."""
    if os.getuid() != 0:
        pytest.skip("needs a second account")
    code = (
        "import filelock, time\nfrom pathlib import Path\nfrom jupyter_envlink import removed\nnobody()\n"
        "root = sys.argv[1]\n"
        "what = removed.Removed('20260101-000000-0000abcd', 'theirs', root + '/theirs', time.time(), 0.0, False)\n"
        "removed.put_away(what)\n"
        "print([each.name for each in removed.find(root)])"
    )
    remove(service, demo)
    look_alike(machine.envs / "theirs")
    with open_to_all(machine.envs):
        done = as_nobody(code, machine.envs)
    own = service.life.removed()

    assert (done.stdout.strip(), done.stderr) == ("['theirs', 'demo']", ""), "both were given away"
    assert own == []
    service.removal.expire()
    assert (machine.envs / ".envlink/removed/20260101-000000-0000abcd/env").is_dir()


@posix
@pytest.mark.parametrize("link", [".envlink", ".envlink/removed"])
def test_no_link_leads_out_of_its_folder(demo: Path, service: Envlink, machine: Machine, link: str) -> None:
    remove(service, demo)
    aside = machine.home / "aside"
    (machine.envs / link).rename(aside)
    (machine.envs / link).symlink_to(aside, target_is_directory=True)
    before = tree_of(aside)

    assert service.life.removed() == []
    service.removal.expire()
    assert tree_of(aside) == before


# over HTTP


async def test_remove_and_undo_over_http(machine: Machine, api: Api) -> None:
    prefix = look_alike(machine.envs / "demo")
    await api.listed("demo", 5)
    status, job = await api("DELETE", f"environments/{prefix_id(str(prefix))}")
    assert (status, job["status"], job["operation"]) == (202, "succeeded", "remove")
    assert await api.environment("demo") is None
    _, listed = await api("GET", "removed")
    assert [each["job"] for each in listed["removed"]] == [job["id"]]
    assert listed["removed"][0]["until"] == job["result"]["undo_until"]

    status, back = await api("POST", f"removed/{job['id']}")
    assert (status, back["status"], back["operation"]) == (202, "succeeded", "restore")
    assert (await api.environment("demo")) is not None
    assert (await api("POST", f"removed/{job['id']}"))[0] == 404

    _, again = await api("DELETE", f"environments/{prefix_id(str(prefix))}")
    look_alike(prefix)
    status, error = await api("POST", f"removed/{again['id']}")
    assert (status, error["code"]) == (409, "exists")
    assert (await api("DELETE", f"removed/{again['id']}"))[0] == 204
    assert (await api("DELETE", f"removed/{again['id']}"))[0] == 404
    assert (await api("GET", "removed"))[1] == {"removed": []}
    assert (await api("GET", "info"))[1]["undo_seconds"] == 3600


async def test_a_failed_removal_is_tried_again(machine: Machine, api: Api, service: Envlink) -> None:
    prefix = look_alike(machine.envs / "demo")
    await api.listed("demo", 5)
    _, job = await api("DELETE", f"environments/{prefix_id(str(prefix))}")
    service.queue.store.update(service.queue.store.load(job["id"]), status=Status.INTERRUPTED)
    look_alike(prefix)
    await api.listed("demo", 5)

    status, again = await api("POST", f"jobs/{job['id']}/retry")

    assert (status, again["status"]) == (202, "succeeded")
    assert not prefix.exists()


async def test_a_server_deletes_what_is_over(machine: Machine, api: Api) -> None:
    prefix = look_alike(machine.envs / "demo")
    await api.listed("demo", 5)
    _, job = await api("DELETE", f"environments/{prefix_id(str(prefix))}")
    path = machine.envs / ".envlink" / "removed" / job["id"] / "removed.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "until": 0}))

    await asyncio.wait_for(asyncio.to_thread(until, lambda: not path.exists(), 30), 40)


def test_the_menu_keeps_what_was_set_through_a_restart(demo: Path, service: Envlink) -> None:
    """A server that starts in between forgets what is gone; the record holds it."""
    service.menu.bindings.change(str(demo), lambda known: replace(known, attached=False, former=("old",)))
    binding = service.menu.bindings.get(str(demo))
    job = remove(service, demo)
    other = Envlink()
    other.catalog.refresh()
    other.register()

    other.life.restore(job.id)

    assert other.menu.bindings.get(str(demo)) == binding
