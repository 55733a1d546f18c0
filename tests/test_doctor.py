from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.checks import Check
from jupyter_envlink.doctor import Report
from jupyter_envlink.errors import InvalidRequest, NotFound
from jupyter_envlink.service import Envlink

from . import contract
from .channel import Channel
from .conftest import Machine
from .prefixes import look_alike, real, shell_alike
from .writing import tree_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Python")
GARBAGE = "{ garbage"


def _report(service: Envlink, name: str) -> Report:
    service.catalog.refresh()
    (report,) = [each for each in service.doctor.everything().environments if each.name == name]
    return report


def _checks(report: Report, code: str) -> list[Check]:
    return [check for check in report.checks if check.code == code]


def _check(report: Report, code: str) -> Check:
    (check,) = _checks(report, code)
    return check


def _explained(service: Envlink, path: Path | str) -> Report:
    service.catalog.refresh()
    (report,) = service.doctor.path(str(path)).environments
    return report


# what is right


def test_one_that_is_all_right(service: Envlink, machine: Machine, channel: Channel) -> None:
    prefix = real(channel.conda_forge, machine.envs / "finance", ["python=3.11", "ipykernel"])
    service.catalog.refresh()
    service.register()
    report = _report(service, "finance")
    assert report.ok, [check for check in report.checks if check.ok is False]
    assert (report.kind, report.state, report.problem) == ("conda", "ready", None)
    assert f"in {machine.envs} (envs_dirs of {machine.condarc})" in _check(report, "found").text
    assert f"{prefix}/bin/python -> python3.11" in _check(report, "python").text
    assert f"{prefix}/share/jupyter/kernels/python3/kernel.json is valid" in _check(report, "kernel-file").text
    assert "is the kernel finance" in _check(report, "name").text
    assert "conda-env-finance-py" in _check(report, "name").text
    assert str(machine.data / "kernels" / "finance") in _check(report, "registered").text
    assert {check.ok for check in report.checks} == {True}


@posix
def test_nothing_is_run_and_nothing_is_written(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    prefix = look_alike(machine.envs / "finance")
    (prefix / "bin" / "python").write_text(f"#!/bin/sh\ntouch '{tmp_path}/was-run'\n")
    script = prefix / "etc/conda/activate.d/a.sh"
    script.parent.mkdir(parents=True)
    script.write_text(f"touch '{tmp_path}/was-run'\n")
    service.catalog.refresh()
    before = tree_of(tmp_path)
    found = service.doctor.everything()
    service.doctor.path(str(prefix))
    assert tree_of(tmp_path) == before
    service.doctor.tried(found)
    assert (tmp_path / "was-run").exists()


def test_the_answer_is_what_the_contract_says(service: Envlink, machine: Machine) -> None:
    look_alike(machine.envs / "finance")
    look_alike(machine.envs / "broken", GARBAGE)
    service.catalog.refresh()
    for answer in (service.diagnose(), service.diagnose(path=str(machine.envs)), service.diagnose(path="/nowhere")):
        contract.validate(contract.component("Diagnosis"), json.loads(json.dumps(answer)))


# what is wrong


def test_without_a_kernel_the_reason_and_the_remedy(service: Envlink, machine: Machine) -> None:
    shutil.rmtree(look_alike(machine.envs / "bare") / "share")
    report = _report(service, "bare")
    state = _check(report, "state")
    assert (state.ok, report.state) == (None, "no-kernel")
    assert "no kernel" in state.text
    assert "ipykernel" in state.remedy
    assert report.problem is not None
    assert not _checks(report, "registered")


def test_each_kernel_file_is_named_with_its_fault(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "half")
    bad = prefix / "share/jupyter/kernels/other/kernel.json"
    bad.parent.mkdir()
    bad.write_text('{"argv": [], "display_name": "secret words", "language": "x"}')
    report = _report(service, "half")
    assert [(check.ok, str(bad) in check.text) for check in _checks(report, "kernel-file")] == [
        (True, False),
        (False, True),
    ]
    assert "secret words" not in json.dumps([check.text for check in report.checks if check.ok is False])
    assert not report.ok


@posix
@pytest.mark.parametrize("fault", ["dangling", "mode"])
def test_a_python_that_cannot_run(service: Envlink, machine: Machine, fault: str) -> None:
    prefix = look_alike(machine.envs / "finance")
    python = prefix / "bin" / "python"
    if fault == "mode":
        python.chmod(0o644)
    else:
        python.unlink()
        python.symlink_to("/gone/python3.11")
    report = _report(service, "finance")
    assert not report.ok
    said = " ".join(f"{check.text} {check.remedy}" for check in report.checks if check.ok is False)
    assert str(python) in said
    assert "chmod" in said if fault == "mode" else "leads nowhere" in said


@posix
def test_scripts_that_fail_are_told_with_what_they_said(service: Envlink, machine: Machine) -> None:
    script = look_alike(machine.envs / "finance") / "etc/conda/activate.d/a.sh"
    script.parent.mkdir(parents=True)
    script.write_text("echo no license found >&2\nexit 3\n")
    report = _report(service, "finance")
    assert _check(report, "activation").ok is None
    service.register()
    told = [_check(_report(each, "finance"), "activation") for each in (service, Envlink())]  # another process, too
    assert told[0] == told[1]
    assert told[0].ok is False
    assert "no license found" in told[0].text
    assert str(script.parent) in told[0].remedy
    script.write_text("export FOUND=1\n")
    service.catalog.refresh()
    service.register()
    assert _check(_report(service, "finance"), "activation").ok is True


# names


def test_why_it_has_not_its_plain_name(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    first = look_alike(machine.envs / "finance")
    service.catalog.refresh()
    service.menu.settle()
    second = look_alike(machine.home / ".conda" / "envs" / "finance")
    service.catalog.refresh()
    (report,) = service.doctor.path(str(second)).environments
    assert str(first) in _check(report, "name-taken").text
    (report,) = service.doctor.path(str(first)).environments
    assert not _checks(report, "name-taken")


def test_a_name_that_a_foreign_spec_bears(service: Envlink, machine: Machine) -> None:
    foreign = machine.data / "kernels" / "finance"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text('{"argv": ["x"], "display_name": "Mine", "language": "x"}')
    look_alike(machine.envs / "finance")
    look_alike(machine.envs / "python2")
    assert str(foreign) in _check(_report(service, "finance"), "name-taken").text
    assert "notebooks everywhere" in _check(_report(service, "python2"), "name-taken").text


# offered and registered


def test_what_the_person_has_said(service: Envlink, machine: Machine) -> None:
    look_alike(machine.envs / "finance")
    report = _report(service, "finance")
    assert _check(report, "attached").text == "It is in the menu of itself."
    assert report.id is not None
    service.attach(report.id)
    assert "You have attached" in _check(_report(service, "finance"), "attached").text
    service.detach(report.id)
    report = _report(service, "finance")
    assert _check(report, "attached").ok is None
    assert "jupyter envlink attach finance" in _check(report, "attached").remedy
    assert not _checks(report, "registered")


def test_how_it_stands_on_the_disk(service: Envlink, machine: Machine) -> None:
    shell_alike(machine.envs / "shell")
    spec = machine.data / "kernels" / "shell"
    assert "not there yet" in _check(_report(service, "shell"), "registered").text
    service.register()
    assert _check(_report(service, "shell"), "registered").ok is True
    spec.rename(machine.data / "kernels" / "away")
    spec.mkdir()
    check = _check(_report(service, "shell"), "registered")
    assert (check.ok, f"{spec} was not made by envlink" in check.text) == (False, True)
    service.registrar.register = "attached"
    assert _check(_report(service, "shell"), "registered").ok is None
    assert "jupyter envlink attach shell" in _check(_report(service, "shell"), "registered").remedy
    service.registrar.register = "none"
    assert "'none'" in _check(_report(service, "shell"), "registered").text


def test_where_nothing_can_be_written(service: Envlink, machine: Machine) -> None:
    shell_alike(machine.envs / "shell")
    machine.data.write_text("a file where the folder should be")
    assert _check(_report(service, "shell"), "registered").ok is False
    engine, common = service.doctor.everything().checks
    assert (engine.code, engine.ok) == ("engine", True)
    assert (common.code, common.ok, str(machine.data) in common.remedy) == ("registration", False, True)
    assert not service.doctor.everything().ok


# where was searched


def test_each_way_in_which_it_is_found(service: Envlink, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = look_alike(machine.home / "project" / "env")
    registry = machine.home / ".conda" / "environments.txt"
    registry.parent.mkdir()
    registry.write_text(f"# conda's\n/gone\n{elsewhere}\n")
    assert f"line 3 of {registry}" in _check(_report(service, "env"), "found").text
    monkeypatch.setenv("CONDA_PREFIX", str(elsewhere))
    assert "the variable CONDA_PREFIX" in _check(_report(service, "env"), "found").text
    service.catalog.extra_roots = [str(machine.home / "project")]
    assert "c.Catalog.extra_roots" in _check(_report(service, "env"), "found").text


def test_places_say_what_was_found_and_what_says_so(service: Envlink, machine: Machine) -> None:
    look_alike(machine.envs / "finance")
    service.catalog.extra_roots = [str(machine.home / "typo")]
    service.catalog.refresh()
    places = {place.path: place for place in service.doctor.everything().places}
    assert places[str(machine.envs)].environments == 1
    assert places[str(machine.envs)].source == f"envs_dirs of {machine.condarc}"
    missing = places[str(machine.home / "typo")]
    assert (missing.exists, missing.source) == (False, "c.Catalog.extra_roots")


def test_a_condarc_that_cannot_be_read_is_told(service: Envlink, machine: Machine) -> None:
    machine.condarc.write_text("envs_dirs: [unclosed\n")
    checks = service.doctor.everything().checks
    assert [str(machine.condarc) in check.text for check in checks if check.code == "condarc"] == [True]
    assert not service.doctor.everything().ok


# by path


def test_by_any_path_into_it(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    prefix = look_alike(machine.envs / "finance")
    (tmp_path / "link").symlink_to(prefix)
    for path in (prefix, f"{prefix}/", tmp_path / "link", prefix / "bin" / "python", prefix / "bin" / ".." / "."):
        assert _explained(service, path).prefix == str(prefix), path


@pytest.mark.parametrize("path", ["relative", "", "a\0b", "~\0"])
def test_what_is_no_absolute_path(service: Envlink, path: str) -> None:
    with pytest.raises(InvalidRequest):
        service.diagnose(path=path)


def test_both_at_once_and_an_unknown_id(service: Envlink) -> None:
    with pytest.raises(InvalidRequest):
        service.diagnose("0" * 12, "/")
    with pytest.raises(NotFound):
        service.diagnose("0" * 12)


def test_home_is_understood(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.home / ".conda" / "envs" / "mine")
    assert _explained(service, "~/.conda/envs/mine").prefix == str(prefix)


# deep


@posix
def test_what_only_running_shows(service: Envlink, machine: Machine, channel: Channel) -> None:
    prefix = real(channel.conda_forge, machine.envs / "finance", ["python=3.11", "ipykernel"])
    service.catalog.refresh()
    service.register()
    tried = service.doctor.tried(service.doctor.everything())
    (report,) = [each for each in tried.environments if each.name == "finance"]
    assert report.ok
    assert [check.ok for check in report.checks if check.code in ("python-starts", "kernel-imports")] == [True, True]
    (module,) = prefix.glob("lib/python3.11/site-packages/zmq/__init__.py")
    module.unlink()  # it is a link to the package's own file
    module.write_text("raise ImportError('libzmq.so.5: cannot open shared object file')\n")
    tried = service.doctor.tried(service.doctor.everything())
    (report,) = [each for each in tried.environments if each.name == "finance"]
    check = _check(report, "kernel-imports")
    assert check.ok is False
    assert check.text.endswith("ImportError: libzmq.so.5: cannot open shared object file")
    assert not report.ok


def test_a_folder_that_is_not_listed_is_not_tried(service: Envlink, tmp_path: Path) -> None:
    found = service.doctor.path(str(look_alike(tmp_path / "elsewhere" / "env")))
    assert service.doctor.tried(found) == found


def test_links_of_python_are_followed_to_an_end(service: Envlink, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "finance")
    python = prefix / "bin" / "python"
    python.rename(prefix / "bin" / "python3.11")
    os.symlink("python3.11", python)
    check = _check(_report(service, "finance"), "python")
    assert check.text == f"Python 3.11 is at {python} -> python3.11."


def test_data_of_others_is_data(service: Envlink, machine: Machine) -> None:
    content: dict[str, Any] = {"argv": ["sh"], "display_name": "<img src=x>", "language": "<b>"}
    look_alike(machine.envs / "odd", json.dumps(content))
    (check,) = _checks(_report(service, "odd"), "kernel-file")
    assert "<img src=x>, <b>" in check.text
