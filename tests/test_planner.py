"""The planning process: real, asked through its client."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_envlink.channel_rules import NO_LIMITS
from jupyter_envlink.planner.client import Planner
from jupyter_envlink.planner.question import Question
from jupyter_envlink.source import Source
from jupyter_envlink.updating import Target

from .channel import Channel, write_condarc
from .channel.server import FaultServer
from .conftest import Machine
from .waiting import until

SMALL = "channels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"


@pytest.fixture
def planner(machine: Machine) -> Iterator[Planner]:
    made = Planner()
    yield made
    made.stop()


def _question(text: str = SMALL, **changes: Any) -> Question:
    source = Source(text.encode(), "environment.yml", None)
    return Question(**{"source": source, "prefix": None, "limits": NO_LIMITS, **changes})


def _names(answer: Future[dict[str, Any]], seconds: float = 60) -> list[str]:
    found = answer.result(seconds)
    assert found["conflict"] is None, found["conflict"]
    return [package["name"] for package in found["solution"]["packages"]]


def _process() -> psutil.Process:
    """The one planner of this test."""
    (found,) = _processes()
    return found


def _processes() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [each for each in children if each.is_running() and "jupyter_envlink.planner" in _words(each)]


def _words(each: psutil.Process) -> list[str]:
    try:
        return each.cmdline()
    except psutil.Error:
        return []


def _over_http(machine: Machine, server: FaultServer) -> None:
    write_condarc(machine.condarc, server.url, machine.envs, machine.home / "pkgs")


def test_a_question_survives_its_way() -> None:
    target = Target("0123456789ab", "x", "/x", True, False)
    asked = _question("name: é\n", prefix="/x", target=target, refresh=True)
    assert Question.of(asked.as_dict()) == asked
    bare = Question(Source(b"\xff\xfe", None, "/somewhere"), None, NO_LIMITS)
    assert Question.of(bare.as_dict()) == bare


def test_one_process_answers_all(planner: Planner) -> None:
    assert _names(planner.ask(_question())) == ["envlink-text-prefix"]
    first = _process().pid
    several = [planner.ask(_question(SMALL.replace("text", kind))) for kind in ("binary", "text", "binary")]
    assert [_names(each)[0].split("-")[1] for each in several] == ["binary", "text", "binary"]
    assert _process().pid == first


def test_a_conflict_is_an_answer(planner: Planner) -> None:
    found = planner.ask(_question(SMALL.replace("text-prefix", "nothing"))).result(60)
    assert (found["solution"], found["conflict"]["code"]) == (None, "package-not-found")


def test_no_secret_is_in_its_command_or_environment(planner: Planner) -> None:
    secret = "sEcReT-123456"
    planner.ask(_question(f"channels: ['https://me:{secret}@127.0.0.1:9/x']\ndependencies: [a]\n")).result(60)
    assert secret not in " ".join(_process().cmdline())
    assert secret not in str(_process().environ())


def test_when_it_crashes_the_question_says_so_and_the_next_one_is_answered(
    planner: Planner, machine: Machine, fault_server: FaultServer
) -> None:
    _over_http(machine, fault_server)
    fault_server.stall("*repodata*")
    asked = planner.ask(_question())
    until(lambda: bool(fault_server.requests))
    _process().kill()
    conflict = asked.result(20)["conflict"]
    assert (conflict["code"], bool(conflict["remedy"])) == ("planner-ended", True)
    fault_server.clear()
    assert _names(planner.ask(_question())) == ["envlink-text-prefix"]


def test_what_takes_too_long_is_given_up(planner: Planner, machine: Machine, fault_server: FaultServer) -> None:
    _over_http(machine, fault_server)
    fault_server.stall("*repodata*")
    planner.time_limit = 2.0
    conflict = planner.ask(_question()).result(30)["conflict"]
    assert conflict["code"] == "plan-timeout"
    assert "time_limit" in conflict["remedy"]


def test_a_cancelled_question_leaves_the_others_alone(
    planner: Planner, machine: Machine, channel: Channel, fault_server: FaultServer
) -> None:
    fault_server.stall("*repodata*")
    slow = planner.ask(
        _question(f"channels: ['{fault_server.url}/conda-forge', nodefaults]\ndependencies: [humanize]\n")
    )
    until(lambda: bool(fault_server.requests))
    assert slow.cancel()
    with pytest.raises(CancelledError):
        slow.result(1)
    assert _names(planner.ask(_question())) == ["envlink-text-prefix"]


def test_it_ends_when_nobody_asks_and_is_started_again(planner: Planner) -> None:
    planner.idle_limit = 1.0
    assert _names(planner.ask(_question()))
    until(lambda: not _processes(), 15)
    assert _names(planner.ask(_question())) == ["envlink-text-prefix"]


def test_it_ends_when_it_has_grown_too_large_and_is_started_again(planner: Planner) -> None:
    planner.memory_limit = 20.0  # less than a Python with rattler in it
    asked = planner.ask(_question())
    first = _process().pid
    found = asked.result(60)
    assert found["conflict"] is None or found["conflict"]["code"] == "plan-memory"
    until(lambda: first not in [each.pid for each in _processes()], 15)
    planner.memory_limit = 4000.0
    assert _names(planner.ask(_question())) == ["envlink-text-prefix"]


def test_it_ends_with_its_server(machine: Machine) -> None:
    """Killed without a word, while something is asked."""
    code = (
        "import sys, time\n"
        "from tests.test_planner import _question\n"
        "from jupyter_envlink.planner.client import Planner\n"
        "planner = Planner(); planner.ask(_question()).result(60)\n"
        "print(planner._running._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert psutil.pid_exists(pid)
        server.kill()
    until(lambda: not psutil.pid_exists(pid))


def test_a_channel_in_a_folder_that_has_changed_is_read_again(
    planner: Planner, machine: Machine, channel: Channel, tmp_path: Path
) -> None:
    _see_changes(planner, machine, _copy(channel, tmp_path / "changing"), (tmp_path / "changing").as_uri())


def test_a_channel_behind_a_network_is_asked_again_when_its_time_is_over(
    planner: Planner, machine: Machine, channel: Channel, tmp_path: Path
) -> None:
    folder = _copy(channel, tmp_path / "changing")
    planner.freshness = 0.0
    with FaultServer(tmp_path / "changing") as server:
        _see_changes(planner, machine, folder, server.url)


def test_a_refresh_asks_at_once(planner: Planner, machine: Machine, channel: Channel, tmp_path: Path) -> None:
    folder = _copy(channel, tmp_path / "changing")
    planner.freshness = 3600.0
    with FaultServer(tmp_path / "changing") as server:
        write_condarc(machine.condarc, server.url, machine.envs, machine.home / "pkgs")
        asked = _question("dependencies: [envlink-text-prefix]\n")
        assert _names(planner.ask(asked))
        _take_out(folder, "envlink-text-prefix")
        assert _names(planner.ask(asked))  # within the hour
        anew = Question(asked.source, None, NO_LIMITS, refresh=True)
        assert planner.ask(anew).result(60)["conflict"]["code"] == "package-not-found"


def _see_changes(planner: Planner, machine: Machine, folder: Path, url: str) -> None:
    write_condarc(machine.condarc, url, machine.envs, machine.home / "pkgs")
    asked = _question("dependencies: [envlink-text-prefix]\n")
    assert _names(planner.ask(asked))
    time.sleep(0.02)
    _take_out(folder, "envlink-text-prefix")
    assert planner.ask(asked).result(60)["conflict"]["code"] == "package-not-found"


def _copy(channel: Channel, place: Path) -> Path:
    """The index of the channel alone, as one file for each platform."""
    from rattler import Subdir

    for subdir in (str(Subdir.current()), "noarch"):
        (place / "conda-forge" / subdir).mkdir(parents=True)
        text = (channel.path / "conda-forge" / subdir / "repodata.json").read_bytes()
        (place / "conda-forge" / subdir / "repodata.json").write_bytes(text)
    return place / "conda-forge"


def _take_out(folder: Path, name: str) -> None:
    import json

    for path in folder.glob("*/repodata.json"):
        index = json.loads(path.read_text())
        kept = {key: each for key, each in index["packages.conda"].items() if each["name"] != name}
        path.write_text(json.dumps({**index, "packages.conda": kept}))
