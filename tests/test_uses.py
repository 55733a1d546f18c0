"""Who uses an environment: written down as kernels run, told before it is removed, and nobody else's to read."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import stat
import sys
import sysconfig
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import use_watch
from jupyter_envlink.cli import main
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.service import Envlink
from jupyter_envlink.uses import MOST_ENVIRONMENTS, MOST_NOTEBOOKS, Seen, Use, Uses

from .conftest import Machine
from .server import Api
from .venvs import add_kernel, by_uv

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")


def _moment(number: int) -> str:
    return f"2026-01-01T00:{number // 60:02}:{number % 60:02}.000Z"


def test_the_last_use_counts_whatever_order_it_is_told_in(tmp_path: Path) -> None:
    uses = Uses(tmp_path / "envlink")
    assert (uses.all(), uses.since) == ({}, None)
    assert uses.add([Seen("/e", _moment(2), "/b.ipynb"), Seen("/e", _moment(1), "/a.ipynb")])
    assert not uses.add([Seen("/e", _moment(1), "/a.ipynb")]), "that was known"
    assert uses.all() == {"/e": Use(_moment(2), {"/b.ipynb": _moment(2), "/a.ipynb": _moment(1)})}
    since = uses.since
    uses.add([Seen("/e", _moment(9))])
    assert Uses(tmp_path / "envlink").all()["/e"].used == _moment(9)
    assert uses.since == since is not None


@posix
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    uses = Uses(tmp_path)
    uses.add([Seen("/e", _moment(1), "/secret.ipynb")])
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_it_stays_small(tmp_path: Path) -> None:
    uses = Uses(tmp_path)
    uses.add(Seen("/e0", _moment(each), f"/{each}.ipynb") for each in range(2 * MOST_NOTEBOOKS))
    assert list(uses.all()["/e0"].notebooks) == [f"/{each}.ipynb" for each in range(39, 19, -1)]
    uses.add(Seen(f"/e{each}", _moment(100 + each)) for each in range(1, MOST_ENVIRONMENTS + 5))
    assert len(uses.all()) == MOST_ENVIRONMENTS
    assert "/e0" not in uses.all()
    assert uses.path.stat().st_size < 100_000


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"environments": {"/e": 7, "/f": {"used": null}}}'])
def test_what_cannot_be_understood_counts_as_empty(tmp_path: Path, text: str) -> None:
    uses = Uses(tmp_path)
    uses.path.write_text(text)
    assert (uses.all(), uses.since) == ({}, None)
    uses.add([Seen("/e", _moment(1))])
    assert list(Uses(tmp_path).all()) == ["/e"]


def test_a_renamed_environment_keeps_its_uses_and_one_can_be_forgotten(tmp_path: Path) -> None:
    uses = Uses(tmp_path)
    uses.add([Seen("/old", _moment(1), "/a.ipynb"), Seen("/other", _moment(2))])
    uses.follow("/old", "/new")
    uses.follow("/never", "/heard-of")
    assert {prefix: use.used for prefix, use in uses.all().items()} == {"/new": _moment(1), "/other": _moment(2)}
    uses.forget(["/new"])
    assert list(uses.all()) == ["/other"]


def _write(folder: str, number: int) -> None:
    for each in range(10):
        Uses(Path(folder)).add([Seen(f"/{number}-{each}", _moment(each))])


def test_two_servers_lose_nothing_of_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(str(tmp_path), number)) for number in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert len(Uses(tmp_path).all()) == 30


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_watch, "SETTLE", 0.1)


def _with_a_kernel(prefix: Path) -> None:
    """One that borrows the ipykernel of these tests."""
    made = by_uv(prefix)
    (packages,) = made.glob("[Ll]ib/**/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    add_kernel(made)


async def _ready(api: Api, name: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while not (found := await api.environment(name)) or found["state"] != "ready":
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
    return found


async def test_a_kernel_of_a_notebook_is_written_down_and_told(
    at_once: None,
    api: Api,
    events: Callable[[], Any],
    machine: Machine,
    jp_root_dir: Path,
    jp_fetch: Callable[..., Awaitable[Any]],
) -> None:
    prefix = machine.envs / "survey"
    await asyncio.to_thread(_with_a_kernel, prefix)
    found = await _ready(api, "survey")
    assert (found["last_used"], found["running"]) == (None, [])
    (jp_root_dir / "work").mkdir()
    (jp_root_dir / "work" / "survey.ipynb").write_text("{}")
    body = {
        "path": "work/survey.ipynb",
        "name": "survey.ipynb",
        "type": "notebook",
        "kernel": {"name": found["kernels"][0]["name"]},
    }
    async with events() as heard:
        session = json.loads((await jp_fetch("api", "sessions", method="POST", body=json.dumps(body))).body)
        await heard.until(lambda event: found["id"] in event.get("changed", ()), 15)
    status, uses = await api("GET", f"environments/{found['id']}/uses")
    assert status == 200
    assert [each["path"] for each in uses["running"]] == ["work/survey.ipynb"]
    [notebook] = uses["notebooks"]
    assert notebook["path"] == "work/survey.ipynb"
    shown = await api.environment("survey")
    assert shown is not None
    assert shown["last_used"] == uses["last_used"] == notebook["used"] >= uses["since"][:10]
    async with events() as heard:
        await jp_fetch("api", "sessions", session["id"], method="DELETE")
        await heard.until(lambda event: found["id"] in event.get("changed", ()), 15)
    os.unlink(notebook["file"])
    _, uses = await api("GET", f"environments/{found['id']}/uses")
    assert (uses["running"], uses["notebooks"], uses["last_used"] is None) == ([], [], False), "it is no notebook now"


async def test_uses_of_nothing(api: Api) -> None:
    status, error = await api("GET", f"environments/{prefix_id('/nowhere')}/uses")
    assert (status, error["code"]) == (404, "not-found")


def test_the_command_line_tells_the_same(
    service: Envlink, machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix = machine.envs / "books"
    machine.envs.mkdir()
    by_uv(prefix)
    add_kernel(prefix)
    assert main(["uses", "books"]) == 0
    assert capsys.readouterr().out.startswith("No kernel of books was seen yet.")
    notebook = tmp_path / "\x1b[31mbooks.ipynb"
    notebook.write_text("{}")
    service.uses.add([Seen(os.path.realpath(prefix), _moment(1), str(notebook))])
    assert main(["uses", "books"]) == 0
    said = capsys.readouterr().out
    assert "books was used last at 2026-01-01" in said
    assert "\\x1b[31mbooks.ipynb used it last at" in said
    assert main(["uses", "books", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in told["notebooks"]] == [str(notebook)]
    assert main(["list", "--json"]) == 0
    [listed] = [each for each in json.loads(capsys.readouterr().out)["environments"] if each["name"] == "books"]
    assert listed["last_used"] == _moment(1)
