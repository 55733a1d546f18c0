from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.catalog import Catalog, Change
from jupyter_envlink.environment import State, prefix_id
from jupyter_envlink.errors import NotFound
from jupyter_envlink.locators.base import Found
from jupyter_envlink.locators.conda import CondaLocator

from .test_locators import add_kernel, age, make


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def envs(tmp_path: Path) -> Path:
    folder = Path(os.path.realpath(tmp_path)) / "envs"
    folder.mkdir()
    return folder


@pytest.fixture
def catalog(home: Path, envs: Path) -> Catalog:
    return Catalog(environ={"CONDA_ENVS_DIRS": str(envs)}, home=home, recheck_seconds=0.2)


def names(catalog: Catalog, envs: Path) -> list[str]:
    """Without those that this machine has of its own."""
    own = str(envs.parent)
    return [environment.name for environment in catalog.snapshot.environments if environment.prefix.startswith(own)]


def ready(prefix: Path) -> Path:
    add_kernel(make(prefix))
    return prefix


def test_nothing_is_read_before_the_first_refresh(catalog: Catalog, envs: Path) -> None:
    ready(envs / "finance")
    assert not catalog.snapshot.is_scanned
    assert catalog.snapshot.environments == ()
    catalog.refresh()
    assert catalog.snapshot.is_scanned
    assert catalog.snapshot.age < 60
    assert names(catalog, envs) == ["finance"]


def test_changes_are_told_by_id(catalog: Catalog, envs: Path) -> None:
    first, second = ready(envs / "first"), make(envs / "second")
    catalog.refresh()
    told: list[Change] = []
    stop = catalog.on_change(told.append)
    assert not catalog.refresh()
    add_kernel(second)
    shutil.rmtree(first)
    third = ready(envs / "third")
    change = catalog.refresh()
    ids = [prefix_id(str(prefix)) for prefix in (third, second, first)]
    assert change == Change((ids[0],), (ids[1],), (ids[2],))
    stop()
    stop()
    shutil.rmtree(third)
    catalog.refresh()
    assert told == [change]


def test_a_listener_that_fails_hurts_nobody(catalog: Catalog, envs: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Change] = []
    catalog.on_change(lambda change: 1 / 0)
    catalog.on_change(told.append)
    ready(envs / "finance")
    with caplog.at_level(logging.ERROR):
        catalog.refresh()
    assert len(told) == 1
    assert "ZeroDivisionError" in caplog.text


def test_get(catalog: Catalog, envs: Path) -> None:
    prefix = str(ready(envs / "finance"))
    catalog.refresh()
    assert catalog.get(prefix_id(prefix)).prefix == prefix
    assert catalog.snapshot.by_prefix[prefix] is catalog.get(prefix_id(prefix))
    with pytest.raises(NotFound) as caught:
        catalog.get("000000000000")
    assert caught.value.details == {"id": "000000000000"}


def test_what_is_unchanged_is_not_read_again(catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    still, touched = ready(envs / "still"), ready(envs / "touched")
    age(envs)
    catalog.refresh()
    before = catalog.snapshot.by_prefix[str(still)]
    looked: list[str] = []
    look = CondaLocator.look
    monkeypatch.setattr(CondaLocator, "look", lambda self, prefix: (looked.append(prefix), look(self, prefix))[1])
    add_kernel(touched, name="second")
    catalog.refresh()
    assert [prefix for prefix in looked if prefix.startswith(str(envs))] == [str(touched)]
    assert catalog.snapshot.by_prefix[str(still)] is before


def test_who_is_about_to_use_an_environment_sees_it_as_it_is_now(
    catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, other = ready(envs / "finance"), ready(envs / "other")
    age(envs)
    catalog.refresh()
    told: list[Change] = []
    catalog.on_change(told.append)
    identity = prefix_id(str(prefix))
    before = catalog.snapshot
    looked: list[str] = []
    look = CondaLocator.look
    monkeypatch.setattr(CondaLocator, "look", lambda self, prefix: (looked.append(prefix), look(self, prefix))[1])
    assert catalog.current(identity) is before.by_id[identity]
    assert (looked, told) == ([], [])
    add_kernel(prefix, name="second")
    assert [kernel.name for kernel in catalog.current(identity).kernels] == ["python3", "second"]
    assert (looked, told) == ([str(prefix)], [Change(changed=(identity,))])
    assert catalog.get(identity) is catalog.current(identity)
    assert catalog.snapshot.by_prefix[str(other)] is before.by_prefix[str(other)]
    shutil.rmtree(prefix)
    with pytest.raises(NotFound):
        catalog.current(identity)
    assert told[1:] == [Change(removed=(identity,))]
    assert not catalog.refresh()
    with pytest.raises(NotFound):
        catalog.current("000000000000")


def test_what_is_looked_at_again_while_everything_is_looked_at_is_not_undone(
    catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = ready(envs / "finance")
    ready(envs / "last")
    catalog.refresh()
    told: list[Change] = []
    catalog.on_change(told.append)
    look, identity = CondaLocator.look, prefix_id(str(prefix))

    def meanwhile(self: CondaLocator, looked_at: str) -> Found | None:
        found = look(self, looked_at)
        if looked_at == str(prefix) and len(told) == 0:
            add_kernel(prefix, name="second")
            monkeypatch.setattr(CondaLocator, "look", look)
            assert len(catalog.current(identity).kernels) == 2
        return found

    monkeypatch.setattr(CondaLocator, "look", meanwhile)
    add_kernel(envs / "last", name="third")
    catalog.refresh()
    assert len(catalog.get(identity).kernels) == 2
    assert [change.changed for change in told] == [(identity,), (prefix_id(str(envs / "last")),)]


def test_a_disk_full_of_surprises_hurts_no_environment(
    catalog: Catalog, home: Path, envs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(envs / "good")
    (envs / "loop").symlink_to(envs / "loop")
    (envs / "down").mkdir()
    (envs / "down" / "up").symlink_to(envs)
    (envs / "again").symlink_to(envs / "good")
    (envs / "file").write_text("no folder")
    for number, text in enumerate(("", "{", "[]", "null", '{"argv": 1}', "\0" * 100, "[" * 100_000)):
        add_kernel(make(envs / f"garbage{number}"), spec=text)
    ready(envs / "vanishing")
    (home / ".conda").mkdir()
    (home / ".conda" / "environments.txt").write_bytes(b"\xff\xfe\0\n/\n..\n~\n" + b"x" * 10_000)
    look = CondaLocator.look

    def vanishing(self: CondaLocator, prefix: str) -> Found | None:
        if prefix == str(envs / "vanishing"):
            shutil.rmtree(prefix)
        return look(self, prefix)

    monkeypatch.setattr(CondaLocator, "look", vanishing)
    catalog.refresh()
    states = {environment.name: environment.state for environment in catalog.snapshot.environments}
    assert states.pop("good") is State.READY
    assert states == {f"garbage{number}": State.BROKEN for number in range(7)}


def test_one_environment_that_fails_does_not_hurt_the_others(
    catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, _ = make(envs / "bad"), ready(envs / "good")
    look = CondaLocator.look

    def sometimes(self: CondaLocator, prefix: str) -> Found | None:
        if prefix == str(bad):
            raise KeyError("a defect of ours")
        return look(self, prefix)

    monkeypatch.setattr(CondaLocator, "look", sometimes)
    catalog.refresh()
    assert names(catalog, envs) == ["bad", "good"]
    found = catalog.snapshot.by_prefix[str(bad)]
    assert found.state is State.BROKEN
    assert found.problem is not None
    assert (found.problem.code, "a defect of ours" in found.problem.message) == ("unreadable", True)
    assert "KeyError" in caplog.text
    monkeypatch.undo()
    assert catalog.refresh().changed == (found.id,)


def test_a_disk_that_fails_takes_nothing_away(catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(envs / "finance")
    catalog.refresh()

    look = CondaLocator.look

    def stale(self: CondaLocator, prefix: str) -> Found | None:
        if prefix.startswith(str(envs)):
            raise OSError(116, "Stale file handle")
        return look(self, prefix)

    monkeypatch.setattr(CondaLocator, "look", stale)
    assert not catalog.refresh()
    (found,) = (e for e in catalog.snapshot.environments if e.name == "finance")
    assert found.state is State.READY


def test_a_failed_scan_keeps_the_old_snapshot(
    catalog: Catalog, envs: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ready(envs / "finance")
    catalog.refresh()
    before = catalog.snapshot
    monkeypatch.setattr(CondaLocator, "discover", lambda self, roots: 1 / 0)
    assert not catalog.refresh()
    assert catalog.snapshot.environments is before.environments
    assert (before.stale, catalog.snapshot.stale[str(envs)] <= before.taken) == ({}, True)
    assert "Looking for conda environments failed" in caplog.text
    age_then = catalog.snapshot.age
    time.sleep(0.01)
    assert catalog.snapshot.age > age_then
    caplog.clear()
    assert not catalog.refresh()
    assert caplog.text == ""
    monkeypatch.undo()
    assert not catalog.refresh()
    assert catalog.snapshot.stale == {}


def test_half_made_environments_are_building(catalog: Catalog, envs: Path) -> None:
    made, other = ready(envs / "made"), ready(envs / "other")
    journal = envs / ".envlink" / "journal"
    journal.mkdir(parents=True)
    for job, operation, prefix in (("a", "create", made), ("b", "install-kernel", other)):
        entry = {"job": job, "operation": operation, "prefix": str(prefix), "staging": "", "step": "commit"}
        (journal / f"{job}.json").write_text(json.dumps(entry))
    (journal / "c.json").write_text("{half")
    catalog.refresh()
    building = catalog.snapshot.by_prefix[str(made)]
    assert (building.state, building.kernels) == (State.BUILDING, ())
    assert building.problem is not None
    assert building.problem.code == "building"
    assert catalog.snapshot.by_prefix[str(other)].state is State.READY
    (journal / "a.json").unlink()
    assert catalog.refresh().changed == (building.id,)
    assert catalog.get(building.id).state is State.READY


def test_base_comes_first_and_is_called_base(catalog: Catalog, home: Path, envs: Path) -> None:
    root = Path(os.path.realpath(home)) / "miniforge3"
    ready(root)
    ready(root / "envs" / "alpha")
    (home / "micromamba" / "conda-meta").mkdir(parents=True)
    catalog.refresh()
    assert names(catalog, envs) == ["base", "alpha"]
    assert catalog.snapshot.by_prefix[str(root)].is_base
    assert not catalog.snapshot.by_prefix[str(root / "envs" / "alpha")].is_base


def test_registered_and_extra_folders(home: Path, envs: Path) -> None:
    lone, more = ready(envs.parent / "project" / "lone"), ready(envs.parent / "more" / "shared")
    (home / ".conda").mkdir()
    (home / ".conda" / "environments.txt").write_text(f"{lone}\n{envs}/gone\n")
    catalog = Catalog(environ={}, home=home, extra_roots=[str(more.parent)])
    catalog.refresh()
    assert names(catalog, envs) == ["lone", "shared"]


def test_where_a_new_environment_goes(tmp_path: Path, home: Path) -> None:
    real = Path(os.path.realpath(tmp_path))
    (tmp_path / "file").touch()
    folders = [tmp_path / "file" / "below", tmp_path / "file", tmp_path / "new" / "envs", tmp_path / "other"]
    catalog = Catalog(environ={"CONDA_ENVS_PATH": os.pathsep.join(map(str, folders))}, home=home)
    assert catalog.envs_dir == str(real / "new" / "envs")
    assert not (tmp_path / "new").exists()
    assert catalog.envs_dirs[:4] == tuple(str(real / folder.relative_to(tmp_path)) for folder in folders)


def test_looks_from_many_threads_are_one_at_a_time(catalog: Catalog, envs: Path) -> None:
    for i in range(20):
        ready(envs / f"env{i:02}")
    changes: list[Change] = []
    threads = [threading.Thread(target=lambda: changes.append(catalog.refresh())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own = {prefix_id(str(prefix)) for prefix in envs.iterdir()}
    assert len([change for change in changes if own <= set(change.added)]) == 1
    assert len([change for change in changes if not change]) == 7


class Told:
    """What a catalog tells, for a coroutine to wait for."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    async def until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        limit = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < limit, [e.name for e in self.catalog.snapshot.environments]
            await asyncio.sleep(0.02)


@pytest.fixture
def told(catalog: Catalog) -> Told:
    return Told(catalog)


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_watching_sees_folders_come_and_go_and_new_roots(catalog: Catalog, home: Path, envs: Path, told: Told) -> None:
    catalog.recheck_seconds = 3600  # so that only the file system can tell

    async def scenario() -> None:
        catalog.refresh()
        task = asyncio.create_task(catalog.watch())
        await asyncio.sleep(0.3)
        ready(envs / "finance")
        await told.until(lambda: "finance" in names(catalog, envs))
        lone = ready(envs.parent / "project" / "lone")
        (home / ".conda").mkdir()
        shutil.rmtree(envs / "finance")
        await told.until(lambda: names(catalog, envs) == [])
        await asyncio.sleep(1.5)
        (home / ".conda" / "environments.txt").write_text(f"{lone}\n")
        await told.until(lambda: names(catalog, envs) == ["lone"])
        await end(task)

    asyncio.run(scenario())


def test_watching_sees_what_changes_inside(catalog: Catalog, envs: Path, told: Told) -> None:
    prefix = make(envs / "finance")

    async def scenario() -> None:
        task = asyncio.create_task(catalog.watch())
        await told.until(lambda: names(catalog, envs) == ["finance"])
        await asyncio.sleep(0.5)
        add_kernel(prefix)
        await told.until(lambda: catalog.snapshot.by_prefix[str(prefix)].state is State.READY)
        await end(task)

    asyncio.run(scenario())


def test_watching_falls_back_to_the_clock(
    catalog: Catalog, envs: Path, told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*paths: str, **options: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuses)
    catalog.log = logging.getLogger("watching")  # its own: an application of an earlier test may have taken the default

    async def scenario() -> None:
        task = asyncio.create_task(catalog.watch())
        await asyncio.sleep(0.1)
        ready(envs / "finance")
        await told.until(lambda: names(catalog, envs) == ["finance"])
        await end(task)

    asyncio.run(scenario())
    assert "inotify watch limit reached" in caplog.text


def test_the_loop_is_free_while_environments_are_read(catalog: Catalog, envs: Path) -> None:
    """The promise is 20 ms; the machine's own hiccups, measured beside it, are not ours."""
    for i in range(300):
        ready(envs / f"env{i}")

    async def worst(work: asyncio.Future[object]) -> float:
        late = 0.0
        while not work.done():
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            late = max(late, time.perf_counter() - start - 0.001)
        return late

    async def scenario() -> tuple[float, float]:
        idle = await worst(asyncio.ensure_future(asyncio.sleep(0.3)))
        return idle, await worst(asyncio.ensure_future(asyncio.to_thread(catalog.refresh)))

    lates = [asyncio.run(scenario()) for _ in range(3)]
    assert min(busy - idle for idle, busy in lates) < 0.02
    assert len(names(catalog, envs)) == 300
