"""What is done to environments in a terminal is told to an open page, once, and without the page asking."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import live
from jupyter_envlink.environment import prefix_id

from .channel import Channel
from .conftest import Machine
from .prefixes import real
from .server import Api, Events
from .venvs import add_kernel, by_uv

Listening = Callable[[], Any]


@pytest.fixture
def machine(machine: Machine) -> Machine:
    machine.envs.mkdir()
    return machine


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Registration would tell of kernels, too, at a time of its own."""
    return {**jp_server_config, "Registrar": {"register": "none"}}


@pytest.fixture
def project(running: Any) -> Path:
    """A project below the folder that the server serves."""
    folder = Path(os.path.realpath(running.root_dir), "work", "project")
    folder.mkdir(parents=True)
    return folder


class Page:
    """What an open page hears of one environment."""

    def __init__(self, heard: Events, prefix: Path) -> None:
        self._heard, self._id = heard, prefix_id(str(prefix))

    async def told(self, how: str, kernels: bool | None = None) -> float:
        """Seconds until the environment is told of as ``how`` says."""
        begin = time.monotonic()

        def is_it(event: dict[str, Any]) -> bool:
            if event["schema_id"] != live.ENVIRONMENTS or self._id not in event[how]:
                return False
            return kernels is None or event["kernels_changed"] is kernels

        await self._heard.until(is_it, 15)
        return time.monotonic() - begin

    def count(self) -> int:
        return sum(self._id in event[how] for event in self._heard.heard for how in ("added", "changed", "removed"))


async def test_each_change_of_a_virtual_environment_is_told_once(api: Api, events: Listening, project: Path) -> None:
    prefix = project / ".venv"
    async with events() as heard:
        page = Page(heard, prefix)
        await asyncio.to_thread(by_uv, prefix)
        waited = [await page.told("added")]
        await _settled(api, heard, prefix, "no-kernel")
        before = page.count()
        file = add_kernel(prefix)
        waited.append(await page.told("changed", kernels=True))
        shutil.rmtree(file.parent)
        waited.append(await page.told("changed", kernels=True))
        os.remove(prefix / "bin" / "python")
        waited.append(await page.told("changed"))
        assert (await api.environment("project") or {})["state"] == "broken"
        shutil.rmtree(prefix)
        waited.append(await page.told("removed"))
        assert page.count() == before + 4
        await heard.quiet(2.5)
    assert await api.environment("project") is None
    assert sorted(waited)[len(waited) // 2] < 5, waited


async def test_a_kernel_installed_into_a_conda_environment_is_told(
    api: Api, events: Listening, machine: Machine, channel: Channel
) -> None:
    prefix = machine.envs / "finance"
    async with events() as heard:
        page = Page(heard, prefix)
        await asyncio.to_thread(real, channel.conda_forge, prefix, ["python"])
        await page.told("added")
        await _settled(api, heard, prefix, "no-kernel")
        await asyncio.to_thread(real, channel.conda_forge, prefix, ["python", "ipykernel"])
        await page.told("changed", kernels=True)
        await asyncio.to_thread(shutil.rmtree, prefix)
        await page.told("removed")
        await heard.quiet(2.5)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network file system tells nothing of what another machine does."""

    def refuses(*folders: str, **options: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuses)


async def test_what_is_not_announced_is_found_by_the_clock(
    unwatched: None, api: Api, events: Listening, machine: Machine
) -> None:
    prefix = machine.envs / "finance"
    async with events() as heard:
        page = Page(heard, prefix)
        await asyncio.to_thread(by_uv, prefix)
        await page.told("added")
        await asyncio.to_thread(shutil.rmtree, prefix)
        await page.told("removed")


async def test_nothing_is_told_of_a_busy_disk_without_environments(
    api: Api, events: Listening, project: Path, machine: Machine
) -> None:
    async with events() as heard:
        for number in range(20):
            (project / f"folder{number}").mkdir()
            (project / f"folder{number}" / "file").write_text("x")
            (machine.envs / f"file{number}").write_text("x")
            await asyncio.sleep(0.1)
        await heard.quiet(1.5)


async def test_a_look_is_taken_where_one_is_asked_for(
    running: Any, api: Api, machine: Machine, jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    """``invalidate_discovery_cache`` is what jupyterlab-launchpad calls before it lists kernels."""
    running.web_app.settings["envlink"].catalog.recheck_seconds = 3600
    await jp_fetch("api", "kernelspecs")
    prefix = await asyncio.to_thread(by_uv, machine.home / ".virtualenvs" / "late")
    add_kernel(prefix)
    running.kernel_spec_manager.invalidate_discovery_cache()
    answer = await jp_fetch("api", "kernelspecs")
    assert "late" in json.loads(answer.body)["kernelspecs"]


async def _settled(api: Api, heard: Events, prefix: Path, state: str) -> None:
    """Whoever made the environment has ended; what is told until it is as it will stay is another matter."""
    deadline = time.monotonic() + 15
    while True:
        _, listed = await api("GET", "environments", refresh="1")
        found = [each for each in listed["environments"] if each["prefix"] == str(prefix)]
        if found and found[0]["state"] == state:
            break
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
    while await heard.any(0.5):
        assert time.monotonic() < deadline


HUNG = """
import os, sys, time
from pathlib import Path
from jupyter_envlink.locators import LOCATORS
real = os.scandir

def scandir(path="."):
    if not isinstance(path, int) and os.fspath(path) == os.environ["HUNG"]:
        time.sleep(3600)
    return real(path)

os.scandir = scandir
from jupyter_server.serverapp import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_server_with_a_folder_that_never_answers_lists_the_others_and_ends(
    machine: Machine, tmp_path: Path, server_process: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, here = machine.home / "hung", by_uv(machine.home / ".virtualenvs" / "here")
    by_uv(hung / "there")
    add_kernel(here)
    monkeypatch.setenv("HUNG", str(hung))
    (tmp_path / "hung.py").write_text(HUNG)

    def as_hung(argv: list[str]) -> list[str]:
        return [argv[0], str(tmp_path / "hung.py"), *argv[argv.index("jupyter_server") + 1 :]]

    server = server_process(f"--Catalog.extra_roots={hung}", through=as_hung)
    assert "here" in server("GET", "api/kernelspecs")["kernelspecs"]
    listed = server("GET", "envlink/api/environments?refresh=1")
    assert listed["stale"] == [{"folder": str(hung), "age": None}]
    assert "there" not in {each["name"] for each in listed["environments"]}
    status, seconds = server.stop()
    assert seconds < 15
    assert status == 0, server.log
