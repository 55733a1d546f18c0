"""``check --fix``: shown, asked for, written; and what a program is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.cli import main
from tests import contract

Captured = pytest.CaptureFixture[str]

BROKEN = "name: e1\nchannels: [bioconda]\ndependencies:\n  - python: 3.12\n"
MENDED = "name: e1\nchannels: [bioconda]\ndependencies:\n  - python=3.12\n"
HOPELESS = "name: e1\nchannels: [bioconda]\ndependencies:\n  - npm: [left-pad]\n  - python: 3.12\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a.yml", BROKEN), ("b.yml", MENDED), ("c.yml", HOPELESS)):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path


def _answer(capsys: Captured, *words: str, status: int) -> list[dict[str, Any]]:
    assert main([*words, "--json"]) == status
    files: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def _at_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    return asked


@pytest.mark.parametrize(("said", "written", "status"), [("y", MENDED, 0), ("", BROKEN, 1), ("n", BROKEN, 1)])
def test_the_diff_is_shown_and_written_where_somebody_agrees(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, said: str, written: str, status: int
) -> None:
    asked = _at_terminal(monkeypatch, said)
    assert main(["check", "--fix", "a.yml", "b.yml"]) == status
    out = capsys.readouterr().out
    assert "-  - python: 3.12\n+  - python=3.12\n" in out
    assert asked == ["Write these changes to 1 file? [y/N] "]
    assert (folder / "a.yml").read_text(encoding="utf-8") == written


def test_where_nobody_can_be_asked_nothing_is_written(folder: Path, capsys: Captured) -> None:
    assert main(["check", "--fix", "a.yml"]) == 1
    said = capsys.readouterr()
    assert "+  - python=3.12" in said.out
    assert "Add --yes" in said.err
    assert (folder / "a.yml").read_text(encoding="utf-8") == BROKEN


def test_a_program_is_told_the_diff_and_nothing_is_written(folder: Path, capsys: Captured) -> None:
    a, b, c = _answer(capsys, "check", "--fix", "a.yml", "b.yml", "c.yml", status=1)
    contract.validate({"type": "array", "items": contract.component("CheckedFile")}, [a, b, c])
    assert a["diff"].splitlines()[-2:] == ["-  - python: 3.12", "+  - python=3.12"]
    assert [each["fixed"] for each in (a, b, c)] == [False, False, False]
    assert [each["ok"] for each in (a, b, c)] == [False, True, False]
    assert b["diff"] is None
    assert (folder / "a.yml").read_text(encoding="utf-8") == BROKEN


def test_with_yes_it_is_written_and_the_answer_is_about_what_is_there_now(folder: Path, capsys: Captured) -> None:
    a, b, c = _answer(capsys, "check", "--fix", "-y", "a.yml", "b.yml", "c.yml", status=1)
    assert [(each["fixed"], each["ok"]) for each in (a, b, c)] == [(True, True), (False, True), (True, False)]
    assert [each["code"] for each in c["diagnostics"]] == ["unknown-subsection"]
    assert (folder / "a.yml").read_text(encoding="utf-8") == MENDED
    assert _answer(capsys, "check", "--fix", "--yes", "a.yml", status=0)[0]["diff"] is None


def test_a_file_that_cannot_be_read_keeps_none_of_the_others_from_it(folder: Path, capsys: Captured) -> None:
    gone, a = _answer(capsys, "check", "--fix", "-y", "gone.yml", "a.yml", status=1)
    assert (gone["ok"], gone["fixed"], gone["diff"]) == (False, False, None)
    assert (a["ok"], a["fixed"]) == (True, True)


@pytest.mark.parametrize("words", [["check", "-y", "a.yml"], ["check", "--fix"]])
def test_a_wrong_command_line(folder: Path, words: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_200_files_in_one_call_by_the_module(folder: Path) -> None:
    names = [f"{number}.yml" for number in range(200)]
    for name in names:
        (folder / name).write_text(BROKEN, encoding="utf-8")
    command = [sys.executable, "-m", "jupyter_envlink", "check", "--fix", "--yes", "--json", *names]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    assert time.monotonic() - started < 60
    files = json.loads(done.stdout)["files"]
    assert [each["path"] for each in files] == names
    assert all(each["fixed"] and each["ok"] for each in files)
