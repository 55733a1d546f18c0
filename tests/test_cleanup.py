"""Cleaning up as a page does it: seen with its sizes, chosen by id, deleted by a job; nothing else is touched."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import cleanup
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.service import Envlink
from jupyter_envlink.unused import DAY

from .conftest import Machine
from .prefixes import shell_alike
from .server import Api
from .writing import tree_of


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: Machine) -> Path:
    """Of packages: one that nobody has."""
    package = tmp_path / "cache" / "spare-1-0"
    (package / "info").mkdir(parents=True)
    (package / "info" / "index.json").write_text("{}")
    (package / "big").write_bytes(b"x" * 2_000_000)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def idle(machine: Machine) -> Path:
    """An environment that nothing has changed for 200 days, and one that was made just now."""
    shell_alike(machine.envs / "fresh")
    prefix = shell_alike(machine.envs / "idle")
    (prefix / "own").write_bytes(b"x" * 1_000_000)
    for path in (prefix / "conda-meta" / "history", prefix / "conda-meta"):
        os.utime(path, (time.time() - 200 * DAY,) * 2)
    return prefix


async def test_it_is_seen_chosen_and_deleted(idle: Path, cache: Path, api: Api, machine: Machine, running: Any) -> None:
    before = tree_of(machine.envs / "fresh")
    status, shown = await api("GET", "cleanup")
    assert status == 200
    found = {each["kind"]: each for each in shown["items"]}
    assert set(found) == {"environment", "package"}
    assert (found["environment"]["name"], found["environment"]["undoable"]) == ("idle", True)
    assert 1_000_000 <= found["environment"]["bytes"] < 1_100_000
    assert 2_000_000 <= found["package"]["bytes"] < 2_100_000
    assert shown["bytes"] == sum(each["bytes"] for each in shown["items"])

    status, begun = await api("POST", "cleanup", {"ids": [each["id"] for each in shown["items"]]})
    assert (status, [each["name"] for each in begun["removed"]], begun["kept"]) == (202, ["idle"], [])
    job = await api.ended(begun["job"])
    assert (job["status"], job["result"]["bytes"]) == ("succeeded", found["package"]["bytes"])
    assert os.listdir(cache) == []
    assert set(os.listdir(machine.envs)) == {".envlink", "fresh"}
    assert tree_of(machine.envs / "fresh") == before

    _, removed = await api("GET", "removed")
    assert [each["name"] for each in removed["removed"]] == ["idle"], "it can be brought back"
    shown = await _once_only_what_was_removed_is_left(api)
    _, begun = await api("POST", "cleanup", {"ids": [shown["items"][0]["id"]]})
    await api.ended(begun["job"])
    assert (await api("GET", "removed"))[1]["removed"] == []
    assert (await api("GET", "cleanup"))[1]["items"] == []


async def _once_only_what_was_removed_is_left(api: Api) -> Any:
    """Its kernel spec goes with it, but a moment later."""
    for _ in range(200):
        _, shown = await api("GET", "cleanup")
        if [each["kind"] for each in shown["items"]] == ["removed"]:
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError(shown["items"])


async def test_days_are_days(idle: Path, cache: Path, api: Api) -> None:
    _, shown = await api("GET", "cleanup", days="300")
    assert [each["kind"] for each in shown["items"]] == ["package"]
    _, all_of_them = await api("GET", "cleanup", days="0")
    assert {each["name"] for each in all_of_them["items"]} == {"idle", "fresh", "spare-1-0"}
    [idle_one] = [each for each in all_of_them["items"] if each["name"] == "fresh"]
    status, error = await api("POST", "cleanup", {"ids": [idle_one["id"]], "days": 90})
    assert (status, error["details"]["ids"]) == (400, [idle_one["id"]]), "it is not unused for so long"


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"ids": []}, {"ids": "all"}, {"ids": [7]}, {"ids": ["x"], "more": 1}, {"ids": ["/etc/passwd"]}],
)
async def test_bodies_that_name_nothing(api: Api, body: Any) -> None:
    status, error = await api("POST", "cleanup", body)
    assert (status, error["code"]) == (400, "invalid-request")


@pytest.mark.parametrize("days", ["-1", "x", "1.5", "", "99999999999"])
async def test_days_that_are_none(api: Api, days: str) -> None:
    status, error = await api("GET", "cleanup", days=days)
    assert (status, error["code"]) == (400, "invalid-request")


def test_looking_ends_where_nobody_waits(idle: Path, cache: Path, service: Envlink) -> None:
    service.catalog.refresh()
    assert cleanup.shown(service, 90, {}, lambda: False) is None


def test_what_runs_is_used(idle: Path, cache: Path, service: Envlink) -> None:
    service.catalog.refresh()
    running = {prefix_id(str(idle)): [{"id": "k", "name": "idle", "path": None}]}
    shown = cleanup.shown(service, 90, running)
    assert shown is not None
    assert [each["kind"] for each in shown["items"]] == ["package"]


async def test_a_server_that_is_read_only_removes_nothing(
    idle: Path, cache: Path, api: Api, running: Any, jp_fetch: Callable[..., Awaitable[Any]]
) -> None:
    _, shown = await api("GET", "cleanup")
    running.web_app.settings["envlink"].policy.read_only = True
    status, error = await api("POST", "cleanup", {"ids": [each["id"] for each in shown["items"]]})
    assert (status, error["code"]) == (403, "not-allowed")
    assert "idle" in os.listdir(idle.parent)
