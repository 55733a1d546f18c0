"""Updates and roll backs of real environments: what was asked for, or nothing; and what there was before is kept."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import generations
from jupyter_envlink.conda_records import read_variables, recorded, write_history
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import EnvlinkError
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.present import pip_names
from jupyter_envlink.preview import solve
from jupyter_envlink.requested import requested_in_history
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from jupyter_envlink.verification import python_of

from . import contract
from .channel import Channel
from .conftest import Machine
from .prefixes import real
from .writing import litter, tree_of

Finished = Callable[[Job], Job]


def _source(conda: Sequence[str], pip: Sequence[str], more: str = "") -> Source:
    wanted = [*conda, *([{"pip": pip}] if pip else [])]
    return Source(f"channels: [conda-forge]\ndependencies: {json.dumps(wanted)}\n{more}".encode(), "env.yml", None)


class Work:
    """An environment, and what is done to it by jobs of a real queue."""

    def __init__(self, machine: Machine, channel: Channel, service: Envlink, finished: Finished) -> None:
        self.prefix, self.root = machine.envs / "work", machine.envs
        self._channel, self._service, self._finished = channel, service, finished
        self.id = prefix_id(str(self.prefix))

    def made(self, *specs: str) -> Path:
        real(self._channel.conda_forge, self.prefix, specs)
        write_history(str(self.prefix), "made", [], specs)
        self._service.catalog.refresh()
        return self.prefix

    def updated(self, *conda: str, prune: bool = False, more: str = "", pip: tuple[str, ...] = ()) -> Job:
        return self._finished(self._service.life.update(_source(conda, pip, more), self.id, prune))

    def plan(self, *conda: str, prune: bool = False, pip: tuple[str, ...] = ()) -> dict[str, Any]:
        environment = self._service.catalog.get(self.id)
        shown = solve(self._service.preview.update(_source(conda, pip), environment, prune))
        contract.validate(contract.component("Plan"), shown)
        return shown

    def log(self, job: Job) -> list[str]:
        return [each["text"] for each in self._service.queue.store.whole_log(job.id)]

    def rolled_back(self, number: int) -> Job:
        return self._finished(self._service.life.roll_back(self.id, number))

    @property
    def names(self) -> set[str]:
        return set(recorded(str(self.prefix)))

    @property
    def kept(self) -> list[str]:
        return [each.tree for each in generations.generations(str(self.root), str(self.prefix))]


@pytest.fixture
def work(machine: Machine, channel: Channel, service: Envlink, finished: Finished) -> Work:
    return Work(machine, channel, service, finished)


def succeeded(job: Job) -> dict[str, Any]:
    assert job.progress.error is None, job.progress.error
    assert job.status.value == "succeeded"
    return dict(job.progress.result or {})


def test_what_is_new_comes_and_what_there_was_is_kept(work: Work, machine: Machine) -> None:
    before = tree_of(work.made("tabulate=0.8.9", "envlink-text-prefix"))

    assert succeeded(work.updated("humanize"))["changed"] is True

    assert {"tabulate", "humanize", "envlink-text-prefix"} <= work.names
    assert [tree_of(Path(each)) for each in work.kept] == [before]
    assert requested_in_history(str(work.prefix), work.names) == ("tabulate=0.8.9", "envlink-text-prefix", "humanize")
    assert str(work.prefix) in (work.prefix / "share/envlink/prefix.txt").read_text()
    assert litter(machine.envs) == []


def test_a_file_that_is_met_changes_nothing(work: Work) -> None:
    work.made("tabulate=0.8.9")
    before = tree_of(work.prefix)

    assert succeeded(work.updated("tabulate=0.8.9"))["changed"] is False

    assert tree_of(work.prefix) == before
    assert work.kept == []


def test_prune_takes_what_the_file_does_not_need_and_forgets_that_it_was_wanted(work: Work) -> None:
    work.made("tabulate=0.8.9", "humanize")
    succeeded(work.updated("tabulate", prune=True))

    assert "humanize" not in work.names
    assert requested_in_history(str(work.prefix), work.names) == ("tabulate",)
    assert "# remove specs: ['humanize']" in (work.prefix / "conda-meta" / "history").read_text()


def test_variables_are_merged_and_are_a_change(work: Work) -> None:
    work.made("tabulate")
    succeeded(work.updated("tabulate", more="variables: {A: '1', B: '2'}\n"))
    assert succeeded(work.updated("tabulate", more="variables: {B: '3'}\n"))["changed"] is True

    assert read_variables(str(work.prefix)) == {"A": "1", "B": "3"}
    assert succeeded(work.updated("tabulate", more="variables: {B: '3'}\n"))["changed"] is False
    assert [dict(read_variables(each)) for each in work.kept] == [{"A": "1", "B": "2"}, {}]


def test_a_pip_part_that_fails_leaves_the_environment_as_it_was(work: Work, machine: Machine) -> None:
    before = tree_of(work.made("python", "tabulate=0.8.9"))

    failed = work.updated("python", "humanize", pip=("./nowhere",))

    assert failed.status.value == "failed"
    assert (failed.progress.error or {})["code"] == "pip-failed"
    assert tree_of(work.prefix) == before
    assert work.kept == []
    assert litter(machine.envs) == []


def test_what_cannot_be_solved_changes_nothing(work: Work) -> None:
    before = tree_of(work.made("tabulate=0.8.9"))
    failed = work.updated("envlink-conflict-b")

    assert (failed.progress.error or {})["code"] == "conflict"
    assert tree_of(work.prefix) == before


def test_rolling_back_brings_back_every_file_and_can_be_rolled_back(work: Work, machine: Machine) -> None:
    before = tree_of(work.made("tabulate=0.8.9"))
    succeeded(work.updated("humanize"))
    after = tree_of(work.prefix)

    succeeded(work.rolled_back(1))
    assert {**tree_of(work.prefix), MARK: ""} == {**before, MARK: ""}
    succeeded(work.rolled_back(2))
    assert {**tree_of(work.prefix), MARK: ""} == {**after, MARK: ""}
    assert litter(machine.envs) == []


MARK = "conda-meta/envlink-job"


def test_as_many_generations_are_kept_as_are_wanted(work: Work, service: Envlink) -> None:
    service.keep_generations = 2
    work.made("tabulate=0.8.9")
    for number in range(4):
        succeeded(work.updated("tabulate", more=f"variables: {{N: '{number}'}}\n"))
    assert [dict(read_variables(each)) for each in work.kept] == [{"N": "2"}, {"N": "1"}]

    service.keep_generations = 0
    succeeded(work.updated("tabulate", more="variables: {N: '5'}\n"))
    assert work.kept == []


def test_a_running_python_goes_on_while_its_environment_is_updated(work: Work) -> None:
    """What it has open stays; what it imports later comes from the new tree."""
    work.made("python", "tabulate=0.8.9")
    code = "import sys; print(1, flush=True); sys.stdin.readline(); import tabulate; print(tabulate.__version__)"
    with subprocess.Popen(
        [python_of(str(work.prefix)), "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as python:
        assert python.stdout is not None
        assert python.stdout.readline() == "1\n"
        succeeded(work.updated("tabulate>=0.9"))
        assert python.communicate("\n", timeout=60)[0] == "0.9.0\n"


def test_no_generation_of_another_time_or_environment_is_taken(work: Work, service: Envlink) -> None:
    work.made("tabulate")
    with pytest.raises(EnvlinkError) as none:
        service.life.roll_back(work.id, 1)
    assert none.value.code == "no-generation"


def test_generations_say_what_going_back_would_change(work: Work, service: Envlink) -> None:
    work.made("tabulate=0.8.9")
    succeeded(work.updated("humanize", "tabulate=0.9.0"))

    (shown,) = service.life.generations(work.id)["generations"]

    assert (shown["number"], shown["operation"]) == (1, "update")
    assert [each["name"] for each in shown["changes"]["remove"]] == ["humanize"]
    (move,) = shown["changes"]["downgrade"]
    assert (move["from"]["version"], move["to"]["version"]) == ("0.9.0", "0.8.9")


def test_an_environment_beside_a_project_keeps_none(
    machine: Machine, channel: Channel, service: Envlink, finished: Finished, tmp_path: Path
) -> None:
    prefix = real(channel.conda_forge, tmp_path / "project" / "env", ("tabulate=0.8.9",))
    write_history(str(prefix), "made", [], ("tabulate",))
    (machine.home / ".conda").mkdir(exist_ok=True)
    (machine.home / ".conda" / "environments.txt").write_text(f"{prefix}\n")
    service.catalog.refresh()
    text = "channels: [conda-forge]\ndependencies: [humanize]\n"

    job = finished(service.life.update(Source(text.encode(), "environment.yml", None), prefix_id(str(prefix)), False))

    succeeded(job)
    assert "humanize" in recorded(str(prefix))
    assert os.listdir(tmp_path / "project") == ["env"]


def test_prune_takes_what_pip_brought_and_the_file_does_not_need(work: Work, tmp_path: Path, service: Envlink) -> None:
    work.made("python", "tabulate")
    mine, helping = wheel(tmp_path, "mine", "tabulate"), wheel(tmp_path, "helping")
    other = wheel(tmp_path, "other", f"{helping} ; python_version > '3'", "nowhere; python_version < '3'")
    succeeded(work.updated("python", "tabulate", pip=(mine, other)))
    assert {"mine", "other", "helping"} <= set(pip_names(str(work.prefix)))

    (metadata,) = work.prefix.glob("lib/python*/site-packages/other-1.0.dist-info/METADATA")
    said = metadata.read_text()
    metadata.write_text(said + "Requires-Dist: nobody (can)) read this\n")

    assert work.plan("python", "tabulate", pip=(other,))["pip_removed"] == []
    plan = work.plan("python", "tabulate", pip=(other,), prune=True)
    assert plan["pip_removed"] == [{"name": "mine", "version": "1.0"}]
    metadata.write_text(said)  # uv refuses what it cannot read
    succeeded(work.updated("python", "tabulate", pip=(other,), prune=True))
    assert {"other", "helping", "tabulate"} <= set(pip_names(str(work.prefix)))
    assert "mine" not in pip_names(str(work.prefix))
    assert [set(pip_names(each)) & {"mine"} for each in work.kept] == [{"mine"}, set()]


def test_what_only_pip_can_tell_stays(work: Work, tmp_path: Path) -> None:
    work.made("python")
    mine, other = wheel(tmp_path, "mine"), wheel(tmp_path, "other")
    succeeded(work.updated("python", pip=(mine, other)))
    (tmp_path / "more.txt").write_text(f"{mine}\n")

    for items in ((f"-r {tmp_path}/more.txt",), (other.partition(" @ ")[2],)):
        assert work.plan("python", pip=items, prune=True)["pip_removed"] == []


def test_what_pip_brought_is_named_when_python_becomes_another(work: Work, channel: Channel, tmp_path: Path) -> None:
    if len(channel.pythons) < 2:
        pytest.skip("one Python alone on this machine")
    older, newer = (".".join(each.split(".")[:2]) for each in channel.pythons[:2])
    work.made(f"python={older}")
    succeeded(work.updated(f"python={older}", pip=(wheel(tmp_path, "mine"),)))

    plan = work.plan(f"python={newer}")
    assert plan["solution"]["pip_stranded"] == [{"name": "mine", "version": "1.0"}]
    job = work.updated(f"python={newer}")
    succeeded(job)
    assert any("stays behind. mine 1.0" in line for line in work.log(job))


def wheel(folder: Path, name: str, *requires: str) -> str:
    """A requirement: the wheel of ``name`` 1.0, by its address."""
    path, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", metadata + "".join(f"Requires-Dist: {each}\n" for each in requires))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"{name} @ {path.as_uri()}"


def test_a_detached_environment_stays_detached(work: Work, service: Envlink) -> None:
    work.made("python", "ipykernel", "tabulate=0.8.9")
    service.detach(work.id)
    succeeded(work.updated("humanize"))
    assert service.shown(service.catalog.get(work.id), {})["attached"] is False
