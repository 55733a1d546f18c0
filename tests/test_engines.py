"""What the operations do with an engine that works in place: whole or not at all, killed, cancelled or lied to."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from jupyter_envlink import cli
from jupyter_envlink.conda_records import recorded
from jupyter_envlink.engines.choice import Choice
from jupyter_envlink.envfile.spec import package_name
from jupyter_envlink.environment import State, prefix_id
from jupyter_envlink.errors import Conflict, EnvlinkError, Unsolvable
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.recovery import marked_by, recover
from jupyter_envlink.request import Operation, Request
from jupyter_envlink.requested import requested_in_history
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from jupyter_envlink.updating import Target
from tests.channel import Channel
from tests.conftest import Machine
from tests.engines.commands import CommandLine
from tests.test_operations import bare, minor, output
from tests.test_queue import ended, kill_worker, until
from tests.writing import Listener, create_request, kernel_request, litter, request, tree_of, yml


def by(of: CommandLine, request: Request) -> Request:
    """The same, done by that engine."""
    options = {**request.options, "engine": Choice(of.name, of.program).as_dict()}
    return Request(**{**vars(request), "options": options})


def source(*dependencies: str) -> Source:
    return Source(yml(*dependencies).encode(), "environment.yml", None)


def service_by(of: CommandLine) -> Envlink:
    made = Envlink(engine=of.name, engine_program=of.program)
    made.catalog.refresh()
    return made


def update_request(prefix: Path, text: str, prune: bool = False) -> Request:
    target = Target(prefix_id(str(prefix)), prefix.name, str(prefix), prune, keeps_kernel=False)
    options = {"text": text, "path": "environment.yml", "folder": None, "target": asdict(target)}
    return request(Operation.UPDATE, prefix, "20260102-000000-0000abcd", **options)


def soon(happened: Callable[[], object], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def mentioned(machine: Machine, prefix: Path) -> bool:
    """Whether conda's list of environments names it."""
    listed = machine.home / ".conda" / "environments.txt"
    return listed.exists() and str(prefix) in listed.read_text().splitlines()


def hanging(queue: JobQueue, job: Job, of: CommandLine) -> None:
    """Wait until the program has half of it done."""
    job = until(queue, job, lambda job: Path(f"{of.log}.hangs").exists() or job.status.final)
    assert not job.status.final, job.progress


def test_an_environment_is_made_at_its_place(command_line: CommandLine, machine: Machine, channel: Channel) -> None:
    prefix, said = machine.envs / "demo", Listener()
    text = yml(f"python={minor(channel)}", "envlink-hello") + "variables:\n  MINE: here\n"

    result = perform(by(command_line, create_request(prefix, text)), said)

    there = recorded(str(prefix))
    assert {"python", "ipykernel", "envlink-hello"} <= set(there)
    assert result["packages"] == len(there)
    assert output(prefix, "-c", "import sys, envlink_hello; print(sys.prefix)") == str(prefix)
    assert marked_by(str(prefix)) == create_request(prefix, text).id
    assert set(requested_in_history(str(prefix), there)) == {f"python={minor(channel)}", "envlink-hello", "ipykernel"}
    assert json.loads((prefix / "conda-meta" / "state").read_text()) == {"env_vars": {"MINE": "here"}}
    assert (machine.home / ".conda" / "environments.txt").read_text().split() == [str(prefix)]
    assert said.phases == ["solving", "downloading", "verifying"]
    assert litter(machine.envs) == []


def test_a_kernel_is_installed_at_its_place(command_line: CommandLine, machine: Machine, channel: Channel) -> None:
    prefix = bare(machine.envs / "demo", channel, "envlink-text-prefix")
    before = recorded(str(prefix))

    perform(by(command_line, kernel_request(prefix)), Listener())

    there = recorded(str(prefix))
    assert "ipykernel" in there
    assert before.items() <= there.items()
    assert output(prefix, "-m", "ipykernel", "--version")
    recover(str(machine.envs))
    assert litter(machine.envs) == []


def test_what_exists_is_refused_before_anything_is_started(conda_like: CommandLine, machine: Machine) -> None:
    prefix = machine.envs / "demo"
    (prefix / "mine").mkdir(parents=True)
    with pytest.raises(Conflict) as raised:
        perform(by(conda_like, create_request(prefix, yml("envlink-text-prefix"))), Listener())
    assert raised.value.code == "exists"
    assert conda_like.calls() == []
    assert (prefix / "mine").is_dir()


def test_a_conflict_is_told_by_its_lines_and_nothing_is_left(command_line: CommandLine, machine: Machine) -> None:
    prefix = machine.envs / "demo"
    with pytest.raises(Unsolvable) as raised:
        text = yml("envlink-conflict-a", "envlink-conflict-b")
        perform(by(command_line, create_request(prefix, text)), Listener())
    assert {cause["line"] for cause in raised.value.details["causes"]} == {5, 6}
    assert raised.value.details["engine"] == command_line.name
    assert not prefix.exists()
    recover(str(machine.envs))
    assert litter(machine.envs) == []


@pytest.mark.parametrize("fault", ["nothing", "half", "deletes", "silent", "error-and-0", "success-and-1", "asks"])
def test_a_creation_that_it_fails_at_leaves_nothing(
    conda_like: CommandLine, machine: Machine, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    prefix = machine.envs / "demo"
    monkeypatch.setenv("CONDA_LIKE_FAULT", fault)
    with pytest.raises(EnvlinkError):
        text = yml("envlink-text-prefix", "envlink-binary-prefix")
        perform(by(conda_like, create_request(prefix, text)), Listener())
    assert not prefix.exists()
    assert not mentioned(machine, prefix)
    recover(str(machine.envs))
    assert litter(machine.envs) == []


@pytest.mark.parametrize("fault", ["nothing", "half", "deletes", "silent", "error-and-0", "success-and-1"])
def test_a_change_that_it_fails_at_leaves_the_former_environment(
    conda_like: CommandLine, machine: Machine, channel: Channel, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    prefix = bare(machine.envs / "demo", channel)
    before = tree_of(prefix)
    monkeypatch.setenv("CONDA_LIKE_FAULT", fault)
    with pytest.raises(EnvlinkError):
        perform(by(conda_like, kernel_request(prefix)), Listener())
    assert tree_of(prefix) == before
    recover(str(machine.envs))
    assert litter(machine.envs) == []


def test_an_update_is_done_at_its_place(command_line: CommandLine, machine: Machine) -> None:
    prefix = machine.envs / "demo"
    perform(by(command_line, create_request(prefix, yml("envlink-text-prefix", "tabulate=0.8.9"))), Listener())
    kept = recorded(str(prefix))["envlink-text-prefix"]

    perform(by(command_line, update_request(prefix, yml("envlink-binary-prefix", "tabulate>=0.9"))), Listener())

    there = recorded(str(prefix))
    assert there["envlink-text-prefix"] == kept
    assert "envlink-binary-prefix" in there
    assert there["tabulate"][0] == "0.9.0"
    asked = requested_in_history(str(prefix), there)
    assert {"envlink-text-prefix", "envlink-binary-prefix", "tabulate"} == set(map(package_name, asked))
    assert output(prefix, "-c", "import sys, tabulate; print(sys.prefix)") == str(prefix)


def test_an_update_that_prunes(command_line: CommandLine, machine: Machine) -> None:
    prefix = machine.envs / "demo"
    perform(by(command_line, create_request(prefix, yml("envlink-text-prefix", "envlink-conflict-a"))), Listener())
    assert {"python", "tabulate"} < set(recorded(str(prefix)))

    wanted = update_request(prefix, yml("envlink-text-prefix", "envlink-binary-prefix"), prune=True)
    perform(by(command_line, wanted), Listener())

    there = recorded(str(prefix))
    assert set(there) == {"envlink-text-prefix", "envlink-binary-prefix"}
    assert set(requested_in_history(str(prefix), there)) == set(there)


def test_an_update_that_changes_nothing_touches_nothing(command_line: CommandLine, machine: Machine) -> None:
    prefix = machine.envs / "demo"
    perform(by(command_line, create_request(prefix, yml("envlink-text-prefix"))), Listener())
    before = tree_of(prefix)
    done = perform(by(command_line, update_request(prefix, yml("envlink-text-prefix"))), Listener())
    assert done["changed"] is False
    assert tree_of(prefix) == before


def test_a_plan_is_the_engine_s(command_line: CommandLine, machine: Machine) -> None:
    perform(by(command_line, create_request(machine.envs / "demo", yml("envlink-text-prefix"))), Listener())
    service = service_by(command_line)
    (environment,) = (each for each in service.catalog.snapshot.environments if each.name == "demo")
    proposal = service.propose(source("envlink-binary-prefix"), {"environment": environment.id, "prune": True})
    question = proposal.question()
    assert question is not None
    before = tree_of(machine.envs / "demo")

    found = service.planner.ask(question).result(60)

    service.planner.stop()
    assert found["conflict"] is None
    assert [each["name"] for each in found["solution"]["changes"]["install"]] == ["envlink-binary-prefix"]
    assert [each["name"] for each in found["solution"]["changes"]["remove"]] == ["envlink-text-prefix"]
    assert found["solution"]["disk_bytes"]
    assert tree_of(machine.envs / "demo") == before


def test_a_plan_that_nobody_waits_for_ends_with_its_program(
    conda_like: CommandLine, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_LIKE_FAULT", "plan-hangs")
    service = service_by(conda_like)
    question = service.propose(source("envlink-text-prefix"), {}).question()
    assert question is not None
    asked = service.planner.ask(question)
    soon(lambda: Path(f"{conda_like.log}.hangs").exists())

    asked.cancel()

    soon(lambda: not _running(conda_like))
    service.planner.stop()


def test_the_command_line_chooses_one(
    conda_like: CommandLine, machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(Path(conda_like.program).parent), prepend=os.pathsep)
    file = machine.home / "environment.yml"
    file.write_text(yml("envlink-text-prefix"))

    assert cli.main(["create", "-f", str(file), "--engine", "conda", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["status"] == "succeeded"
    assert [call["argv"][1] for call in conda_like.calls()] == ["install", "install"]
    monkeypatch.setenv("PATH", "")
    assert cli.main(["create", "-f", str(file), "--engine", "mamba", "-n", "other", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "engine-missing"


@pytest.mark.parametrize("how", ["kill", "cancel"])
def test_a_creation_that_ends_while_it_works_leaves_nothing(
    conda_like: CommandLine, machine: Machine, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("CONDA_LIKE_FAULT", "hangs")
    service = service_by(conda_like)
    job = service.life.create(source("envlink-text-prefix", "envlink-binary-prefix"), "demo")
    hanging(service.queue, job, conda_like)
    service.catalog.refresh()
    assert [each.state for each in service.catalog.snapshot.environments if each.name == "demo"] == [State.BUILDING]

    _end(service, job, how)

    assert not (machine.envs / "demo").exists()
    assert not mentioned(machine, machine.envs / "demo")
    recover(str(machine.envs))
    assert litter(machine.envs) == []
    _is_gone(conda_like)


@pytest.mark.parametrize("how", ["kill", "cancel"])
def test_a_change_that_ends_while_it_works_leaves_the_former_environment(
    conda_like: CommandLine, machine: Machine, channel: Channel, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    prefix = bare(machine.envs / "demo", channel)
    before = tree_of(prefix)
    monkeypatch.setenv("CONDA_LIKE_FAULT", "hangs")
    service = service_by(conda_like)
    job = service.attach(service.catalog.snapshot.by_prefix[str(prefix)].id)
    assert isinstance(job, Job)
    hanging(service.queue, job, conda_like)

    _end(service, job, how)

    assert tree_of(prefix) == before
    recover(str(machine.envs))
    assert litter(machine.envs) == []
    _is_gone(conda_like)


def _end(service: Envlink, job: Job, how: str) -> None:
    if how == "cancel":
        assert service.jobs.cancel(job.id).status is Status.CANCELLED
        return
    kill_worker(service.queue, job)
    assert ended(service.queue, job).status is Status.INTERRUPTED


def _is_gone(of: CommandLine) -> None:
    assert _running(of) == []


def _running(of: CommandLine) -> list[list[str]]:
    import psutil

    running = [each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"])]
    return [words for words in running if of.program in words]
