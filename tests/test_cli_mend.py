from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.cli import main
from jupyter_envlink.verification import python_of

from . import contract
from .conftest import Machine
from .indexes import scientific, write_index

Captured = pytest.CaptureFixture[str]

WINDOWS = """\
name: analysis
channels:
  - conda-forge
dependencies:
  - ca-certificates=2024.2.2=h56e8100_0
  - comm=0.2.2=pyhd8ed1ab_1
  - ipykernel=7.4.0=pyh4bbf305_0
  - python=3.11.7=h2628c8c_0_cpython
  - tornado=6.6.1=py311haa95532_0
  - vc=14.3=hcf57466_18
  - pip=26.3=pyhd8ed1ab_0
"""
"""What ``conda env export`` writes on Windows, of packages of which the local channel has some."""


@pytest.fixture(autouse=True)
def folder(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the commands are typed; nobody sits there."""
    made = tmp_path / "project"
    made.mkdir()
    monkeypatch.chdir(made)
    with open(os.devnull) as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        yield made


def _clash(folder: Path) -> str:
    """A file whose lines do not go together, with the index that says so."""
    url = write_index(folder / "index", scientific())
    text = f"name: clash\nchannels: ['{url}', nodefaults]\ndependencies:\n  - python=3.12\n  - numpy=1.21  # old\n"
    (folder / "environment.yml").write_text(text)
    return text


def _answer(capsys: Captured, *words: str, status: int = 0) -> Any:
    assert main([*words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_shows_the_lines_and_what_can_be_done(capsys: Captured, folder: Path) -> None:
    _clash(folder)
    assert main(["create", "--dry-run"]) == 1
    said = capsys.readouterr().out
    assert (
        """\
environment.yml:5:5: error: Line 5 asks for numpy=1.21, which needs python >=3.7,<3.11; line 4 asks for python=3.12.
  5 |   - numpy=1.21  # old
    |     ^^^^^^^^^^
"""
        in said
    )
    assert "  1. relax-numpy: Take another numpy\n     In any version: numpy.\n" in said
    assert "--mend CODE" in said


def test_what_cannot_be_marked_is_said_without_a_line(capsys: Captured, folder: Path) -> None:
    text = _clash(folder).replace("3.12", "3.9").replace("numpy=1.21", "six")
    (folder / "environment.yml").write_text(text)
    assert main(["create", "--dry-run"]) == 1
    assert "environment.yml: error: envlink adds ipykernel, which needs python >=3.10" in capsys.readouterr().out


def test_mending_shows_the_diff_and_plans_from_it(capsys: Captured, folder: Path) -> None:
    text = _clash(folder)
    assert main(["create", "--dry-run", "--mend", "relax-numpy"]) == 0
    said = capsys.readouterr().out
    assert "-  - numpy=1.21  # old\n+  - numpy  # old\n" in said
    assert "Package   numpy\n" in said
    assert (folder / "environment.yml").read_text() == text


def test_a_mended_plan_in_json_is_all_that_is_printed(capsys: Captured, folder: Path) -> None:
    text = _clash(folder)
    plan = _answer(capsys, "create", "--dry-run", "--mend", "relax-python")
    contract.validate(contract.component("Plan"), plan)
    assert plan["conflict"] is None
    assert plan["text"] == text.replace("python=3.12", "python")


def test_remedies_follow_one_another(capsys: Captured, folder: Path) -> None:
    url = write_index(folder / "index", scientific())
    text = f"name: clash\nchannels: ['{url}', nodefaults]\ndependencies: [six=2, pandas=1.3.0, scipy=1.13.0]\n"
    (folder / "environment.yml").write_text(text)
    words = ("create", "--dry-run", "--mend", "relax-six")
    assert _answer(capsys, *words, status=1)["conflict"]["code"] == "conflict"
    assert _answer(capsys, *words, "--mend", "relax-scipy")["conda"] == ["six", "pandas=1.3.0", "scipy"]


@pytest.mark.parametrize("json_too", [True, False])
def test_what_is_not_offered_is_refused(capsys: Captured, folder: Path, json_too: bool) -> None:
    _clash(folder)
    assert main(["create", "--mend", "works-here", "--yes", *(["--json"] if json_too else [])]) == 1
    said = capsys.readouterr()
    assert "'works-here' is not what helps here" in said.err
    assert "relax-numpy, relax-python, relax-versions" in said.err


def test_nothing_is_to_be_mended(capsys: Captured, folder: Path) -> None:
    (folder / "environment.yml").write_text("name: fine\nchannels: [conda-forge]\ndependencies: [tabulate]\n")
    assert main(["create", "--mend", "relax-builds"]) == 1
    assert "the file can be solved" in capsys.readouterr().err


def test_nothing_is_made_of_a_changed_file_unasked(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yml").write_text(WINDOWS)
    assert main(["create", "--mend", "works-here"]) == 1
    assert "Add --yes." in capsys.readouterr().err
    assert not (machine.envs / "analysis").exists()


def test_an_export_from_windows_becomes_an_environment(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yml").write_text(WINDOWS)
    assert main(["create"]) == 1
    said = capsys.readouterr().err
    assert "environment.yml:10:5: error: Line 10 asks for vc=14.3=hcf57466_18: vc exists for Windows only." in said
    assert "jupyter envlink create --dry-run" in said
    done = _answer(capsys, "create", "--mend", "works-here", "--yes")
    assert done["status"] == "succeeded"
    assert [kernel["name"] for kernel in done["environment"]["kernels"]] == ["analysis"]
    python = python_of(str(machine.envs / "analysis"))
    asked = "import tornado, ipykernel; print(tornado.version)"
    assert subprocess.check_output([python, "-c", asked], text=True) == "6.6.1\n"
    assert (folder / "environment.yml").read_text() == WINDOWS


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made by POSIX")
def test_somebody_at_a_terminal_is_asked(folder: Path, machine: Machine) -> None:
    import pty

    (folder / "environment.yml").write_text(WINDOWS)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jupyter_envlink", "create", "--mend", "works-here"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, b"n\n")
    said = b""
    with contextlib.suppress(OSError):  # the end of a terminal that nobody writes to any more
        while part := os.read(ours, 4096):
            said += part
    os.close(ours)
    assert process.wait(30) == 1
    assert b"-  - vc=14.3=hcf57466_18" in said
    assert b"Go on with the changed file? [y/N]" in said
    assert not (machine.envs / "analysis").exists()


def test_an_update_is_mended_alike(capsys: Captured, folder: Path, machine: Machine) -> None:
    text = "name: held\nchannels: [conda-forge]\ndependencies:\n  - envlink-conflict-a\n"
    (folder / "environment.yml").write_text(text)
    _answer(capsys, "create")
    (folder / "environment.yml").write_text(text.replace("envlink-conflict-a", "tabulate=0.9"))
    plan = _answer(capsys, "update", "held", "--dry-run", status=1)
    assert [(cause["line"], cause["message"]) for cause in plan["conflict"]["details"]["causes"]] == [
        (4, "Line 4 asks for tabulate=0.9; the environment holds envlink-conflict-a, which needs tabulate <0.9."),
        (None, "the environment holds envlink-conflict-a, which needs tabulate <0.9; line 4 asks for tabulate=0.9."),
    ]
    mended = _answer(capsys, "update", "held", "--dry-run", "--mend", "relax-tabulate")
    assert (mended["conflict"], mended["conda"], mended["operation"]) == (None, ["tabulate"], "update")
    assert _answer(capsys, "update", "held", "--dry-run", "--prune")["conflict"] is None
