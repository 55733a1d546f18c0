"""The routes that tell all of one environment, and the command line's words for the same."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import live
from jupyter_envlink.activation import ScriptVariables
from jupyter_envlink.binding import Binding
from jupyter_envlink.cli import main
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.service import Envlink
from jupyter_envlink.shown_variables import looks_secret, shown_variables

from .channel import Channel
from .conftest import Machine
from .prefixes import environment, look_alike, real
from .server import Api


@pytest.fixture
def ledger(machine: Machine, channel: Channel) -> Path:
    """A real environment with a kernel, a variable and a history."""
    prefix = real(channel.conda_forge, machine.envs / "ledger", ["python=3.11", "ipykernel", "tabulate"])
    (prefix / "conda-meta" / "history").write_text(
        "==> 2026-01-02 03:04:05 <==\n# cmd: conda create\n+conda-forge::tabulate-0.9.0-0\n"
        "# update specs: ['python=3.11', 'ipykernel']\n"
    )
    (prefix / "conda-meta" / "state").write_text('{"env_vars": {"SEED": "42", "API_TOKEN": "s3cr3t"}}')
    return prefix


async def test_one_environment_in_full(ledger: Path, api: Api) -> None:
    status, found = await api("GET", f"environments/{prefix_id(str(ledger))}")
    assert status == 200
    packages = {each["name"]: each for each in found["packages"]}
    assert packages["ipykernel"]["requested"] == "ipykernel"
    assert packages["tabulate"]["requested"] is None
    assert packages["python"]["disk"] > packages["tabulate"]["disk"] > 0
    assert [each["number"] for each in found["revisions"]] == [0]
    (kernel,) = found["kernel_specs"]
    assert kernel["argv"][0] == f"{ledger}/bin/python"
    variables = {each["name"]: each for each in found["activated"]}
    assert (variables["SEED"]["value"], variables["SEED"]["source"]) == ("42", "state")
    assert variables["API_TOKEN"]["value"] is None
    assert "s3cr3t" not in json.dumps(found)
    assert variables["PATH"]["value"] == f"{ledger}/bin{os.pathsep}$PATH"


async def test_why_and_where_the_disk_goes(ledger: Path, api: Api) -> None:
    route = f"environments/{prefix_id(str(ledger))}"
    _, reason = await api("GET", f"{route}/why", package="Jupyter-Client")
    assert (reason["name"], reason["orphan"]) == ("jupyter_client", False)
    assert [step["name"] for step in reason["chains"][0]] == ["ipykernel", "jupyter_client"]
    _, orphan = await api("GET", f"{route}/why", package="tabulate")
    assert orphan["orphan"]
    status, error = await api("GET", f"{route}/why", package="nonesuch")
    assert (status, error["code"]) == (404, "no-package")
    assert (await api("GET", f"{route}/why"))[0] == 400
    assert (await api("GET", f"{route}/disk", refresh="maybe"))[0] == 400
    status, usage = await api("GET", f"{route}/disk")
    assert status == 200
    _, listed = await api("GET", route)
    assert listed["size"] == {"total": usage["total"], "unique": usage["unique"]}


async def test_an_environment_that_went_meanwhile(machine: Machine, api: Api) -> None:
    prefix = look_alike(machine.envs / "short")
    await api("GET", "environments", refresh="1")
    os.rename(prefix, machine.home / "away")
    for path in ("", "/disk"):
        status, answer = await api("GET", f"environments/{prefix_id(str(prefix))}{path}")
        assert status in (200, 404, 507), (path, answer)


async def test_a_walk_that_nobody_waits_for_ends(
    ledger: Path, api: Api, jp_http_port: int, jp_base_url: str, jp_auth_header: dict[str, str], monkeypatch: Any
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless(self: Envlink, environment_id: str, refresh: bool, pause: Any) -> dict[str, Any]:
        try:
            while True:
                pause()
                time.sleep(0.01)
        finally:
            loop.call_soon_threadsafe(ended.set)

    monkeypatch.setattr(Envlink, "disk", endless)
    _, writer = await asyncio.open_connection("127.0.0.1", jp_http_port)
    lines = [
        f"GET {jp_base_url}envlink/api/environments/{prefix_id(str(ledger))}/disk HTTP/1.1",
        "Host: localhost",
        f"Authorization: {jp_auth_header['Authorization']}",
        "",
        "",
    ]
    writer.write("\r\n".join(lines).encode())
    await asyncio.sleep(0.5)
    assert not ended.is_set()
    writer.close()
    await asyncio.wait_for(ended.wait(), 10)


async def test_a_size_comes_by_itself_once_a_job_is_over(
    api: Api, events: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SETTLE", 0.1)
    text = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
    async with events() as heard:
        _, job = await api("POST", "environments", {"text": text})
        job = await api.ended(job)
        assert job["status"] == "succeeded", job
        deadline = time.monotonic() + 30
        while (found := await api.environment("small")) is None or found["size"] is None:
            assert time.monotonic() < deadline
            await heard.until(lambda event: job["environment_id"] in event.get("changed", ()))
    assert found["size"]["total"] > 0


def test_what_looks_like_a_secret() -> None:
    for name in ("API_TOKEN", "PASSWORD", "DB_PASSWD", "GITHUB_PAT", "AWS_SECRET_ACCESS_KEY", "api_key", "AUTH"):
        assert looks_secret(name, "x"), name
    for name in ("PATH", "KEYBOARD", "MONKEY", "AUTHOR", "COMPATIBLE", "SEED"):
        assert not looks_secret(name, "x"), name
    assert looks_secret("MIRROR", "https://me:pass@host/x")
    assert not looks_secret("API_TOKEN", "")


def test_whose_variable_it_is(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "odd")
    (prefix / "etc" / "conda" / "env_vars.d").mkdir(parents=True)
    (prefix / "etc" / "conda" / "env_vars.d" / "gdal.json").write_text('{"GDAL_DATA": "/x"}')
    (prefix / "conda-meta" / "state").write_text('{"env_vars": {"seed": "42"}}')
    own = Binding(variables={"MINE": "1"}).variables
    shown = shown_variables(environment(str(prefix)), ScriptVariables(tmp_path / "scripts"), own)
    found = [(each["source"], each["name"]) for each in shown if each["source"] != "activation"]
    assert found == [("state", "SEED"), ("package", "GDAL_DATA"), ("kernel", "MINE")]


def test_the_command_line_says_the_same(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        assert main(list(words)) == 0
        return capsys.readouterr().out

    shown = said("show", "ledger")
    assert "SEED=42" in shown
    assert "s3cr3t" not in shown
    lines = [line.split() for line in shown.splitlines()]
    first = next(line for line in lines if line[:1] == ["ipykernel"])
    assert first[-1] == "ipykernel"  # what was asked for
    packages = json.loads(said("show", "ledger", "--json"))["packages"]
    assert {"ipykernel", "tabulate"} <= {each["name"] for each in packages}
    reason = said("why", "jupyter_client", "ledger")
    assert "   └─ jupyter_client" in reason
    assert json.loads(said("why", "tabulate", "-n", "ledger", "--json"))["orphan"] is True
    assert "Nobody has asked for it" in said("why", "tabulate", "ledger")
    usage = json.loads(said("disk", "ledger", "--json"))
    assert usage["total"] > 0
    table = said("disk", "ledger")
    assert "its own" in table
    assert "python" in table
    listed = json.loads(said("list", "--json"))["environments"]
    assert [each["size"]["total"] for each in listed if each["name"] == "ledger"] == [usage["total"]]


def test_a_package_that_is_not_there_is_said(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "nonesuch", "ledger"]) == 1
    assert "There is no package 'nonesuch'" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows gives no process to another program")
def test_a_shell_takes_the_place_of_the_command(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    look_alike(machine.envs / "known")
    become: list[list[str]] = []

    def taken(argv: list[str], env: object) -> None:
        become.append(argv)
        raise SystemExit(0)

    monkeypatch.setattr("jupyter_envlink.process.become", taken)
    monkeypatch.setenv("SHELL", "/bin/bash")
    with pytest.raises(SystemExit):
        main(["shell", "known"])
    assert become[0][:2] == ["/bin/bash", "--rcfile"]
    assert str(machine.envs / "known") in Path(become[0][2]).read_text()
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert main(["shell", "known"]) == 1
    assert "/bin/tcsh" in capsys.readouterr().err
