from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path

import pytest

from jupyter_envlink.cleaning import measured
from jupyter_envlink.disk import disk_error
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import DiskError
from jupyter_envlink.leftover import Leftover
from jupyter_envlink.locks import lock
from jupyter_envlink.service import Envlink

from .conftest import Machine
from .prefixes import shell_alike
from .writing import litter, tree_of

OTHERS = ("mine/kernel.json", "envlink.txt", "notes/x.json")


@pytest.fixture
def registered(service: Envlink, machine: Machine) -> Envlink:
    """Two environments with their specs, and what is not ours beside them."""
    for name in ("shell", "other"):
        script = shell_alike(machine.envs / name) / "etc/conda/activate.d/a.sh"
        script.parent.mkdir(parents=True)
        script.write_text("export A=1\n")
    for name in OTHERS:
        path = machine.data / "kernels" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"argv": ["x"], "display_name": "Mine", "language": "x"}')
    service.catalog.refresh()
    service.register()
    assert {"shell", "other"} <= set(os.listdir(machine.data / "kernels"))
    return service


def _found(service: Envlink) -> dict[str, Leftover]:
    service.catalog.refresh()
    return {leftover.path: leftover for leftover in service.cleaning.leftovers()}


def test_nothing_is_left_over_where_all_is_in_use(registered: Envlink) -> None:
    assert _found(registered) == {}
    assert registered.cleaning.clean(registered.cleaning.leftovers()).removed == ()


def test_what_a_removed_environment_leaves(registered: Envlink, machine: Machine) -> None:
    environment = registered.catalog.snapshot.by_prefix[str(machine.envs / "shell")]
    shutil.rmtree(environment.prefix)
    spec = str(machine.data / "kernels" / "shell")
    cache = str(machine.data / "envlink" / "activation" / f"{environment.id}.json")
    before = tree_of(machine.data)
    found = _found(registered)
    assert {path: each.kind for path, each in found.items()} == {spec: "spec", cache: "activation"}
    assert environment.prefix in found[spec].reason
    assert tree_of(machine.data) == before
    done = registered.cleaning.clean(registered.cleaning.leftovers())
    assert ({each.path for each in done.removed}, done.kept) == ({spec, cache}, ())
    after = tree_of(machine.data)
    assert {name for name in before.keys() - after.keys() if "logo" not in name} == {
        "kernels/shell",
        "kernels/shell/kernel.json",
        f"envlink/activation/{environment.id}.json",
    }
    assert _found(registered) == {}


@pytest.mark.parametrize("mode", ["attached", "none"])
def test_what_is_not_wanted_any_more(registered: Envlink, machine: Machine, mode: str) -> None:
    registered.registrar.register = mode
    assert {"shell", "other"} <= {os.path.basename(path) for path in _found(registered)}


def test_a_disk_that_is_not_there_leaves_its_specs(registered: Envlink, machine: Machine) -> None:
    machine.envs.rename(machine.home / "unmounted")
    assert {each.kind for each in _found(registered).values()} <= {"activation"}  # a cache is made again


def test_while_packages_are_installed_its_spec_stays(registered: Envlink, machine: Machine) -> None:
    (machine.envs / "shell" / "conda-meta" / "python-3.11.7-0.json.c~").touch()
    assert _found(registered) == {}
    assert not registered.register()
    assert (machine.data / "kernels" / "shell").exists()


def test_nothing_is_left_over_before_the_disk_was_looked_at(registered: Envlink) -> None:
    assert Envlink().cleaning.leftovers() == ()


def test_files_that_a_killed_program_was_writing(registered: Envlink, machine: Machine) -> None:
    home = machine.data / "envlink"
    old, young, foreign = home / ".links.json.abcd1234", home / ".links.json.efgh5678", home / ".hidden"
    for path in (old, young, foreign):
        path.touch()
    for path in (old, foreign):
        os.utime(path, (time.time() - 3600,) * 2)
    assert {path: each.kind for path, each in _found(registered).items()} == {str(old): "unfinished"}
    registered.cleaning.clean(registered.cleaning.leftovers())
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


def test_what_ended_jobs_had_in_hand(registered: Envlink, machine: Machine, tmp_path: Path) -> None:
    ours = machine.envs / ".envlink"
    for folder in (
        "staging/20260101-000000-aaaaaaaa",
        "staging/20260101-000000-bbbbbbbb",
        "trash/20260101-000000-cccccccc",
    ):
        (ours / folder / "env" / "bin").mkdir(parents=True)
    (ours / "journal").mkdir(exist_ok=True)
    (ours / "journal" / "20260101-000000-bbbbbbbb.json").write_text("{}")
    found = {each.path for each in _found(registered).values() if each.kind == "job"}
    gone = {ours / "staging/20260101-000000-aaaaaaaa", ours / "trash/20260101-000000-cccccccc"}
    assert found == set(map(str, gone))
    assert {each.kind for each in registered.cleaning.clean(registered.cleaning.leftovers()).removed} == {"job"}
    assert not any(path.exists() for path in gone)
    assert (ours / "staging/20260101-000000-bbbbbbbb/env/bin").is_dir()
    shutil.rmtree(ours)
    (tmp_path / "elsewhere" / "trash" / "precious").mkdir(parents=True)
    ours.symlink_to(tmp_path / "elsewhere")
    assert _found(registered) == {}


def test_links_are_not_followed(registered: Envlink, machine: Machine, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / f"{'0' * 12}.json").write_text("{}")
    activation = machine.data / "envlink" / "activation"
    (activation / f"{'1' * 12}.json").symlink_to(target / f"{'0' * 12}.json")
    assert _found(registered) == {}
    shutil.rmtree(activation)
    activation.symlink_to(target)
    assert _found(registered) == {}
    registered.cleaning.unregister_all()
    assert (target / f"{'0' * 12}.json").exists()


def test_what_cannot_be_removed_is_told(registered: Envlink, machine: Machine) -> None:
    shutil.rmtree(machine.envs / "shell")
    registered.catalog.refresh()
    (machine.data / "envlink" / "registration.lock").unlink()
    (machine.data / "envlink" / "registration.lock").mkdir()
    done = registered.cleaning.clean(registered.cleaning.leftovers())
    assert [os.path.basename(each.path) for each in done.kept] == ["shell"]
    assert "cannot" in done.kept[0].reason
    assert (machine.data / "kernels" / "shell").exists()


# unregister


def test_unregistering_all_leaves_no_trace(registered: Envlink, machine: Machine) -> None:
    assert (machine.data / "envlink" / "links.json").exists()
    assert registered.cleaning.unregister_all() == ()
    left = {name for name, value in tree_of(machine.data).items() if not value.startswith("0o4")}
    assert left == {f"kernels/{name}" for name in OTHERS}
    assert not (machine.data / "envlink").exists()


def test_with_nothing_registered_it_makes_nothing(service: Envlink, machine: Machine) -> None:
    assert service.cleaning.unregister_all() == ()
    assert not machine.data.exists()


def test_what_the_person_has_said_stays(registered: Envlink, machine: Machine) -> None:
    other = registered.catalog.snapshot.by_prefix[str(machine.envs / "other")]
    registered.detach(other.id)
    kept = registered.cleaning.unregister_all()
    assert kept == (str(machine.data / "envlink" / "links.json"),)
    assert list(registered.menu.bindings.all()) == [other.prefix]
    assert registered.menu.bindings.get(other.prefix).attached is False


def test_the_next_start_registers_them_again(registered: Envlink, machine: Machine) -> None:
    registered.cleaning.unregister_all()
    after = Envlink()
    after.catalog.refresh()
    assert after.register()
    assert {"shell", "other"} <= set(os.listdir(machine.data / "kernels"))


def test_what_is_kept_to_undo_something_goes_on_request_alone(registered: Envlink, machine: Machine) -> None:
    """Its room is what it does not share with others."""
    prefix = machine.envs / "shell"
    generation = machine.envs / ".envlink" / "generations" / prefix_id(str(prefix)) / "1"
    (generation / "env").mkdir(parents=True)
    (generation / "generation.json").write_text('{"created": "x", "job": "y", "operation": "update"}')
    (generation / "env" / "own").write_bytes(b"x" * 3_000_000)
    (machine.home / "shared").write_bytes(b"x" * 5_000_000)
    os.link(machine.home / "shared", generation / "env" / "shared")
    registered.catalog.refresh()
    job = registered.life.remove(prefix_id(str(machine.envs / "other")), {})
    registered.register()
    removed = machine.envs / ".envlink" / "removed" / job.id

    assert {each.kind for each in _found(registered).values()} == {"activation"}
    found = {each.path: each for each in registered.cleaning.kept()}
    assert {path: each.kind for path, each in found.items()} == {
        str(removed): "removed",
        str(generation): "generation",
    }
    assert 3_000_000 <= (measured(found[str(generation)]).bytes or 0) < 3_001_000
    with lock(str(machine.envs), str(prefix)):
        done = registered.cleaning.clean(registered.cleaning.kept())
    assert ([each.kind for each in done.removed], [each.kind for each in done.kept]) == (["removed"], ["generation"])
    assert not removed.exists()
    assert [each.kind for each in registered.cleaning.clean(registered.cleaning.kept()).removed] == ["generation"]
    assert (registered.cleaning.kept(), registered.life.removed()) == ((), [])
    assert litter(machine.envs) == []
    assert prefix.is_dir()


def test_a_full_disk_names_what_could_go(machine: Machine, service: Envlink) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", str(machine.envs / "x"))
    shell_alike(machine.envs / "shell")
    before = disk_error(full, str(machine.envs))
    service.catalog.refresh()
    service.life.remove(prefix_id(str(machine.envs / "shell")), {})
    after = disk_error(full, str(machine.envs))

    assert isinstance(before, DiskError)
    assert isinstance(after, DiskError)
    assert "clean --kept" in after.remedy
    assert "clean --kept" not in before.remedy
