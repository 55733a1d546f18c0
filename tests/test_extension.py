from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.extension.manager import ExtensionPoint
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from jupyter_envlink import _jupyter_server_extension_points, extension
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from .conftest import Machine
from .prefixes import look_alike
from .server import Api, Process

SMALL = "name: small\nchannels: [conda-forge]\ndependencies: [envlink-text-prefix]\n"
START = Callable[..., Process]


class OtherManager(KernelSpecManager):
    """Somebody's own."""


def test_the_link_hook_is_the_one_that_jupyter_server_calls() -> None:
    """The hook's name stands in no documentation of jupyter_server; without it no kernel of ours is listed."""
    (metadata,) = _jupyter_server_extension_points()
    assert ExtensionPoint(metadata=metadata)._get_linker() is extension._link_jupyter_server_extension
    point = ExtensionPoint(metadata=metadata)
    assert point._get_loader() is extension._load_jupyter_server_extension
    assert point._get_starter() is extension._start_jupyter_server_extension


def test_importing_the_extension_loads_nothing_heavy() -> None:
    code = (
        "import sys, jupyter_server.serverapp; before = set(sys.modules)\n"
        "import jupyter_envlink.extension; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["jupyter_envlink", "jupyter_envlink.extension"]


def test_loading_the_extension_needs_no_engine(tmp_path: Path) -> None:
    """rattler alone takes longer to import than everything else; it is wanted first when something is planned."""
    code = (
        "import sys, jupyter_server.serverapp; before = set(sys.modules)\n"
        "import jupyter_envlink.routes, jupyter_envlink.live, jupyter_envlink.manager, jupyter_envlink.service\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"rattler", "watchfiles", "uv"} & set(done.stdout.split())


# whose manager


@pytest.mark.parametrize(
    ("options", "manager"),
    [
        ({}, EnvlinkKernelSpecManager),
        ({"kernel_spec_manager_class": OtherManager}, OtherManager),
    ],
)
def test_link_stands_aside_for_a_configured_manager(options: dict[str, Any], manager: type) -> None:
    app = ServerApp(config=Config({"ServerApp": options}))
    extension._link_jupyter_server_extension(app)
    assert app.kernel_spec_manager_class is manager


def test_link_stands_aside_for_a_gateway() -> None:
    from jupyter_server.gateway.gateway_client import GatewayClient

    app = ServerApp(config=Config({"GatewayClient": {"url": "http://127.0.0.1:1"}}))
    GatewayClient.clear_instance()
    try:
        extension._link_jupyter_server_extension(app)
        app.gateway_config = GatewayClient.instance(parent=app)  # as ServerApp does later
        assert app.kernel_spec_manager_class.__name__ == "GatewayKernelSpecManager"
    finally:
        GatewayClient.clear_instance()


@pytest.fixture
def other_manager(jp_server_config: dict[str, Any]) -> None:
    jp_server_config["ServerApp"]["kernel_spec_manager_class"] = OtherManager


async def test_the_panel_works_beside_another_manager(
    other_manager: None, running: Any, api: Api, machine: Machine, jp_fetch: Any
) -> None:
    assert isinstance(running.kernel_spec_manager, OtherManager)
    info = (await api("GET", "info"))[1]
    assert info["kernel_spec_manager"] is False
    assert info["manager"] == f"{__name__}.OtherManager"
    assert info["inner_manager"] is None
    _, job = await api("POST", "environments", {"text": SMALL})
    assert (await api.ended(job))["status"] == "succeeded"
    assert await api.listed("small")
    assert (await jp_fetch("api", "kernelspecs")).code == 200


@pytest.fixture
def by_argument(jp_argv: list[str]) -> None:
    jp_argv.append(f"--ServerApp.kernel_spec_manager_class={__name__}.OtherManager")


def test_the_command_line_decides(by_argument: None, jp_serverapp: Any) -> None:
    assert isinstance(jp_serverapp.kernel_spec_manager, OtherManager)


@pytest.fixture
def by_file(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    chosen = {"ServerApp": {"kernel_spec_manager_class": f"{__name__}.OtherManager"}}
    (tmp_path / "config" / "jupyter_server_config.json").write_text(json.dumps(chosen))


def test_a_configuration_file_decides(by_file: None, jp_serverapp: Any) -> None:
    assert isinstance(jp_serverapp.kernel_spec_manager, OtherManager)


def test_a_server_with_a_gateway_lists_the_gateway_s_kernels(server_process: START, machine: Machine) -> None:
    """A gateway is spoken to as any Jupyter server is: so here one stands in its place."""
    look_alike(machine.envs / "finance")
    gateway = server_process(folder="gateway")
    assert gateway("GET", "envlink/api/info")["manager"] == extension.MANAGER
    server = server_process(f"--GatewayClient.url={gateway.url}", "--GatewayClient.auth_token=t")
    info = server("GET", "envlink/api/info")
    assert info["kernel_spec_manager"] is False
    assert info["manager"] == "jupyter_server.gateway.managers.GatewayKernelSpecManager"
    assert "jupyter_envlink lists no kernels here: GatewayKernelSpecManager does" in server.log
    assert {"finance", "python3"} <= set(server("GET", "api/kernelspecs")["kernelspecs"])
    (found,) = (each for each in server("GET", "envlink/api/environments")["environments"] if each["name"] == "finance")
    assert found["state"] == "ready"
    server("POST", "api/kernels", {"name": "python3"})
    assert not any(each["running"] for each in server("GET", "envlink/api/environments")["environments"])
    gateway.stop()
    with pytest.raises(urllib.error.HTTPError):  # they were the gateway's
        server("GET", "api/kernelspecs")
    assert server("GET", "envlink/api/environments")["environments"]


# how it begins and ends


def test_a_server_ends_at_once_and_without_complaint(server_process: START, machine: Machine) -> None:
    machine.envs.mkdir()  # so that it is watched
    server = server_process()
    job = server("POST", "envlink/api/environments", {"text": SMALL})
    server.ended(job)
    status, seconds = server.stop()
    assert status == 0
    assert seconds < 5
    for complaint in (
        "Task was destroyed",
        "never awaited",
        "never retrieved",
        "Traceback",
        "ResourceWarning",
        "RuntimeWarning",
    ):
        assert complaint not in server.log, server.log


def test_a_job_outlives_its_server_and_is_known_to_the_next(server_process: START, machine: Machine) -> None:
    first = server_process()
    text = "name: big\nchannels: [conda-forge]\ndependencies: [python=3.11, humanize]\n"
    job = first("POST", "envlink/api/environments", {"text": text})
    first.stop(signal.SIGKILL)
    second = server_process()
    ended = second.ended(second("GET", f"envlink/api/jobs/{job['id']}"))
    assert ended["status"] == "succeeded", ended
    deadline = time.monotonic() + 2
    while "big" not in second("GET", "api/kernelspecs")["kernelspecs"]:
        assert time.monotonic() < deadline


def test_a_server_starts_beside_what_it_cannot_read(server_process: START, machine: Machine) -> None:
    """No kernel.json, job, journal, condarc or registry, however broken, keeps Jupyter's own kernel from the menu."""
    garbage = {
        machine.envs / "broken" / "conda-meta" / "history": "",
        machine.envs / "broken" / "conda-meta" / "python-3.11.7-0.json": "{",
        machine.envs / "broken" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json": "garbage",
        machine.envs / ".envlink" / "journal" / "x.json": "[]",
        machine.data / "kernels" / "broken" / "kernel.json": "[",
        machine.data / "envlink" / "links.json": "{{",
        machine.data / "envlink" / "jobs" / "20200101-000000-00000000" / "job.json": "null",
        machine.home / ".conda" / "environments.txt": "/no/such/place\n\0\n\xff\n",
    }
    for path, content in garbage.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="latin-1")
    server = server_process()
    assert "python3" in server("GET", "api/kernelspecs")["kernelspecs"]
    listed = server("GET", "envlink/api/environments")["environments"]
    broken = next(each for each in listed if each["name"] == "broken")
    assert broken["state"] in ("broken", "no-kernel")
    assert broken["problem"]["message"]
    assert server("GET", "envlink/api/jobs") == {"jobs": []}
    assert "Traceback" not in server.log
    assert os.path.exists(machine.data / "kernels" / "broken" / "kernel.json")
