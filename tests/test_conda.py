"""conda, mamba and micromamba as engines: against our own program always, and against each that this machine has."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.conda_records import recorded
from jupyter_envlink.engines.base import Engine, Keep, Solution, Step
from jupyter_envlink.engines.choice import Choice
from jupyter_envlink.engines.chosen import engine_of
from jupyter_envlink.errors import (
    ChannelError,
    EngineMissing,
    EnvlinkError,
    InvalidRequest,
    Unsolvable,
    VerificationFailed,
)
from jupyter_envlink.requested import requested_in_history
from tests.channel import Channel
from tests.conftest import Machine
from tests.engines.commands import CommandLine
from tests.guarded import Guarded, running
from tests.writing import holding, tree_of

SECRET = "tk-a1b2c3-d4e5f6"


class Trial:
    """One environment, and one engine for it."""

    def __init__(self, prefix: Path, of: CommandLine, channels: Channels) -> None:
        self.prefix, self.channels = prefix, channels
        self.engine: Engine = engine_of(Choice(of.name, of.program), str(prefix))
        self.steps: list[Step] = []

    def plan(self, *specs: str, keep: Keep = Keep.ALL) -> Solution:
        installed = str(self.prefix) if self.prefix.exists() else None
        return asyncio.run(self.engine.solve(self.channels, specs, installed, keep))

    def install(self, solution: Solution) -> None:
        """As an operation does: into a place that has been taken."""
        (self.prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
        (self.prefix / "conda-meta" / "history").touch()
        place = str(self.prefix)
        asyncio.run(self.engine.install(solution, place, place, (), self.steps.append))

    def make(self, *specs: str) -> Solution:
        solution = self.plan(*specs)
        self.install(solution)
        return solution


@pytest.fixture
def channels(channel: Channel) -> Channels:
    return Channels((channel.conda_forge,), "strict")


@pytest.fixture
def trial(command_line: CommandLine, machine: Machine, channels: Channels) -> Trial:
    return Trial(machine.envs / "demo", command_line, channels)


@pytest.fixture
def like(conda_like: CommandLine, machine: Machine, channels: Channels) -> Trial:
    return Trial(machine.envs / "demo", conda_like, channels)


def names(solution: Solution) -> list[str]:
    return [package.name for package in solution.packages]


def test_it_works_where_the_environment_will_stay(like: Trial) -> None:
    solution = like.plan("envlink-hello")
    assert like.engine.in_place(solution)
    assert not like.engine.in_place(replace(solution, exact=True))


def test_what_is_planned_is_installed(trial: Trial, machine: Machine) -> None:
    solution = trial.plan("envlink-text-prefix")

    assert names(solution) == ["envlink-text-prefix"]
    assert solution.packages[0].size
    assert not trial.prefix.exists()
    weight = asyncio.run(trial.engine.weigh(solution))
    assert weight.disk_bytes

    trial.install(solution)

    assert set(recorded(str(trial.prefix))) == {"envlink-text-prefix"}
    assert holding(trial.prefix / "share", str(trial.prefix))
    assert requested_in_history(str(trial.prefix), ["envlink-text-prefix"]) == ("envlink-text-prefix",)


def test_a_plan_of_a_change_touches_nothing(trial: Trial) -> None:
    trial.make("envlink-text-prefix")
    before = tree_of(trial.prefix)

    solution = trial.plan("envlink-binary-prefix")

    assert names(solution) == ["envlink-binary-prefix", "envlink-text-prefix"]
    assert tree_of(trial.prefix) == before


def test_what_is_there_stays_when_more_is_asked_for(trial: Trial) -> None:
    trial.make("envlink-text-prefix")
    trial.install(trial.plan("envlink-binary-prefix", keep=Keep.REQUESTED))

    assert set(recorded(str(trial.prefix))) == {"envlink-binary-prefix", "envlink-text-prefix"}


def test_pruned_is_what_nobody_asks_for_any_more(trial: Trial) -> None:
    trial.make("envlink-text-prefix", "envlink-conflict-a")
    assert {"envlink-conflict-a", "envlink-text-prefix", "python", "tabulate"} <= set(recorded(str(trial.prefix)))

    solution = trial.plan("envlink-text-prefix", "envlink-binary-prefix", keep=Keep.NOTHING)
    assert names(solution) == ["envlink-binary-prefix", "envlink-text-prefix"]
    trial.install(solution)

    there = set(recorded(str(trial.prefix)))
    assert there == {"envlink-binary-prefix", "envlink-text-prefix"}
    asked = requested_in_history(str(trial.prefix), [*there, "envlink-conflict-a"])
    assert set(asked) == there


def test_what_cannot_be_solved_is_explained_by_the_embedded_solver(trial: Trial) -> None:
    with pytest.raises(Unsolvable) as raised:
        trial.plan("envlink-conflict-a", "envlink-conflict-b")

    details = raised.value.details
    assert details["engine"] == trial.engine.name
    assert "tabulate" in details["reasons"]
    assert details["said"].startswith(f"{trial.engine.name}: ")


def test_no_version_of_what_is_asked_for(trial: Trial) -> None:
    with pytest.raises(Unsolvable) as raised:
        trial.plan("envlink-text-prefix 77")
    assert raised.value.code == "package-not-found"


def test_an_environment_of_nothing(trial: Trial) -> None:
    solution = trial.make()
    assert names(solution) == []
    assert recorded(str(trial.prefix)) == {}


@pytest.mark.parametrize("spec", ["--prefix=/", "-c", "a\0b", ""])
def test_no_spec_is_an_option(like: Trial, conda_like: CommandLine, spec: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        like.plan("envlink-text-prefix", spec)
    assert raised.value.code == "option-like"
    assert conda_like.calls() == []


def test_no_channel_is_an_option(conda_like: CommandLine, machine: Machine) -> None:
    trial = Trial(machine.envs / "demo", conda_like, Channels(("--use-local",), "strict"))
    with pytest.raises(InvalidRequest):
        trial.plan("envlink-text-prefix")
    assert conda_like.calls() == []


def test_how_it_is_called(like: Trial, conda_like: CommandLine, channel: Channel) -> None:
    like.make("envlink-text-prefix")
    like.install(like.plan("envlink-binary-prefix", keep=Keep.NOTHING))

    calls = [call["argv"][1:] for call in conda_like.calls()]

    assert [call[0] for call in calls] == ["install", "install", "install", "install", "remove"]
    for call in calls:
        assert call[call.index("--prefix") + 1].startswith("/")
        assert {"--yes", "--json", "--override-channels"} < set(call[: call.index("--")])
        assert call[call.index("--channel") + 1] == channel.conda_forge
    assert ["--dry-run" in call for call in calls] == [True, False, True, False, False]
    assert [str(like.prefix) in call for call in calls] == [False, True, False, True, True]
    assert calls[-1][calls[-1].index("--") + 1 :] == ["envlink-text-prefix"]


@pytest.mark.parametrize("family", ["CONDA", "MAMBA"])
def test_no_variable_makes_it_do_something_else(
    like: Trial, conda_like: CommandLine, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    wrong = {
        "DRY_RUN": "true",
        "CHANNELS": "https://nowhere.invalid",
        "NO_RC": "true",
        "OVERRIDE_CHANNELS_ENABLED": "0",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(f"{family}_{name}", value)
    monkeypatch.setenv("CONDA_PREFIX", "/nowhere")
    monkeypatch.setenv("MAMBARC", "/nowhere/mambarc")

    like.make("envlink-text-prefix")

    environ = conda_like.calls()[-1]["env"]
    assert environ[f"{family}_DRY_RUN"] == "false"
    assert environ[f"{family}_OVERRIDE_CHANNELS_ENABLED"] == "true"
    assert environ[f"{family}_CHANNEL_PRIORITY"] == "strict"
    gone = {f"{family}_CHANNELS", f"{family}_NO_RC", "CONDA_PREFIX", "MAMBARC"}
    assert not gone & environ.keys()
    assert environ["CONDARC"] == os.environ["CONDARC"]


@pytest.fixture
def token_server(channel: Channel) -> Guarded:
    with running(Guarded(channel.path, token=SECRET)) as server:
        yield server


def test_a_token_is_in_no_command_and_no_record(
    command_line: CommandLine, machine: Machine, token_server: Guarded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONDA_PKGS_DIRS", str(tmp_path / "pkgs"))
    url = f"http://{token_server.host}/t/{SECRET}/conda-forge"
    trial = Trial(machine.envs / "demo", command_line, Channels((url,), "strict"))

    solution = trial.make("envlink-text-prefix", f"{url}::envlink-binary-prefix")

    assert names(solution) == ["envlink-binary-prefix", "envlink-text-prefix"]
    assert SECRET not in repr(solution.packages)
    assert holding(trial.prefix, SECRET) == []
    assert [call["argv"] for call in command_line.calls() if SECRET in str(call["argv"]) + str(call["env"])] == []


FAULTS = {
    "asks": (EnvlinkError, "engine-failed"),
    "deletes": (Unsolvable, "package-not-found"),
    "nothing": (VerificationFailed, "verification-failed"),
    "half": (VerificationFailed, "verification-failed"),
    "silent": (EnvlinkError, "engine-failed"),
    "text": (EnvlinkError, "engine-failed"),
    "error-and-0": (ChannelError, "channel-error"),
    "success-and-1": (EnvlinkError, "engine-failed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_it_says_is_not_trusted(like: Trial, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    solution = like.plan("envlink-text-prefix", "envlink-binary-prefix")
    monkeypatch.setenv("CONDA_LIKE_FAULT", fault)
    kind, code = FAULTS[fault]

    with pytest.raises(kind) as raised:
        like.install(solution)

    assert raised.value.code == code
    assert raised.value.remedy
    told = str(raised.value.as_dict())
    assert "sWordFish77" not in told
    assert SECRET not in told


@pytest.mark.parametrize("fault", ["plan-silent", "plan-text", "plan-error-and-0", "plan-success-and-1"])
def test_what_it_says_of_a_plan_is_not_trusted(like: Trial, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.setenv("CONDA_LIKE_FAULT", fault)
    with pytest.raises(EnvlinkError):
        like.plan("envlink-text-prefix")


def test_an_answer_is_found_among_whatever_else_it_prints(like: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_LIKE_FAULT", "noise")

    like.make("envlink-text-prefix")

    assert set(recorded(str(like.prefix))) == {"envlink-text-prefix"}
    shares = [step.share for step in like.steps if step.phase == "downloading"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {step.message for step in like.steps if step.phase == "downloading"} == {"envlink-text-prefix"}


def test_a_program_that_is_not_there(machine: Machine, channels: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    trial = Trial(machine.envs / "demo", CommandLine("conda", "/nowhere/conda", Path(os.devnull)), channels)
    with pytest.raises(EngineMissing) as raised:
        trial.plan("envlink-text-prefix")
    assert "/nowhere/conda" in raised.value.message


def test_a_package_that_only_the_tool_knows(like: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(channels: Channels, packages: Sequence[object]) -> list[None]:
        return [None] * len(packages)

    monkeypatch.setattr(like.engine.embedded, "records", nothing)

    solution = like.make("envlink-text-prefix")

    assert names(solution) == ["envlink-text-prefix"]
    assert not asyncio.run(like.engine.weigh(solution)).disk_exact
    with pytest.raises(ChannelError) as raised:
        like.plan("envlink-binary-prefix", keep=Keep.NOTHING)
    assert raised.value.code == "prune-unknown"
