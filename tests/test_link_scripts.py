"""Packages' scripts run where policy allows it, at the environment's own place; else it is said whose were not run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink.engines.base import Package
from jupyter_envlink.errors import VerificationFailed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.link_scripts import after_linking, before_unlinking
from jupyter_envlink.operations import perform
from jupyter_envlink.request import Request
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from .channel.file import File
from .channel.package import Package as Built
from .conftest import Machine
from .writing import Listener, create_request, holding, nothing_left, tree_of, yml

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts below are a shell's")

PACKAGE = Package("loud", "2.1", "h_3", None, None)


def scripted(prefix: Path, action: str, text: str) -> Path:
    path = prefix / "bin" / f".loud-{action}.sh"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    meta = prefix / "conda-meta"
    meta.mkdir(exist_ok=True)
    (meta / "loud-2.1-h_3.json").write_text('{"build_number": 3}')
    return prefix


def asked(machine: Machine, text: str, allowed: bool) -> Request:
    made = create_request(machine.envs / "demo", text)
    return replace(made, options={**made.options, "link_scripts": allowed})


def create(machine: Machine, allowed: bool, *specs: str) -> Listener:
    said = Listener()
    perform(asked(machine, yml(*specs), allowed), said)
    return said


def test_a_script_is_not_run_and_named(machine: Machine) -> None:
    said = create(machine, False, "envlink-postlink")

    assert not (machine.envs / "demo" / "envlink-postlink.txt").exists()
    told = [line for line in said.lines if "post-link script" in line]
    assert len(told) == 1
    assert "envlink-postlink" in told[0]
    assert "Policy.link_scripts" in told[0]


def test_where_it_is_allowed_it_runs_at_the_environments_place(machine: Machine) -> None:
    said = create(machine, True, "envlink-postlink")

    assert (machine.envs / "demo" / "envlink-postlink.txt").read_text() == "envlink-postlink 1.0\n"
    assert "Running the post-link script of envlink-postlink." in said.lines
    assert holding(machine.envs / "demo", ".envlink/staging") == []


def test_policy_decides_for_every_job(machine: Machine, finished: Callable[[Job], Job], service: Envlink) -> None:
    written = machine.envs / "demo" / "envlink-postlink.txt"

    def source(*specs: str) -> Source:
        return Source(yml(*specs).encode(), "environment.yml", None)

    assert finished(service.life.create(source("envlink-postlink"), None)).status is Status.SUCCEEDED
    assert not written.exists()
    service.policy.link_scripts = True
    environment = service.catalog.snapshot.by_prefix[str(machine.envs / "demo")]
    assert finished(service.life.update(source("tabulate"), environment.id, False)).status is Status.SUCCEEDED
    assert not written.exists()  # that package has come before
    assert finished(service.life.update(source("tabulate"), environment.id, True)).status is Status.SUCCEEDED
    assert finished(service.life.update(source("envlink-postlink"), environment.id, False)).status is Status.SUCCEEDED
    assert written.read_text() == "envlink-postlink 1.0\n"
    before = tree_of(machine.envs / "demo")
    assert finished(service.life.update(source("tabulate"), environment.id, True)).status is Status.SUCCEEDED
    assert not written.exists()  # its own pre-unlink script has removed it
    assert before != tree_of(machine.envs / "demo")


def test_a_script_is_given_what_conda_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/server")
    monkeypatch.setenv("PIP_TARGET", "/server")
    text = (
        'echo "$PREFIX|$PKG_NAME|$PKG_VERSION|$PKG_BUILDNUM|$CONDA_PREFIX|${PATH%%:*}|$PYTHONPATH$PIP_TARGET"\n'
        'echo "to people" >> "$PREFIX/.messages.txt"\n'
    )
    prefix, said = scripted(tmp_path / "a b", "post-link", text), []
    after_linking(str(prefix), [PACKAGE], True, said.append)
    assert said[1:] == [f"{prefix}|loud|2.1|3|{prefix}|{prefix}/bin|", "to people"]
    assert not (prefix / ".messages.txt").exists()


def failing(folder: Path) -> str:
    """A channel with a package whose script fails."""
    from rattler.index import index_fs

    (folder / "noarch").mkdir(parents=True)
    script = File("bin/.sulky-post-link.sh", b"echo libfoo is missing; exit 3\n", 0o755)
    Built("sulky", "1.0", "h_0", (script,)).write(folder, "noarch")
    asyncio.run(index_fs(folder))
    return folder.as_uri()


def test_one_that_fails_undoes_the_installation(machine: Machine, tmp_path: Path) -> None:
    text = f"name: demo\nchannels: [{failing(tmp_path / 'channel')}, nodefaults]\ndependencies: [sulky]\n"
    with pytest.raises(VerificationFailed, match="exit code 3: libfoo is missing") as failed:
        perform(asked(machine, text, True), Listener())
    assert failed.value.code == "link-script"
    assert failed.value.remedy
    nothing_left(machine.envs)
    perform(asked(machine, text, False), Listener())


def test_one_that_fails_before_its_package_goes_is_told(tmp_path: Path) -> None:
    prefix, said = scripted(tmp_path, "pre-unlink", "exit 3\n"), []
    before_unlinking(str(prefix), [PACKAGE], True, said.append)
    assert any("exit code 3" in line for line in said)
    said.clear()
    before_unlinking(str(prefix), [PACKAGE], False, said.append)
    assert said == []
