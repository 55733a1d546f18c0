"""Over HTTP and on the command line: files from addresses, lists of packages, and texts that lie nowhere."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import time
from typing import Any

import pytest

from jupyter_envlink.cli import main

from .conftest import Machine
from .server import Api
from .test_fetching import FILE, Page, Site, site

__all__ = ["site"]

Captured = pytest.CaptureFixture[str]
SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return {**jp_server_config, "Policy": {"fetch_private": "refused" not in request.node.name}}


async def test_an_address_over_http(api: Api, site: Site) -> None:
    site.pages["/environment.yml"] = Page()
    url = f"{site.url}/environment.yml"
    assert await api("POST", "fetch", {"url": url}) == (200, {"url": url, "filename": "environment.yml", "text": FILE})
    site.pages["/end"] = Page(b"", 302, {"Location": "http://169.254.169.254/"})
    for path, expected, code in (
        (f"{site.url}/none.yml", 502, "fetch-not-found"),
        (f"{site.url}/end", 403, "address-not-allowed"),
        ("file:///etc/passwd", 400, "bad-address"),
    ):
        status, error = await api("POST", "fetch", {"url": path})
        assert (status, error["code"]) == (expected, code)
    for body in (None, {}, {"url": 7}, {"url": url, "more": 1}, []):
        assert (await api("POST", "fetch", body))[0] == 400


async def test_slow_addresses_keep_nothing_else_waiting(api: Api, site: Site) -> None:
    site.pages["/slow.yml"] = Page(b"# x\n" * (1 << 16), pause=0.25)
    slow = [asyncio.ensure_future(api("POST", "fetch", {"url": f"{site.url}/slow.yml"})) for _ in range(9)]
    await asyncio.sleep(0.1)
    since = time.monotonic()
    assert (await api("POST", "check", {"text": SMALL}))[0] == 200
    assert time.monotonic() - since < 0.8
    assert not any(each.done() for each in slow)
    assert {status for status, _ in await asyncio.gather(*slow)} == {200}


async def test_a_private_address_is_refused_unless_configured(api: Api, site: Site) -> None:
    status, error = await api("POST", "fetch", {"url": f"{site.url}/environment.yml"})
    assert (status, error["code"]) == (403, "address-not-allowed")
    assert site.asked == []


async def test_a_list_of_packages_over_http(api: Api) -> None:
    wanted = {"name": "one", "channels": ["conda-forge"], "packages": ["python=3.12", "humanize"]}
    status, composed = await api("POST", "compose", wanted)
    assert status == 200
    status, plan = await api("POST", "plan", {**composed, "solve": False})
    assert (plan["name"], plan["conda"]) == ("one", wanted["packages"])
    for body in ({}, {"packages": "numpy"}, {"packages": [1]}, {"packages": ["x"], "name": 1}, {"packages": ["x: y"]}):
        status, error = await api("POST", "compose", body)
        assert (status, bool(error["remedy"])) == (400, True), body


async def test_what_a_text_is_called_tells_its_format(api: Api) -> None:
    for filename, text, known in (
        ("requirements-dev.txt", "humanize\n", "requirements"),
        ("pyproject.toml", '[project]\nname = "x"\nversion = "1"\n', "pyproject"),
        ("environment.yml", SMALL, "environment-yml"),
    ):
        status, plan = await api("POST", "plan", {"text": text, "filename": filename, "solve": False})
        assert (status, plan["format"]) == (200, known)
    for wrong in ({"filename": "x.yml"}, {"filename": "a/b.yml", "text": ""}, {"filename": "", "text": ""}):
        assert (await api("POST", "plan", wrong))[0] == 400
    body = {"filename": "x.yml", "text": SMALL, "path": "x.yml"}
    assert (await api("POST", "plan", body))[0] == 400


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("# what we use\nhumanize>=4\nnumpy[all] ; python_version > '3.9'\n-r more.txt\n", "requirements"),
        ("requests @ https://example.org/r.whl\n", "requirements"),
        ("humanize\n", "requirements"),
        (SMALL, "environment-yml"),
        ("dependencies:\n- numpy\n", "environment-yml"),
        ("- numpy\n- pandas\n", "environment-yml"),
        ("name: x", "environment-yml"),
        ("", "environment-yml"),
        ("nothing that any of them would have\n", "environment-yml"),
    ],
)
async def test_what_was_pasted_says_itself_what_it_is(api: Api, text: str, known: str) -> None:
    _, plan = await api("POST", "plan", {"text": text, "solve": False})
    assert plan["format"] == known


@pytest.fixture
def allowed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = machine.home / "configuration"
    folder.mkdir()
    (folder / "jupyter_server_config.json").write_text(json.dumps({"Policy": {"fetch_private": True}}))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))


def test_an_address_on_the_command_line(machine: Machine, allowed: None, site: Site, capsys: Captured) -> None:
    site.pages["/environment.yml"] = Page(SMALL.encode())
    url = f"{site.url}/environment.yml"
    assert main(["create", "-f", url, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "small"
    assert main(["create", "-f", url]) == 0
    assert (machine.envs / "small" / "conda-meta").is_dir()
    assert main(["update", "-f", url, "--dry-run", "--json"]) == 0
    capsys.readouterr()
    assert main(["check", url, f"{site.url}/none.yml", "--json"]) == 1
    good, gone = json.loads(capsys.readouterr().out)["files"]
    assert (good["path"], good["ok"]) == (url, True)
    assert "404" in gone["diagnostics"][0]["message"]
    with pytest.raises(SystemExit):
        main(["check", "--fix", url])


def test_it_is_refused_without_the_administrator(machine: Machine, site: Site, capsys: Captured) -> None:
    assert main(["create", "-f", f"{site.url}/environment.yml"]) == 1
    assert "Policy.fetch_private" in capsys.readouterr().err
    assert main(["check", f"{site.url}/environment.yml"]) == 1
    assert site.asked == []


def test_what_is_piped_in(machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    for text, known in ((SMALL, "environment-yml"), ("humanize\n", "requirements")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        assert main(["create", "-f", "-", "-n", "piped", "--dry-run", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["format"] == known


def test_a_list_of_packages_on_the_command_line(machine: Machine, capsys: Captured) -> None:
    assert main(["create", "-n", "listed", "-p", "envlink-text-prefix", "-p", "humanize", "-c", "conda-forge"]) == 0
    assert list((machine.envs / "listed" / "conda-meta").glob("humanize-*.json"))
    capsys.readouterr()
    assert main(["create", "-p", "humanize"]) == 1
    assert "-n NAME" in capsys.readouterr().err
    assert main(["create", "-n", "x", "-c", "conda-forge"]) == 1
    assert "--packages" in capsys.readouterr().err
    assert main(["create", "-n", "x", "-p", "humanize ==="]) == 1
    with pytest.raises(SystemExit):
        main(["create", "-f", "x.yml", "-p", "humanize"])
