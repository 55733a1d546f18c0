"""Virtual environments brought in line with pip's files: by a clone, or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import uv

from jupyter_envlink import generations
from jupyter_envlink.engines.uv import find_uv
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import VerificationFailed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.preview import solve
from jupyter_envlink.request import Operation
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from jupyter_envlink.updating import Target

from . import contract
from .channel import Channel
from .conftest import Machine
from .locking import sha256_of
from .test_venv_making import versions
from .wheels import venv
from .writing import Listener, litter, request, tree_of

pytestmark = pytest.mark.usefixtures("index")

Finished = Callable[[Job], Job]


class Work:
    """A virtual environment in the environments folder, updated by jobs of a real queue."""

    def __init__(self, machine: Machine, channel: Channel, service: Envlink, finished: Finished) -> None:
        self.folder, self.prefix = machine.home / "project", machine.envs / "work"
        self._machine, self._channel, self._service, self._finished = machine, channel, service, finished
        self.folder.mkdir()

    def made(self, *wheels: str, prefix: Path | None = None) -> Path:
        self.prefix = venv(prefix or self.prefix, wheels=[self._channel.wheels / each for each in wheels])
        self._service.catalog.refresh()
        return self.prefix

    @property
    def id(self) -> str:
        return prefix_id(str(self.prefix))

    def source(self, text: str, name: str) -> Source:
        (self.folder / name).write_text(text)
        return Source(text.encode(), name, str(self.folder))

    def planned(self, text: str, name: str = "requirements.txt", prune: bool = False) -> dict[str, Any]:
        environment = self._service.catalog.get(self.id)
        shown = solve(self._service.preview.update(self.source(text, name), environment, prune))
        contract.validate(contract.component("Plan"), shown)
        return shown

    def updated(self, text: str, name: str = "requirements.txt", prune: bool = False) -> Job:
        return self._finished(self._service.life.update(self.source(text, name), self.id, prune))

    @property
    def kept(self) -> list[str]:
        return [each.tree for each in generations.generations(str(self._machine.envs), str(self.prefix))]


@pytest.fixture
def work(machine: Machine, channel: Channel, service: Envlink, finished: Finished,
         monkeypatch: pytest.MonkeyPatch) -> Work:  # fmt: skip
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))
    return Work(machine, channel, service, finished)


def succeeded(job: Job) -> dict[str, Any]:
    assert job.status is Status.SUCCEEDED, job.progress.error
    return dict(job.progress.result or {})


T8, T9 = "tabulate-0.8.9-py3-none-any.whl", "tabulate-0.9.0-py3-none-any.whl"
HUMANIZE = "humanize-4.17.0-py3-none-any.whl"


def test_what_a_list_wants_comes_with_a_kernel_and_the_rest_stays(work: Work, machine: Machine) -> None:
    before = tree_of(work.made(T8))
    plan = work.planned("tabulate\nhumanize<5\n")
    assert [each["spec"] for each in plan["added"]] == ["ipykernel"]
    told = {each["name"]: each["action"] for each in plan["pip_steps"]}
    assert {"humanize": "installed", "ipykernel": "installed"}.items() <= told.items()
    assert "tabulate" not in told
    assert tree_of(work.prefix) == before

    result = succeeded(work.updated("tabulate\nhumanize<5\n"))

    assert (result["changed"], result["prefix"]) == (True, str(work.prefix))
    found = versions(work.prefix)
    assert found["tabulate"] == "0.8.9"  # it is what the list asks for, too
    assert {"humanize", "ipykernel"} <= found.keys()
    script = (work.prefix / "bin" / "jupyter-kernelspec").read_text()
    assert str(work.prefix) in script
    assert ".envlink" not in script
    (kept,) = work.kept
    assert tree_of(Path(kept)).items() >= before.items()


def test_what_changes_nothing_touches_nothing(work: Work, machine: Machine) -> None:
    work.made()
    succeeded(work.updated("tabulate==0.8.9\n"))
    before, kept = tree_of(work.prefix), work.kept

    assert work.planned("tabulate<0.9\n")["pip_steps"] == []
    assert succeeded(work.updated("tabulate<0.9\n"))["changed"] is False

    assert tree_of(work.prefix) == before
    assert work.kept == kept
    assert succeeded(work.updated("tabulate==0.9.0\n"))["changed"] is True
    assert versions(work.prefix)["tabulate"] == "0.9.0"


def test_pruning_takes_what_the_file_does_not_need_but_the_kernel(work: Work) -> None:
    work.made(HUMANIZE)
    succeeded(work.updated("tabulate==0.8.9\n"))
    plan = work.planned("tabulate==0.8.9\n", prune=True)
    assert [(each["name"], each["action"]) for each in plan["pip_steps"]] == [("humanize", "uninstalled")]

    succeeded(work.updated("tabulate==0.8.9\n", prune=True))

    found = versions(work.prefix)
    assert "humanize" not in found
    assert {"tabulate", "ipykernel"} <= found.keys()


@pytest.mark.parametrize("prune", [False, True])
def test_a_lock_is_installed_exactly(work: Work, channel: Channel, prune: bool) -> None:
    work.made(HUMANIZE)
    (work.folder / "requirements.in").write_text("tabulate<0.9\n")
    argv = [find_uv(), "pip", "compile", "requirements.in", "--no-index", "--find-links", str(channel.wheels)]
    argv += ["--format", "pylock.toml", "--output-file", "pylock.toml", "--quiet"]
    subprocess.run(argv, cwd=work.folder, check=True, timeout=60)
    text = (work.folder / "pylock.toml").read_text()

    succeeded(work.updated(text, "pylock.toml", prune))

    found = versions(work.prefix)
    assert found["tabulate"] == "0.8.10"
    assert ("humanize" in found) is not prune
    assert "ipykernel" in found
    if not prune:
        assert work.planned(text, "pylock.toml")["pip_steps"] == []
        assert succeeded(work.updated(text, "pylock.toml"))["changed"] is False


def test_a_projects_own_requirements(work: Work) -> None:
    work.made(T8)
    text = '[project]\nname = "mine"\nversion = "1"\ndependencies = ["humanize"]\n'
    succeeded(work.updated(text, "pyproject.toml"))
    assert {"humanize", "tabulate", "ipykernel"} <= versions(work.prefix).keys()


@pytest.mark.parametrize(
    "text", ["--no-index\nno-such-thing\n", f"--no-index\ntabulate==0.8.10 --hash=sha256:{'1' * 64}\n"]
)
def test_one_that_fails_leaves_the_environment_byte_for_byte(work: Work, machine: Machine, text: str) -> None:
    before = tree_of(work.made(T8))
    job = work.updated(text)
    assert job.status is Status.FAILED
    assert (job.progress.error or {})["code"] == "pip-failed"
    assert tree_of(work.prefix) == before
    assert litter(machine.envs) == []


def test_hashes_hold_and_the_kernel_comes_beside(work: Work, channel: Channel) -> None:
    work.made(T9)
    text = f"tabulate==0.8.9 --hash=sha256:{sha256_of(channel.wheels / T8)}\n"
    succeeded(work.updated(text, prune=True))
    found = versions(work.prefix)
    assert found["tabulate"] == "0.8.9"
    assert "ipykernel" in found


def test_beside_a_project_nothing_of_ours_stays(work: Work) -> None:
    prefix = work.made(T8, prefix=work.folder / ".venv")
    succeeded(work.updated("humanize\n"))
    assert {"humanize", "tabulate"} <= versions(prefix).keys()
    assert sorted(path.name for path in work.folder.iterdir()) == [".venv", "requirements.txt"]


def test_an_installer_that_only_says_it_is_done_is_not_believed(
    work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = tree_of(work.made(T8))
    target = Target(work.id, "work", str(work.prefix), False, True, True)
    text = {"text": "humanize\n", "path": "requirements.txt", "folder": str(work.folder)}
    asked = request(Operation.UPDATE, work.prefix, venv=True, target=asdict(target), **text)
    said = Listener()
    fake = boasting(tmp_path / "uv")
    monkeypatch.setattr(uv, "find_uv_bin", lambda: fake)

    with pytest.raises(VerificationFailed, match="humanize"):
        perform(asked, said)

    assert "Installed everything" in said.lines
    assert tree_of(work.prefix) == before


def boasting(path: Path) -> str:
    """A uv that finds Pythons and plans, and installs nothing."""
    path.write_text(f"""#!/bin/sh
case "$*" in *--dry-run*|*"python find"*) exec {find_uv()} "$@";; esac
echo Installed everything
""")
    path.chmod(0o755)
    return str(path)
