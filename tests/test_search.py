"""Packages found by their names: of the real channel, of one that has gone, and of none."""

from __future__ import annotations

import asyncio
import json
import math
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from jupyter_envlink.channel_rules import Limits
from jupyter_envlink.cli import main
from jupyter_envlink.engines.rattler_index import KeptIndex
from jupyter_envlink.errors import InvalidRequest
from jupyter_envlink.planner.client import Planner
from jupyter_envlink.search.answering import Searcher
from jupyter_envlink.search.question import Search, asked_for, best

from .channel import Channel, write_condarc
from .channel.server import FaultServer
from .conftest import Machine
from .server import Api

Captured = pytest.CaptureFixture[str]


def _found(*searches: Search, searcher: Searcher | None = None) -> list[dict[str, Any]]:
    """What one process answers to one search after the other."""
    asked = searcher or Searcher(KeptIndex(math.inf))

    async def answers() -> list[dict[str, Any]]:
        return [await asked.answer(each) for each in searches]

    return asyncio.run(answers())


def _names(found: dict[str, Any]) -> list[str]:
    assert "failed" not in found, found
    return [each["name"] for each in found["packages"]]


def _newest(channel: Channel, name: str) -> str:
    """By the channel's own index: which versions PyPI's wheels have depends on the Pythons of this machine."""
    indexes = [json.loads(path.read_text()) for path in channel.path.glob("conda-forge/*/repodata.json")]
    records = [each for index in indexes for each in {**index["packages"], **index["packages.conda"]}.values()]
    return str(max(Version(each["version"]) for each in records if each["name"] == name))


def test_a_search_survives_its_way() -> None:
    for asked in (Search("x"), Search("numpy", 5, ("a", "b"), True, Limits(("a",), ("b",)))):
        assert Search.of(json.loads(json.dumps(asked.as_dict()))) == asked


@pytest.mark.parametrize(
    ("query", "limit", "whole"), [("x", 0, False), ("x", 101, False), ("", 1, True), ("a/b", 1, True)]
)
def test_what_cannot_be_asked(query: str, limit: int, whole: bool) -> None:
    with pytest.raises(InvalidRequest):
        Search(query, limit, None, whole)


def test_the_very_name_first_then_its_beginnings() -> None:
    names = ["a-numpy", "numpy", "numpy-base", "numpydoc", "xnumpy"]
    assert best(names, "numpy", 10) == ["numpy", "numpydoc", "numpy-base", "xnumpy", "a-numpy"]
    assert best(names, "numpy", 2) == ["numpy", "numpydoc"]
    assert asked_for("  Scikit  Learn ") == "scikit-learn"


def test_of_the_channels_that_are_configured(machine: Machine, channel: Channel) -> None:
    (found,) = _found(Search("py", limit=3))
    assert found["total"] > 3
    assert len(_names(found)) == 3
    assert all(name.startswith("py") for name in _names(found))
    assert found["channels"] == [{"url": channel.conda_forge, "name": "conda-forge", "age": None, "problem": None}]
    numpy, ipykernel = _found(Search("numpy"), Search("kernel"))
    assert numpy["packages"][0]["version"] == _newest(channel, "numpy")
    assert _names(ipykernel) == ["ipykernel"]


def test_nothing_for_nothing(machine: Machine) -> None:
    for found in _found(Search(""), Search("   "), Search("no-such-package")):
        assert (found["packages"], found["total"]) == ([], 0)


def test_versions_the_newest_first(machine: Machine, channel: Channel) -> None:
    python, tabulate, none = _found(*(Search(name, whole=True) for name in ("python", "tabulate", "no-such")))
    assert python["versions"] == sorted(python["versions"], key=lambda each: [*map(int, each.split("."))], reverse=True)
    assert set(python["versions"]) >= set(channel.pythons)
    assert tabulate["versions"] == ["0.9.0", "0.8.10", "0.8.9"]
    assert (none["kind"], none["failed"]["code"]) == ("NotFound", "not-found")


def test_channels_that_are_named(machine: Machine, tmp_path: Path, channel: Channel) -> None:
    named, none = _found(
        Search("numpy", channels=(channel.conda_forge,)), Search("numpy", channels=(f"{tmp_path}/no",))
    )
    assert _names(named) == ["numpy"]
    assert none["channels"][0]["problem"] is not None or "failed" in none


def test_a_channel_that_may_not_be_asked(machine: Machine) -> None:
    (found,) = _found(Search("numpy", limits=Limits(denied=("conda-forge",))), Search("numpy"))[:1]
    if "failed" not in found:  # the name means the public channel, which the local one stands in for
        (found,) = _found(Search("numpy", limits=Limits(allowed=("https://conda.example.org/*",))))
    assert (found["kind"], found["failed"]["code"]) == ("NotAllowed", "channel-not-allowed")


@pytest.mark.parametrize("sharded", ["true", "false"])
def test_what_is_kept_of_a_channel_that_has_gone(
    machine: Machine, channel: Channel, sharded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_REPODATA_USE_SHARDS", sharded)
    with FaultServer(channel.path) as server:
        write_condarc(machine.condarc, server.url, machine.envs, machine.home / "pkgs")
        asked = Search("numpy")
        (before,) = _found(asked)
        assert before["channels"][0]["age"] is None
    after, soon, other = _found(asked, asked, Search("tabulate"))
    assert _names(after) == _names(soon) == ["numpy"]
    assert after["packages"][0]["version"] == _newest(channel, "numpy")
    told = after["channels"][0]
    assert told["problem"]["code"] == "unreachable"
    assert 0 <= told["age"] < 60
    assert _names(other) == ["tabulate"]


def test_offline_with_an_empty_cache_is_told(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("CONDA_OFFLINE", "true")
    (found,) = _found(Search("numpy", channels=("http://127.0.0.1:1/channel", "nodefaults")))
    assert (found["kind"], found["failed"]["code"]) == ("ChannelError", "offline")


def test_a_summary_of_what_was_downloaded_once(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    for entry, about in (
        ("numpy-1.0-h_0", {"summary": "Old."}),
        ("numpy-2.0-h_0", {"summary": "Arrays,\n and more."}),
        ("tabulate-1.0-h_0", ["not", "an", "object"]),
        ("humanize-1.0-h_0", {"summary": 7}),
    ):
        info = tmp_path / "cache" / "pkgs" / entry / "info"
        info.mkdir(parents=True)
        (info / "about.json").write_text(json.dumps(about))
    numpy, tabulate, humanize = _found(*map(Search, ("numpy", "tabulate", "humanize")))
    assert numpy["packages"][0]["summary"] == "Arrays, and more."
    assert tabulate["packages"][0]["summary"] is None
    assert humanize["packages"][0]["summary"] is None


def test_the_planner_answers_searches_too(machine: Machine) -> None:
    planner = Planner()
    try:
        answers = [planner.ask(Search(name)) for name in ("numpy", "tabulate")]
        assert [_names(each.result(60)) for each in answers] == [["numpy"], ["tabulate"]]
    finally:
        planner.stop()


async def test_over_http(api: Api) -> None:
    status, found = await api("GET", "packages", query="numpy", limit="5")
    assert (status, _names(found)) == (200, ["numpy"])
    status, found = await api("GET", "packages/python")
    assert (status, found["name"]) == (200, "python")
    assert (await api("GET", "packages/no-such-package"))[0] == 404
    for wrong in ({"query": "x", "limit": "0"}, {"query": "x", "limit": "many"}, {}):
        status, error = await api("GET", "packages", **wrong)
        assert status == 400, error
    status, found = await api("GET", "packages", query="numpy", channel="file:///no/such/channel")
    assert (status, _names(found)) == (200, ["numpy"])  # of the configured ones, as from a file that names this one
    assert [bool(each["problem"]) for each in found["channels"]] == [True, False]


def test_on_the_command_line(machine: Machine, capsys: Captured) -> None:
    assert main(["search", "tabul"]) == 0
    assert "tabulate  0.9.0" in capsys.readouterr().out
    assert main(["search", "tabulate", "--versions"]) == 0
    assert "0.9.0, 0.8.10, 0.8.9" in capsys.readouterr().out
    assert main(["search", "numpy", "--json"]) == 0
    assert _names(json.loads(capsys.readouterr().out)) == ["numpy"]
    assert main(["search", "py", "--limit", "1"]) == 0
    assert "more; --limit" in capsys.readouterr().out
    assert main(["search", "no-such-package"]) == 0
    assert "No package" in capsys.readouterr().out
    assert main(["search", "no-such-package", "--versions"]) == 1
    assert "Check the spelling" in capsys.readouterr().err
