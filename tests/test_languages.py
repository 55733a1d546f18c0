"""A real server with JupyterLab's page answers in the language that is chosen there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Machine
from .prefixes import look_alike
from .server import Process

START = Callable[..., Process]
SETTING = "lab/api/settings/@jupyterlab/translation-extension:plugin"
GERMAN, CHINESE = "de_DE", "zh_CN"


@pytest.fixture
def server(server_process: START, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Process:
    """It begins in English, whatever this machine speaks."""
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return server_process(serves_page=True)


def choose(server: Process, language: str) -> None:
    """As the menu does: the setting is written, and the page, which loads anew, asks for its settings."""
    server.raw("PUT", SETTING, {"raw": json.dumps({"locale": language})})
    server("GET", "lab/api/settings")


@pytest.fixture
def kernelless(machine: Machine) -> str:
    """An environment with Python and no kernel."""
    prefix = look_alike(machine.envs / "bare")
    shutil.rmtree(prefix / "share")
    return str(prefix)


def refused(server: Process, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """The error that is answered."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        server(method, path, body)
    error: dict[str, Any] = json.loads(caught.value.read())
    return error


def problem(server: Process, prefix: str) -> dict[str, str]:
    listed = server("GET", "envlink/api/environments?refresh=1")["environments"]
    found: dict[str, str] = next(each["problem"] for each in listed if each["prefix"] == prefix)
    return found


def test_a_problem_is_told_in_the_language_of_the_page(server: Process, kernelless: str) -> None:
    english = problem(server, kernelless)
    assert english["message"] == f"{kernelless} has Python, but no kernel for Jupyter."
    choose(server, GERMAN)
    german = problem(server, kernelless)
    assert german == {
        "code": english["code"],
        "message": f"{kernelless} hat Python, aber keinen Kernel für Jupyter.",
        "remedy": "Installieren Sie einen Kernel hinein: das Paket ipykernel.",
    }
    choose(server, CHINESE)
    assert problem(server, kernelless)["message"] == f"{kernelless} 有 Python，但没有用于 Jupyter 的内核。"
    choose(server, "default")
    assert problem(server, kernelless) == english


def test_what_is_no_sentence_of_ours_stays_as_it_is(
    server: Process, kernelless: str, machine: Machine, tmp_path: Path
) -> None:
    prefix = str(look_alike(machine.envs / "bare{message}"))
    choose(server, "ja_JP")
    assert problem(server, kernelless)["message"] == f"{kernelless} has Python, but no kernel for Jupyter."
    choose(server, GERMAN)
    assert problem(server, prefix)["message"].startswith(f"{prefix} kann kein Kernel sein: ")
    error = refused(server, "GET", "envlink/api/doctor?path=here")
    assert (error["code"], error["message"]) == ("invalid-request", "'here' ist kein absoluter Pfad.")
    assert "'here' is no absolute path." in server.log
    argv = [sys.executable, "-m", "jupyter_envlink", "list", "--json"]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "de_DE.UTF-8"})
    assert "but no kernel for Jupyter" in said.stdout


def test_a_conflict_a_failed_job_and_a_finding_speak_the_language(server: Process, machine: Machine) -> None:
    """They come from other processes: the planner's by a pipe, a job's by its record."""
    choose(server, GERMAN)
    text = "name: absent\nchannels: [conda-forge]\ndependencies:\n  - nowhere-to-be-found\n"
    planned = server("POST", "envlink/api/plan", {"text": text, "name": "absent"})
    assert planned["conflict"]["code"] == "package-not-found"
    assert planned["conflict"]["message"].startswith("Kein Kanal hat nowhere-to-be-found. Gefragt: ")
    (cause,) = planned["conflict"]["details"]["causes"]
    assert cause["message"].startswith("Zeile 4 verlangt nowhere-to-be-found: die Kanäle haben für diese Plattform")
    job = server.ended(server("POST", "envlink/api/environments", {"text": text, "name": "absent"}))
    assert job["error"]["message"].startswith("Kein Kanal hat nowhere-to-be-found. Gefragt: ")
    assert set(job) == set(server("GET", f"envlink/api/jobs/{job['id']}"))

    checked = server("POST", "envlink/api/check", {"text": "dependencies: {}\n"})
    found = {each["code"]: each["message"] for each in checked["files"][0]["diagnostics"]}
    assert found["dependencies-not-a-list"] == (
        "Die Abhängigkeiten müssen eine Liste von Paketen sein, nicht eine Zuordnung."
    )
