from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.cli import main, parser
from jupyter_envlink.cli.follow import state
from jupyter_envlink.environment import prefix_id
from jupyter_envlink.job_follower import JobFollower
from jupyter_envlink.jobs.record import Job, Progress, Status, now
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.journal import Entry, staging_path
from jupyter_envlink.request import Operation, Request

from . import contract
from .channel import Channel
from .channel.server import FaultServer
from .conftest import Machine
from .prefixes import look_alike, real, shell_alike
from .test_survey import HungFolder
from .wheels import venv
from .writing import litter, tree_of

SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the commands are typed: an empty folder on the test's machine."""
    made = tmp_path / "project"
    made.mkdir()
    monkeypatch.chdir(made)
    with open(os.devnull) as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        yield made


def _answer(capsys: Captured, *words: str, status: int = 0) -> Any:
    """What a command says in JSON; nothing else may stand on its output."""
    assert main([*words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def _run(*words: str | Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jupyter_envlink", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, **{**pipes, **options})


def _created(folder: Path, text: str = SMALL) -> None:
    (folder / "environment.yml").write_text(text)
    assert main(["create"]) == 0


# list


def test_list_of_nothing_says_what_to_do(capsys: Captured) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert "create" in said or "NAME" in said  # the server's own environment may be a conda one


def test_list_says_which_folders_do_not_answer(
    capsys: Captured, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time nothing is known of such a folder; later there is what an earlier command has seen there."""
    look_alike(machine.envs / "far-env")
    hung = HungFolder(machine.envs, monkeypatch)
    monkeypatch.setattr(Catalog.patience_seconds, "default_value", 0.1)

    def listed() -> tuple[list[str], Any]:
        found = _answer(capsys, "list")
        contract.check("GET", "/environments", 200, found)
        return [each["name"] for each in found["environments"]], found["stale"]

    hung.hang()
    assert ("far-env" not in listed()[0], listed()[1]) == (True, [{"folder": str(machine.envs), "age": None}])
    assert main(["list"]) == 0
    assert f"{machine.envs} does not answer: what is in it is not known." in capsys.readouterr().out
    hung.answer()
    time.sleep(0.3)
    names, stale = listed()
    assert "far-env" in names
    assert stale == []


def test_list(capsys: Captured, machine: Machine) -> None:
    look_alike(machine.envs / "ready")
    (machine.envs / "bare" / "conda-meta").mkdir(parents=True)
    (machine.envs / "bare" / "conda-meta" / "history").touch()
    listed = _answer(capsys, "list")["environments"]
    contract.validate({"type": "array", "items": contract.component("Environment")}, listed)
    by_name = {each["name"]: each for each in listed}
    assert by_name["ready"]["state"] == "ready"
    assert by_name["bare"]["problem"]["remedy"]
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert by_name["bare"]["problem"]["message"] in text
    assert str(machine.envs / "ready") in text


# create


def test_create_takes_the_file_of_the_folder(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yaml").write_text(SMALL)
    done = _answer(capsys, "create")
    contract.validate(contract.component("Job"), done)
    contract.validate(contract.component("Environment"), done["environment"])
    assert done["status"] == "succeeded"
    assert (
        (machine.envs / "small" / "share" / "envlink" / "prefix.txt")
        .read_text()
        .startswith(f"prefix={machine.envs / 'small'}\n")
    )


def test_create_shows_its_phases_where_no_terminal_is(capsys: Captured, folder: Path) -> None:
    _created(folder)
    said = capsys.readouterr()
    assert "ready at" in said.out
    assert "\x1b" not in said.err
    assert "solving" in said.err or "installing" in said.err


def test_a_job_that_ends_after_it_was_looked_at_is_told_as_what_it_made(
    capsys: Captured, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = JobFollower.tick

    def and_then_it_ends(self: JobFollower) -> None:
        look(self)
        deadline = time.monotonic() + 30
        while not all(job.status.final for job in self._queue.store.all()):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    monkeypatch.setattr(JobFollower, "tick", and_then_it_ends)
    _created(folder)
    assert "small is ready at" in capsys.readouterr().out


def test_create_under_another_name(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "anyfilename.yaml").write_text(SMALL)
    assert main(["create", "-f", "anyfilename.yaml", "-n", "other"]) == 0
    assert (machine.envs / "other" / "conda-meta").is_dir()


def test_create_without_a_file(capsys: Captured) -> None:
    assert main(["create"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "no environment.yml in this folder" in said.err
    assert "-f FILE" in said.err
    assert _answer(capsys, "create", status=1)["error"]["code"] == "not-found"


@pytest.mark.parametrize("name", ["conda-lock.yml", "pixi.lock", "pylock.toml", "requirements.txt", "pyproject.toml"])
def test_create_without_a_file_names_one_that_it_could_take(capsys: Captured, folder: Path, name: str) -> None:
    (folder / "environment.yml").unlink(missing_ok=True)
    (folder / name).touch()
    assert main(["create"]) == 1
    assert f"create -f {name}" in capsys.readouterr().err


def test_create_of_a_file_that_is_not_there(capsys: Captured) -> None:
    error = _answer(capsys, "create", "-f", "missing.yml", status=1)["error"]
    contract.validate(contract.component("Error"), error)
    assert "missing.yml" in error["message"]


def test_create_that_fails_says_where_the_log_is(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yml").write_text(SMALL.replace("envlink-text-prefix", "no-such-package"))
    assert main(["create"]) == 1
    said = capsys.readouterr()
    assert "no-such-package" in said.err
    assert "jupyter envlink jobs " in said.err
    assert _answer(capsys, "create", status=1)["error"]["code"] == "package-not-found"
    assert not (machine.envs / "small").exists()


def test_a_dry_run_makes_nothing(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yml").write_text(SMALL)
    contract.validate(contract.component("Plan"), _answer(capsys, "create", "--dry-run"))
    assert main(["create", "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert "Changes   1 to install" in text
    assert "envlink-text-prefix  1.0" in text
    assert not (machine.envs / "small").exists()
    (folder / "environment.yml").write_text(SMALL.replace("envlink-text-prefix", "no-such-package"))
    assert _answer(capsys, "create", "--dry-run", status=1)["conflict"]["code"] == "package-not-found"


def test_an_interrupt_leaves_nothing(
    folder: Path, machine: Machine, channel: Channel, fault_server: FaultServer
) -> None:
    fault_server.slow("*/envlink-slow-*", 200_000)
    text = f"name: slow\nchannels: ['{fault_server.url}/conda-forge', nodefaults]\ndependencies: [envlink-slow]\n"
    (folder / "environment.yml").write_text(text)
    process = _run("create", cwd=folder, env={**os.environ, "RATTLER_CACHE_DIR": str(machine.home / "cache")})
    deadline = time.monotonic() + 30
    while not any("envlink-slow" in request.path for request in fault_server.requests):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "Interrupted" in said
    assert not (machine.envs / "slow").exists()
    assert not list((machine.envs / ".envlink").glob("staging/*"))
    assert not list((machine.envs / ".envlink").glob("journal/*"))
    (job,) = JobStore(machine.data / "envlink" / "jobs").all()
    assert job.status.value == "cancelled"


def _command_modules() -> list[str]:
    (commands,) = (each for each in parser()._actions if isinstance(each.choices, dict))
    found = (each.get_default("command") for each in (commands.choices or {}).values())
    return sorted({command.partition(":")[0] for command in found})


@pytest.mark.parametrize("module", _command_modules())
def test_each_command_can_be_the_first_that_is_imported(module: str) -> None:
    """In a process of its own: what another command has imported hides a circle."""
    code = f"import importlib; importlib.import_module('jupyter_envlink.cli.{module}')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


# update


def test_an_update_tried_dry_changes_nothing(capsys: Captured, folder: Path, machine: Machine) -> None:
    _created(folder)
    before = tree_of(machine.envs / "small")
    (folder / "environment.yml").write_text(SMALL.replace("envlink-text-prefix", "envlink-binary-prefix"))
    capsys.readouterr()
    plan = _answer(capsys, "update", "--dry-run")
    contract.validate(contract.component("Plan"), plan)
    assert (plan["operation"], plan["name"]) == ("update", "small")
    assert [each["name"] for each in plan["solution"]["changes"]["install"]] == ["envlink-binary-prefix"]
    assert main(["update", "small", "--prune", "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert "1 to install, 1 to remove" in text
    assert re.search(r"remove +envlink-text-prefix +1\.0", text)
    assert tree_of(machine.envs / "small") == before


def test_an_update_is_made_listed_and_rolled_back(capsys: Captured, folder: Path, machine: Machine) -> None:
    _created(folder)
    before = [path.name for path in (machine.envs / "small" / "conda-meta").glob("*.json")]
    (folder / "environment.yml").write_text(SMALL.replace("envlink-text-prefix", "envlink-binary-prefix"))
    capsys.readouterr()

    job = _answer(capsys, "update", "--prune")
    assert (job["operation"], job["status"], job["result"]["changed"]) == ("update", "succeeded", True)
    (kept,) = _answer(capsys, "generations", "small")["generations"]
    assert [each["name"] for each in kept["changes"]["remove"]] == ["envlink-binary-prefix"]
    assert main(["generations", "-n", "small"]) == 0
    assert "1 to install, 1 to remove" in capsys.readouterr().out

    assert _answer(capsys, "rollback", "small", "--to", "7", status=1)["error"]["code"] == "no-generation"
    assert _answer(capsys, "rollback", "small")["operation"] == "roll-back"
    assert sorted(path.name for path in (machine.envs / "small" / "conda-meta").glob("*.json")) == sorted(before)
    assert len(_answer(capsys, "generations", "small")["generations"]) == 2


def test_an_environment_that_was_never_changed_has_nothing_to_go_back_to(capsys: Captured, folder: Path) -> None:
    _created(folder)
    capsys.readouterr()
    assert _answer(capsys, "rollback", "small", status=1)["error"]["code"] == "no-generation"
    assert main(["generations", "small"]) == 0
    assert capsys.readouterr().out == "No earlier state of small is kept.\n"


def test_an_update_needs_to_know_of_what(capsys: Captured, folder: Path) -> None:
    (folder / "environment.yml").write_text(SMALL.partition("\n")[2])
    assert _answer(capsys, "update", "--dry-run", status=1)["error"]["code"] == "invalid-request"
    assert _answer(capsys, "update", "nowhere", "--dry-run", status=1)["error"]["code"] == "not-found"


# remove, attach, detach


def test_remove_asks_a_terminal_only(capsys: Captured, folder: Path, machine: Machine) -> None:
    _created(folder)
    assert main(["remove", "small"]) == 1
    said = capsys.readouterr()
    assert "--yes" in said.err
    assert (machine.envs / "small").is_dir()
    assert _answer(capsys, "remove", "small", status=1)["error"]["code"] == "not-confirmed"
    done = _answer(capsys, "remove", "-n", "small", "--yes")
    contract.validate(contract.component("Job"), done)
    assert not (machine.envs / "small").exists()


@pytest.mark.parametrize("command", ["remove", "attach", "detach"])
def test_which_environment(capsys: Captured, machine: Machine, tmp_path: Path, command: str) -> None:
    twins = [look_alike(tmp_path / "home" / ".conda" / "envs" / "twin"), look_alike(machine.envs / "twin")]
    assert main([command, "nobody"]) == 1
    assert "no environment 'nobody'" in capsys.readouterr().err
    assert main([command]) == 1
    assert "No environment is named" in capsys.readouterr().err
    assert main([command, "twin"]) == 1
    said = capsys.readouterr().err
    assert all(str(twin) in said for twin in twins)
    assert all(twin.is_dir() for twin in twins)


def test_by_path_and_by_id(capsys: Captured, machine: Machine) -> None:
    prefix = look_alike(machine.envs / "named")
    for words in ([str(prefix)], [prefix_id(str(prefix))], ["-n", "named"]):
        shown = _answer(capsys, "detach", *words)
        contract.validate(contract.component("Environment"), shown)
        assert (shown["prefix"], shown["attached"]) == (str(prefix), False)
        assert _answer(capsys, "attach", *words)["attached"] is True


def test_attach_of_what_can_have_no_kernel(capsys: Captured, machine: Machine, channel: Channel) -> None:
    real(channel.conda_forge, machine.envs / "bare", ["envlink-text-prefix"])
    assert _answer(capsys, "attach", "bare", status=1)["error"]["code"] == "not-ready"


@pytest.mark.usefixtures("index")
def test_attach_with_an_overlay(capsys: Captured, machine: Machine) -> None:
    prefix = venv(machine.home / ".virtualenvs" / "sandbox")
    before = tree_of(prefix)

    done = _answer(capsys, "attach", "sandbox", "--overlay")

    assert (done["operation"], done["status"], done["environment"]["overlay"]) == ("overlay", "succeeded", True)
    assert done["environment"]["registered"] is True
    left = _answer(capsys, "detach", "sandbox")
    assert (left["state"], left["overlay"]) == ("no-kernel", False)
    assert tree_of(prefix) == before


def test_the_base_is_not_removed(capsys: Captured, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    base = look_alike(machine.home / "miniforge3")
    (base / "condabin").mkdir()
    (base / "condabin" / "conda").touch()
    monkeypatch.setenv("MAMBA_ROOT_PREFIX", str(base))
    error = _answer(capsys, "remove", str(base), "--yes", status=1)["error"]
    assert error["code"] == "not-allowed"
    assert base.is_dir()


# set


def test_set(capsys: Captured, machine: Machine) -> None:
    look_alike(machine.envs / "finance")
    shown = _answer(capsys, "set", "finance", "--title", "Books", "--hide", "--variable", "A=b=$c", "--variable=B=")
    contract.validate(contract.component("Environment"), shown)
    assert (shown["title"], shown["hidden"], shown["variables"]) == ("Books", True, {"A": "b=$c", "B": ""})
    assert shown["kernels"][0]["display_name"] == "Books"
    assert main(["list"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("finance"))
    assert "hidden" in row

    assert main(["set", "finance", "--show", "--unset", "B"]) == 0
    said = capsys.readouterr().out
    assert "A=b=$c" in said
    assert "Books" in said
    assert "hidden" not in said
    assert _answer(capsys, "set", "-n", "finance", "--no-title")["title"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "invalid-request"),
        (["--variable", "A"], "invalid-request"),
        (["--variable", "PATH=/x"], "invalid-kernel-settings"),
        (["--variable", "=x"], "invalid-kernel-settings"),
        (["--title", " "], "invalid-kernel-settings"),
    ],
)
def test_what_cannot_be_set(capsys: Captured, machine: Machine, words: list[str], code: str) -> None:
    look_alike(machine.envs / "finance")
    assert _answer(capsys, "set", "finance", *words, status=1)["error"]["code"] == code


# doctor


def test_doctor_of_all(capsys: Captured, machine: Machine) -> None:
    look_alike(machine.envs / "broken", "{")
    look_alike(machine.envs / "ready")
    answer = _answer(capsys, "doctor", status=1)
    contract.validate(contract.component("Diagnosis"), answer)
    assert {"broken", "ready"} <= {each["name"] for each in answer["environments"]}
    assert main(["doctor"]) == 1
    text = capsys.readouterr().out
    assert "is not JSON" in text
    assert f"{machine.envs}: 2 found; envs_dirs of {machine.condarc}" in text


@pytest.mark.parametrize("word", ["finance", "conda-env-finance-py", "{prefix}", "{id}", "{prefix}/bin/python"])
def test_doctor_of_one_by_every_word_for_it(capsys: Captured, machine: Machine, word: str) -> None:
    prefix = look_alike(machine.envs / "finance")
    look_alike(machine.envs / "other")
    wanted = word.format(prefix=prefix, id=prefix_id(str(prefix)))
    (report,) = _answer(capsys, "doctor", wanted, status=1)["environments"]  # it is not registered yet
    assert report["prefix"] == str(prefix)
    assert main(["doctor", wanted]) == 1
    assert "is the kernel finance" in capsys.readouterr().out


def test_doctor_says_why_a_folder_is_not_listed(capsys: Captured, folder: Path) -> None:
    deep = folder / "too" / "deep" / "for" / "the" / "search"
    look_alike(deep / "env")
    assert main(["doctor", str(deep / "env")]) == 1
    assert f"Add {deep} to c.Catalog.extra_roots" in capsys.readouterr().out
    assert _answer(capsys, "doctor", "./nothing", status=1)["environments"][0]["problem"]["code"] == "not-there"
    assert _answer(capsys, "doctor", "nothing", status=1)["error"]["code"] == "not-found"


def test_doctor_ends_with_0_where_nothing_is_wrong(capsys: Captured, machine: Machine, channel: Channel) -> None:
    real(channel.conda_forge, machine.envs / "finance", ["python=3.11", "ipykernel"])
    assert main(["attach", "finance"]) == 0
    capsys.readouterr()
    (report,) = _answer(capsys, "doctor", "finance", "--deep")["environments"]
    assert report["ok"]
    assert {"python-starts", "kernel-imports"} <= {check["code"] for check in report["checks"]}


def test_a_name_that_speaks_to_the_terminal_does_not(capsys: Captured, machine: Machine) -> None:
    kernel = {"argv": ["sh"], "display_name": "\x1b]0;owned\x07", "language": "x"}
    look_alike(machine.envs / "odd", json.dumps(kernel))
    main(["doctor", "odd"])
    said = capsys.readouterr().out
    assert "\\x1b]0;owned" in said
    assert "\x1b" not in said


# clean, unregister


def _registered(machine: Machine, *names: str) -> list[str]:
    """Environments with their specs; what lies in the folder of specs."""
    for name in names:
        shell_alike(machine.envs / name)
        assert main(["attach", name]) == 0
    return sorted(os.listdir(machine.data / "kernels"))


def test_clean_shows_first_and_removes_with_yes(capsys: Captured, machine: Machine) -> None:
    before = _registered(machine, "one", "two")
    assert main(["clean"]) == 0
    assert "nothing to remove" in capsys.readouterr().out
    shutil.rmtree(machine.envs / "one")
    spec = machine.data / "kernels" / "one"
    assert main(["clean"]) == 0
    assert f"{spec}: its environment {machine.envs / 'one'} is gone." in capsys.readouterr().out
    answer = _answer(capsys, "clean")
    assert ([each["path"] for each in answer["leftovers"]], answer["removed"]) == ([str(spec)], [])
    assert spec.exists()
    assert [each["path"] for each in _answer(capsys, "clean", "--yes")["removed"]] == [str(spec)]
    assert set(before) - set(os.listdir(spec.parent)) == {"one"}


def test_clean_says_what_it_could_not_remove(capsys: Captured, machine: Machine) -> None:
    _registered(machine, "one")
    shutil.rmtree(machine.envs / "one")
    (machine.data / "envlink" / "registration.lock").unlink()
    (machine.data / "envlink" / "registration.lock").mkdir()
    assert main(["clean", "--yes"]) == 1
    assert f"Kept {machine.data / 'kernels' / 'one'}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--all"], ["one"]])
def test_unregister_asks_a_terminal_only(capsys: Captured, machine: Machine, words: list[str]) -> None:
    before = _registered(machine, "one", "two")
    capsys.readouterr()
    assert main(["unregister", *words]) == 1
    assert "--yes" in capsys.readouterr().err
    assert _answer(capsys, "unregister", *words, status=1)["error"]["code"] == "not-confirmed"
    assert sorted(os.listdir(machine.data / "kernels")) == before


@pytest.mark.parametrize("word", ["one", "{prefix}", "{id}"])
def test_unregister_one_by_every_word_for_it(capsys: Captured, machine: Machine, word: str) -> None:
    before, prefix = _registered(machine, "one", "two"), str(machine.envs / "one")
    capsys.readouterr()
    answer = _answer(capsys, "unregister", word.format(prefix=prefix, id=prefix_id(prefix)), "--yes")
    assert answer["removed"] == ["one"]
    assert set(before) - set(os.listdir(machine.data / "kernels")) == {"one"}


def test_unregister_all_says_what_stays_and_what_comes_back(capsys: Captured, machine: Machine) -> None:
    count = len(_registered(machine, "one", "two"))
    capsys.readouterr()
    assert main(["unregister", "--all", "--yes"]) == 0
    said = capsys.readouterr().out
    assert f"{count} kernel specs were removed" in said
    assert f"Kept, as it is yours: {machine.data / 'envlink' / 'links.json'}" in said  # both were attached
    assert "c.Registrar.register is 'all'" in said
    assert not (machine.data / "kernels").exists()


def test_unregister_of_what_is_not_ours(capsys: Captured, machine: Machine) -> None:
    foreign = machine.data / "kernels" / "mine" / "kernel.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text('{"argv": ["x"], "display_name": "Mine", "language": "x"}')
    assert _answer(capsys, "unregister", "mine", "--yes", status=1)["error"]["code"] == "not-allowed"
    assert _answer(capsys, "unregister", "nobody", "--yes", status=1)["error"]["code"] == "not-found"
    assert _answer(capsys, "unregister", "../kernels", "--yes", status=1)["error"]["code"] in (
        "not-found",
        "not-allowed",
    )
    assert _answer(capsys, "unregister", "--yes", status=1)["error"]["code"] == "invalid-request"
    assert _answer(capsys, "unregister", "x", "--all", "--yes", status=1)["error"]["code"] == "invalid-request"
    assert foreign.exists()


# check, jobs


def test_check(capsys: Captured, folder: Path) -> None:
    (folder / "good.yml").write_text(SMALL)
    (folder / "bad.yml").write_text("name: x\ndependencies:\n  - python: 3.8\n")
    assert main(["check", "good.yml"]) == 0
    assert "good.yml: ok" in capsys.readouterr().out
    assert main(["check", "good.yml", "bad.yml"]) == 1
    assert "bad.yml:3:5: error:" in capsys.readouterr().out
    answer = _answer(capsys, "check", "good.yml", "bad.yml", status=1)
    contract.validate({"type": "array", "items": contract.component("CheckedFile")}, answer["files"])
    assert [file["ok"] for file in answer["files"]] == [True, False]


def test_check_of_a_file_that_is_not_there(capsys: Captured) -> None:
    assert main(["check", "missing.yml"]) == 1
    said = capsys.readouterr().out
    assert "missing.yml: error: There is no file" in said
    assert "[unreadable]" in said


def test_jobs(capsys: Captured, folder: Path) -> None:
    assert main(["jobs"]) == 0
    assert capsys.readouterr().out == "There are no jobs.\n"
    _created(folder)
    capsys.readouterr()
    (job,) = _answer(capsys, "jobs")["jobs"]
    contract.validate(contract.component("Job"), job)
    shown = _answer(capsys, "jobs", job["id"])
    contract.validate(contract.component("Log")["$ref"] and {"type": "array", "minItems": 1}, shown["log"])
    assert main(["jobs", job["id"]]) == 0
    assert "succeeded" in capsys.readouterr().out
    assert _answer(capsys, "jobs", job["id"], "--cancel", status=1)["error"]["code"] == "finished"
    assert _answer(capsys, "jobs", "--cancel", status=1)["error"]["code"] == "invalid-request"
    assert _answer(capsys, "jobs", "../../etc", status=1)["error"]["code"] == "not-found"


def test_a_job_is_done_again(
    capsys: Captured, folder: Path, machine: Machine, fault_server: FaultServer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "empty cache"))
    fault_server.status("*.conda", 404)
    (folder / "environment.yml").write_text(SMALL.replace("conda-forge", f"{fault_server.url}/conda-forge"))
    assert _answer(capsys, "create", status=1)["status"] == "failed"
    (job,) = _answer(capsys, "jobs")["jobs"]
    fault_server.clear()

    done = _answer(capsys, "jobs", job["id"], "--retry")

    contract.validate(contract.component("Job"), done)
    assert (done["status"], done["name"]) == ("succeeded", "small")
    assert done["id"] != job["id"]
    assert (machine.envs / "small").is_dir()
    assert _answer(capsys, "jobs", "--retry", status=1)["error"]["code"] == "invalid-request"


def test_progress_says_how_much_has_arrived() -> None:
    asked = Request("1", Operation.CREATE, "demo", "/envs/demo", "/envs", "")
    arriving = Progress(Status.RUNNING, "downloading", 12.0, {"done": 1_500_000, "total": 12_000_000}, "python\nmore")

    assert state(Job(asked, arriving)) == "downloading: 1.5 of 12.0 MB, python"
    assert state(Job(asked, Progress())) == "queued: "


def test_what_was_created_with_a_secret_is_not_created_again_without_it(
    capsys: Captured, folder: Path, fault_server: FaultServer
) -> None:
    url = fault_server.url.replace("http://", "http://me:hunter2@")
    _created(folder, SMALL.replace("conda-forge", f"{url}/conda-forge"))
    capsys.readouterr()
    (job,) = _answer(capsys, "jobs")["jobs"]

    error = _answer(capsys, "jobs", job["id"], "--retry", status=1)["error"]

    assert error["code"] == "secret"


def test_recover_says_what_it_ended(capsys: Captured, folder: Path, machine: Machine) -> None:
    (folder / "environment.yml").write_text(SMALL)
    assert main(["recover"]) == 0
    assert capsys.readouterr().out == "Nothing was left unfinished.\n"
    machine.envs.mkdir()
    store = JobStore(machine.data / "envlink" / "jobs")
    job = store.create(Operation.CREATE, "half", str(machine.envs / "half"), str(machine.envs), {})
    store.update(job, status=Status.RUNNING, started=now())
    store.set_started(job.id, 2**22 + 1, 1.0)  # a process that there is not
    for each in (job.id, "20260101-000000-0000abcd"):  # the second one's record is gone
        entry = Entry(each, "create", job.request.prefix, staging_path(str(machine.envs), each, "half"), "staging")
        entry.write(str(machine.envs))
        shell_alike(Path(staging_path(str(machine.envs), each, "half")))

    done = _answer(capsys, "recover")

    assert [(each["id"], each["status"]) for each in done["jobs"]] == [(job.id, "interrupted")]
    contract.validate(contract.component("Job"), done["jobs"][0])
    assert done["problems"] == []
    assert litter(machine.envs) == []
    assert _answer(capsys, "recover") == {"jobs": [], "changes": [], "problems": []}


def test_recover_says_what_it_cannot_end(capsys: Captured, machine: Machine) -> None:
    """A change whose entry may not be deleted."""
    shell_alike(machine.envs / "other")
    entry = Entry("20260101-000000-0000abcd", "create", str(machine.envs / "new"), "", "staging")
    entry.write(str(machine.envs))
    (machine.envs / ".envlink" / "locks").write_text("in the way")

    done = _answer(capsys, "recover", status=1)

    assert [each["root"] for each in done["problems"]] == [str(machine.envs)]
    assert main(["recover"]) == 1
    assert str(machine.envs) in capsys.readouterr().out


# the command line itself


@pytest.mark.parametrize("words", [["nonsense"], ["create", "--nonsense"], ["check"], ["list", "extra"]])
def test_a_wrong_command_line(words: Sequence[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: jupyter envlink" in capsys.readouterr().err


def test_without_a_command_the_help(capsys: Captured) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    for command in ("list", "create", "remove", "attach", "detach", "check", "jobs"):
        assert command in said.out + said.err
    assert parser().format_help().startswith("usage: jupyter envlink")


def test_jupyter_knows_the_command() -> None:
    command = [sys.executable, "-m", "jupyter", "envlink", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "environments" in json.loads(done.stdout)


def test_a_reader_that_goes_away(machine: Machine) -> None:
    """``jupyter envlink list | head``: no traceback, and no complaint at the interpreter's end."""
    for number in range(300):
        (machine.envs / f"environment-{number:03}" / "conda-meta").mkdir(parents=True)
        (machine.envs / f"environment-{number:03}" / "conda-meta" / "history").touch()
    process = _run("list", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) in (1, 141)
    assert said == ""


def test_a_name_that_no_terminal_can_show(machine: Machine) -> None:
    """A file system holds any bytes; an ASCII terminal shows few of them. Both are listed all the same."""
    for name in (b"caf\xc3\xa9-\xe2\x98\x95", b"latin-\xe9", b"new\nline"):
        made = os.path.join(os.fsencode(machine.envs), name, b"conda-meta")
        os.makedirs(made)
        open(os.path.join(made, b"history"), "w").close()
    for environ in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "utf-8"}):
        for words in (["list"], ["list", "--json"]):
            process = _run(*words, env={**os.environ, **environ})
            out, said = process.communicate(timeout=60)
            assert process.returncode == 0, said
            assert "latin-" in out
            assert words == ["list"] or len(json.loads(out)["environments"]) >= 3


def test_the_servers_configuration_counts(capsys: Captured, tmp_path: Path, folder: Path, machine: Machine) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text("c.Policy.read_only = True\n")
    (folder / "environment.yml").write_text(SMALL)
    error = _answer(capsys, "create", status=1)["error"]
    assert error["code"] == "not-allowed"
    assert not (machine.envs / "small").exists()


# export


def test_export_to_the_output_and_to_a_file(capsys: Captured, folder: Path, machine: Machine) -> None:
    look_alike(machine.envs / "ready")
    done = _answer(capsys, "export", "ready", "--format", "yml-no-builds")
    contract.validate(contract.component("Export"), done)
    assert (done["format"], done["filename"]) == ("yml-no-builds", "environment.yml")
    assert main(["export", "ready", "--format", "yml-no-builds"]) == 0
    assert capsys.readouterr().out == done["text"]
    assert main(["export", "-n", "ready", "--format", "yml-no-builds", "-o", "written.yml"]) == 0
    assert capsys.readouterr().out == ""
    assert (folder / "written.yml").read_text() == done["text"]


def test_export_where_it_cannot_be(capsys: Captured, folder: Path, machine: Machine) -> None:
    look_alike(machine.envs / "ready")
    error = _answer(capsys, "export", "ready", "--format", "pylock", status=1)["error"]
    assert error["code"] == "format"
    assert error["details"]["formats"][0] == "yml"
    error = _answer(capsys, "export", "ready", "-o", "nowhere/environment.yml", status=1)["error"]
    assert "nowhere" in error["message"]


def test_pack_into_the_folder_and_to_a_name(capsys: Captured, folder: Path, machine: Machine, channel: Channel) -> None:
    prefix = real(channel.conda_forge, machine.envs / "small", ["envlink-text-prefix"])
    (prefix / "conda-meta" / "history").touch()
    done = _answer(capsys, "export", "small", "--format", "pack")
    contract.validate(contract.component("Job"), {key: done[key] for key in done.keys() - {"environment"}})
    assert [path.name for path in folder.iterdir()] == [Path(done["result"]["path"]).name]
    assert main(["export", "small", "--format", "pack", "-o", "other.zip"]) == 0
    captured = capsys.readouterr()
    assert str(folder / "other.zip") in captured.out
    assert "packing" in captured.err
    assert main(["export", "small", "--format", "pack", "-o", "other.zip"]) == 1
    assert "exists already" in capsys.readouterr().err
