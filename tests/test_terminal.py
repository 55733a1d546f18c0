"""A terminal of the server in which an environment is activated: a real server, a real shell."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_runtime_dir
from jupyter_server.auth import Authorizer

from jupyter_envlink import terminal
from jupyter_envlink.environment import State, prefix_id
from jupyter_envlink.errors import Conflict

from .conftest import Machine
from .prefixes import environment, look_alike
from .server import Api


class NoTerminals(Authorizer):
    """Lets everything be done but opening terminals."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "terminals"


@pytest.fixture
def how() -> str:
    """What is special about the server."""
    return ""


@pytest.fixture
def jp_server_config(how: str, machine: Machine) -> dict[str, Any]:
    known = look_alike(machine.envs / "known")
    (known / "conda-meta" / "state").write_text(json.dumps({"env_vars": {"SEED": "4'2"}}))
    options = {
        "jpserver_extensions": {"jupyter_envlink": True, "jupyter_server_terminals": how != "plain"},
        "terminado_settings": {"shell_command": [shutil.which("bash"), "--norc"]},
        "reraise_server_extension_failures": True,
    }
    if how == "refused":
        options["authorizer_class"] = NoTerminals
    return {"ServerApp": options}


@pytest.fixture
def known(machine: Machine) -> str:
    return prefix_id(str(machine.envs / "known"))


def started() -> list[Path]:
    """The folders of start files that are there."""
    return sorted(Path(jupyter_runtime_dir()).glob("envlink-terminal-*"))


async def test_a_terminal_is_activated(api: Api, known: str, machine: Machine, running: Any, jp_root_dir: Path) -> None:
    (jp_root_dir / "sub").mkdir()
    status, made = await api("POST", f"environments/{known}/terminal", {"cwd": "sub"})
    assert status == 200, made
    manager = running.web_app.settings["terminal_manager"]
    assert made["name"] in manager.terminals
    answer = machine.home / "answer"
    process = manager.terminals[made["name"]].ptyproc
    process.write(f'echo "$CONDA_PREFIX $SEED $PATH" > {answer}; pwd >> {answer}\n')
    deadline = time.monotonic() + 30
    while not answer.exists() or answer.read_text().count("\n") < 2:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    first, folder = answer.read_text().splitlines()
    assert first.startswith(f"{machine.envs}/known 4'2 {machine.envs}/known/bin:")
    assert folder.endswith(f"{jp_root_dir.name}/sub")
    await manager.terminate(made["name"], force=True)


async def test_a_folder_that_is_none_is_the_root(api: Api, known: str, running: Any) -> None:
    status, made = await api("POST", f"environments/{known}/terminal", {"cwd": "gone"})
    assert status == 200, made
    await running.web_app.settings["terminal_manager"].terminate(made["name"], force=True)


@pytest.mark.parametrize("body", [[], {"cwd": 1}, {"cmd": "rm"}])
async def test_a_body_of_nonsense(api: Api, known: str, body: Any) -> None:
    status, error = await api("POST", f"environments/{known}/terminal", body)
    assert status == 400, error
    assert started() == []


async def test_a_folder_outside_the_root_is_not_there(api: Api, known: str) -> None:
    status, _ = await api("POST", f"environments/{known}/terminal", {"cwd": "../../etc"})
    assert status == 404
    assert started() == []


@pytest.mark.parametrize("how", ["plain"])
async def test_a_server_without_terminals(api: Api, known: str) -> None:
    status, error = await api("POST", f"environments/{known}/terminal")
    assert (status, error["code"]) == (409, "no-terminals")
    assert "terminals_enabled" in error["remedy"]


@pytest.mark.parametrize("how", ["refused"])
async def test_who_may_open_no_terminal_gets_none(api: Api, known: str) -> None:
    status, _ = await api("POST", f"environments/{known}/terminal")
    assert status == 403
    assert started() == []


def test_what_is_being_made_is_refused() -> None:
    with pytest.raises(Conflict) as raised:
        terminal.refuse_unfinished(environment("/x", state=State.BUILDING))
    assert raised.value.code == "not-ready"


def test_start_files_that_were_left_are_swept(tmp_path: Path) -> None:
    old, new = tmp_path / "envlink-terminal-old", tmp_path / "envlink-terminal-new"
    for folder in (old, new, tmp_path / "other"):
        folder.mkdir()
    long_ago = time.time() - 10 * terminal.READ_WITHIN
    os.utime(old, (long_ago, long_ago))
    terminal.sweep(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["envlink-terminal-new", "other"]
