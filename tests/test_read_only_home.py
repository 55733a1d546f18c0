"""A person who may not write into their own Jupyter folder: a real server, and the command line, where rights bind."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient

from .channel import Channel
from .conftest import Machine
from .prefixes import real
from .server import Process
from .writing import bound_by_rights, tree_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="root gives up a power of Linux")


@pytest.fixture
def prefix(machine: Machine, channel: Channel) -> Iterator[Path]:
    """A real environment, whose person's data folder is read-only."""
    made = real(channel.conda_forge, machine.envs / "finance", ["python=3.11", "ipykernel"])
    machine.data.mkdir()
    machine.data.chmod(0o555)
    yield made
    machine.data.chmod(0o755)


@pytest.fixture
def server(prefix: Path, server_process: Callable[..., Process]) -> Process:
    return server_process(through=bound_by_rights)


def _environment(server: Process, prefix: Path) -> dict[str, Any]:
    found: list[dict[str, Any]] = server("GET", "envlink/api/environments")["environments"]
    return next(each for each in found if each["prefix"] == str(prefix))


def _value(connection: Path, expression: str) -> Any:
    """What ``expression`` is in a running kernel."""
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        reply = client.execute("", user_expressions={"it": expression}, reply=True, timeout=120)
        return ast.literal_eval(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])
    finally:
        client.stop_channels()


def test_kernels_are_listed_and_start_and_it_is_said_why_none_is_registered(
    server: Process, prefix: Path, machine: Machine, tmp_path: Path
) -> None:
    assert "finance" in server("GET", "api/kernelspecs")["kernelspecs"]
    kernel = server("POST", "api/kernels", {"name": "finance"})
    (connection,) = (tmp_path / "runtime").glob(f"kernel-{kernel['id']}.json")
    assert _value(connection, "__import__('sys').prefix") == str(prefix)

    problem = _environment(server, prefix)["registration_problem"]
    assert (problem["code"], str(machine.data) in problem["message"] + problem["remedy"]) == ("no-registration", True)
    assert server("GET", "envlink/api/info")["registration_problem"]["code"] == "no-registration"
    diagnosis = server("GET", "envlink/api/doctor")
    assert [check["ok"] for check in diagnosis["checks"] if check["code"] == "registration"] == [False]
    assert tree_of(machine.data) == {}


def test_the_log_says_so_once_and_nothing_breaks(server: Process, prefix: Path, machine: Machine) -> None:
    for _ in range(3):
        server("GET", "envlink/api/environments?refresh=1")
        (prefix / "conda-meta" / "state").write_text(json.dumps({"env_vars": {"A": str(time.time())}}))
    time.sleep(2)
    assert server.log.count("are not registered on the disk") == 1
    assert server.log.count("links.json") == 1
    assert "Traceback" not in server.log
    with pytest.raises(urllib.error.HTTPError) as refused:
        server("DELETE", f"envlink/api/environments/{_environment(server, prefix)['id']}/kernel")
    assert refused.value.code == 507
    refused.value.close()
    assert "Traceback" not in server.log
    server.stop()
    assert "Traceback" not in server.log


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    argv = bound_by_rights([sys.executable, "-m", "jupyter_envlink", *words])
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_line_says_so_too(prefix: Path, machine: Machine) -> None:
    listed = _run("list")
    assert listed.returncode == 0, listed.stderr
    assert str(prefix) in listed.stdout
    assert listed.stdout.count("not registered on the disk") == 1
    asked = _run("doctor", "finance")
    assert asked.returncode == 1
    assert f"Make {machine.data} writable" in asked.stdout
    assert "Traceback" not in listed.stderr + asked.stderr
    assert _run("attach", "finance").returncode == 1
    assert _run("clean", "--yes").returncode == 0
    assert tree_of(machine.data) == {}
