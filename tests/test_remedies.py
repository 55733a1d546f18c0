"""What helps an environment without a kernel, and who says why when nothing does."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uv

from jupyter_envlink.engines.ipykernel import requirement
from jupyter_envlink.environment import Environment, State, prefix_id
from jupyter_envlink.errors import Conflict, EnvlinkError, NotAllowed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.locators.problems import no_python
from jupyter_envlink.overlay import overlays_dir
from jupyter_envlink.policy import Policy
from jupyter_envlink.remedies import INSTALL, OVERLAY, Remedies, external_mark
from jupyter_envlink.request import Operation
from jupyter_envlink.service import Envlink
from tests.channel import Channel
from tests.channel.file import File
from tests.channel.package import Package
from tests.conftest import Machine
from tests.prefixes import environment, real
from tests.running import kernel_of
from tests.test_kernel_install import beside
from tests.wheels import venv
from tests.writing import tree_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="R's place; rights")


@pytest.fixture
def remedies() -> Remedies:
    return Remedies(Policy())


def without(prefix: Path, **changes: Any) -> Environment:
    """An environment with Python and without a kernel."""
    return replace(environment(str(prefix)), **{"state": State.NO_KERNEL, "kernels": (), **changes})


@pytest.mark.parametrize("kind", ["conda", "venv", "virtualenv", "uv", "pyenv", "poetry", "pipenv", "hatch", "pdm"])
def test_an_environment_of_ones_own_may_have_either(remedies: Remedies, tmp_path: Path, kind: str) -> None:
    assert remedies.actions(without(tmp_path, kind=kind)) == [INSTALL, OVERLAY]


def test_one_that_is_ready_needs_neither(remedies: Remedies, tmp_path: Path) -> None:
    assert remedies.actions(environment(str(tmp_path))) == []


@pytest.mark.parametrize(
    ("changes", "kind", "code", "said"),
    [
        ({"kind": "pixi"}, Conflict, "pixi", "pixi add ipykernel"),
        ({"frozen": True}, NotAllowed, "not-allowed", "--overlay"),
        ({"is_base": True}, NotAllowed, "not-allowed", "--overlay"),
    ],
    ids=["pixi", "frozen", "base"],
)
def test_one_that_is_not_to_be_changed_may_have_an_overlay(
    remedies: Remedies, tmp_path: Path, changes: dict[str, Any], kind: type[EnvlinkError], code: str, said: str
) -> None:
    found = without(tmp_path, **changes)

    assert remedies.actions(found) == [OVERLAY]
    with pytest.raises(kind) as refused:
        remedies.refuse_install(found)
    assert refused.value.code == code
    assert said in refused.value.remedy


def test_a_python_that_another_program_manages_may_have_an_overlay(
    service: Envlink, machine: Machine, channel: Channel, finished: Callable[[Job], Job], index: None
) -> None:
    """A whole Python, as pyenv and uv bring it, marked by PEP 668; pip and uv refuse to install into it."""
    version = channel.pythons[0]
    prefix = real(channel.conda_forge, machine.home / ".pyenv" / "versions" / version, [f"python={version}"])
    shutil.rmtree(prefix / "conda-meta")
    service.catalog.refresh()
    found = service.catalog.get(prefix_id(str(prefix)))
    assert service.remedies.actions(found) == [INSTALL, OVERLAY]
    code = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    stdlib = subprocess.run([str(found.python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    (Path(stdlib) / "EXTERNALLY-MANAGED").write_text("[externally-managed]\nError=Ask apt.\n")
    before = tree_of(prefix)

    assert service.remedies.actions(found) == [OVERLAY]
    with pytest.raises(NotAllowed, match=r"EXTERNALLY-MANAGED\.") as refused:
        service.attach(found.id)
    assert "--overlay" in refused.value.remedy
    argv = [uv.find_uv_bin(), "pip", "install", "--dry-run", "--python", str(found.python), "ipykernel"]
    assert "externally managed" in subprocess.run(argv, capture_output=True, text=True).stderr

    job = service.attach(found.id, overlay=True)
    assert isinstance(job, Job)
    assert finished(job).status is Status.SUCCEEDED
    assert tree_of(prefix) == before
    with kernel_of(service.catalog, machine.data, f"pyenv-{version}") as kernel:
        assert kernel.value("sys.prefix", "sys") == str(prefix)


def test_the_mark_says_nothing_in_a_virtual_environment(remedies: Remedies, tmp_path: Path) -> None:
    found = without(tmp_path, kind="venv")
    mark = tmp_path / ("Lib" if sys.platform == "win32" else f"lib/python{found.python_version}") / "EXTERNALLY-MANAGED"
    mark.parent.mkdir(parents=True)
    mark.touch()
    assert external_mark(found) == str(mark)
    (tmp_path / "pyvenv.cfg").touch()
    assert remedies.actions(found) == [INSTALL, OVERLAY]


def test_one_that_lies_elsewhere_may_have_an_overlay(tmp_path: Path) -> None:
    policy = Policy(allowed_roots=[str(tmp_path / "mine")])
    assert Remedies(policy).actions(without(tmp_path / "shared")) == [OVERLAY]


def test_a_python_that_no_ipykernel_was_ever_for_has_neither(remedies: Remedies, tmp_path: Path) -> None:
    found = without(tmp_path, kind="venv", python_version="3.3")
    assert remedies.actions(found) == []
    with pytest.raises(Conflict, match=r"Python 3\.3"):
        remedies.refuse_overlay(found)


@posix
def test_r_may_have_its_own_kernel(remedies: Remedies, tmp_path: Path) -> None:
    found = without(tmp_path, python=None, python_version=None, problem=no_python(str(tmp_path)))
    assert remedies.actions(found) == []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "R").touch(mode=0o755)
    assert remedies.actions(found) == [INSTALL]


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("2.7", "ipykernel<=4.10.1"),
        ("3.5", "ipykernel<=5.5.6"),
        ("3.6", "ipykernel>=5"),
        ("3.14", "ipykernel>=5"),
        (None, "ipykernel>=5"),
    ],
)
def test_what_the_index_is_asked_for(version: str | None, wanted: str) -> None:
    assert requirement(version) == wanted


@pytest.mark.parametrize("version", ["2.6", "3.0", "3.3"])
def test_what_is_too_old_is_told(version: str) -> None:
    with pytest.raises(Conflict) as refused:
        requirement(version)
    assert refused.value.code == "python-too-old"


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("overlay", [False, True], ids=["into it", "beside it"])
def test_a_virtual_environment_gets_a_kernel(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], overlay: bool
) -> None:
    prefix = venv(machine.home / ".virtualenvs" / "my project")
    service.catalog.refresh()
    (found,) = (each for each in service.catalog.snapshot.environments if each.prefix == str(prefix))
    assert service.shown(found, {})["actions"] == [INSTALL, OVERLAY]

    job = service.attach(found.id, overlay)
    assert isinstance(job, Job)
    assert finished(job).status is Status.SUCCEEDED

    ready = service.catalog.get(found.id)
    assert (ready.state, ready.overlay) == (State.READY, overlay)
    assert ready.kind == found.kind, "it is taken for another kind now"
    assert beside(prefix) == ["my project"]
    (shown,) = service.shown(ready, {})["kernels"]
    with kernel_of(service.catalog, machine.data, shown["name"]) as kernel:
        assert kernel.value("[sys.prefix, os.environ['VIRTUAL_ENV']]", "sys", "os") == [str(prefix), str(prefix)]
        assert kernel.prints("!which python") == str(prefix / "bin/python")


def test_the_places_of_all_jobs_are_looked_at_when_a_server_starts(machine: Machine, service: Envlink) -> None:
    project = str(machine.home / "project")
    service.queue.store.create(Operation.INSTALL_KERNEL, ".venv", f"{project}/.venv", project, {"tidy": True})
    assert service.jobs.roots() == [*service.catalog.envs_dirs, str(overlays_dir()), project]


def r_channel(folder: Path, kernel: str) -> str:
    """A conda channel with an R of which only the places are real, and its kernel, whose kernel.json is ``kernel``."""
    from rattler.index import index_fs

    files = {
        "r-base": (File("bin/R", b"#!/bin/sh\nexit 1\n", 0o755),),
        "r-irkernel": (File("share/jupyter/kernels/ir/kernel.json", kernel.encode()),),
    }
    (folder / "noarch").mkdir(parents=True)
    for name, content in files.items():
        Package(name, "1.0", "r_0", content, depends=("r-base",) if name == "r-irkernel" else ()).write(
            folder, "noarch"
        )
    asyncio.run(index_fs(folder))
    return folder.as_uri()


@posix
@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
def test_r_gets_its_kernel_from_the_channel_that_it_came_from(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job], tmp_path: Path, broken: bool
) -> None:
    argv = ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    spec = json.dumps({"argv": argv, "display_name": "R", "language": "R"})
    prefix = real(r_channel(tmp_path / "channel", "{" if broken else spec), machine.envs / "stats", ["r-base"])
    (prefix / "conda-meta" / "history").write_text("==> 2020-01-01 00:00:00 <==\n")
    before = tree_of(prefix)
    service.catalog.refresh()
    found = service.catalog.get(prefix_id(str(prefix)))
    assert service.shown(found, {})["actions"] == [INSTALL]
    with pytest.raises(Conflict):
        service.attach(found.id, overlay=True)

    job = service.attach(found.id)
    assert isinstance(job, Job)
    job = finished(job)

    if broken:
        assert job.progress.error is not None
        assert job.progress.error["code"] == "verification-failed"
        assert tree_of(prefix) == before
    else:
        assert job.status is Status.SUCCEEDED, job.progress
        (kernel,) = service.shown(service.catalog.get(found.id), {})["kernels"]
        assert (kernel["name"], kernel["language"]) == ("stats", "R")
