"""Kernels of environments that broke: real environments, real kernels, a real server."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager
from jupyter_envlink.stand_in.kernel import AGAIN, ENAME
from jupyter_envlink.stand_in.launch import REPAIRED

from .channel import Channel
from .kernels import ran, started
from .prefixes import real

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the ways to break it are those of POSIX")


@pytest.fixture(scope="module")
def model(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real environment with a kernel, which no test changes."""
    return real(
        channel.conda_forge, tmp_path_factory.mktemp("model") / "envs" / "finance", ["python=3.11", "ipykernel"]
    )


@pytest.fixture
def finance(model: Path, tmp_path: Path) -> Path:
    """One of its own for each test, under another path: links and the interpreter are relative to where they lie."""
    prefix = tmp_path / "home" / "conda" / "envs" / "finance"
    shutil.copytree(model, prefix, symlinks=True)
    return prefix


@pytest.fixture
def specs(finance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EnvlinkKernelSpecManager:
    """The manager of a server that has listed ``finance`` while it was whole."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    catalog = Catalog(environ={"CONDA_ENVS_PATH": str(finance.parent), "PATH": ""}, home=tmp_path / "home")
    made = EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(tmp_path / "data"), kernel_dirs=[])
    assert "finance" in made.get_all_specs()
    return made


def said(client: BlockingKernelClient) -> str:
    """What a cell shows, where that is the stand-in's."""
    reply, told = ran(client)
    assert reply["status"] == "error"
    assert reply["ename"] == ENAME
    (error,) = [content for content in told if "ename" in content]
    assert {key: reply[key] for key in ("ename", "evalue", "traceback")} == error
    return "\n".join(error["traceback"])


def _without_python(prefix: Path) -> None:
    (prefix / "bin" / "python").unlink()


def _without_what_python_leads_to(prefix: Path) -> None:
    os.remove(os.path.realpath(prefix / "bin" / "python"))


def _without_the_right_to_run(prefix: Path) -> None:
    os.chmod(os.path.realpath(prefix / "bin" / "python"), 0o644)


def _without_kernel_json(prefix: Path) -> None:
    shutil.rmtree(prefix / "share" / "jupyter" / "kernels")


def _without_ipykernel(prefix: Path) -> None:
    shutil.rmtree(prefix / "lib" / "python3.11" / "site-packages" / "ipykernel")


def _without_zmq(prefix: Path) -> None:
    shutil.rmtree(prefix / "lib" / "python3.11" / "site-packages" / "zmq")


def _without_records(prefix: Path) -> None:
    shutil.rmtree(prefix / "conda-meta")


def _unreadable(prefix: Path) -> None:
    (prefix / "share/jupyter/kernels/python3/kernel.json").unlink()
    (prefix / "share/jupyter/kernels/python3/kernel.json").write_text("{ garbage")


BREAKS: dict[Callable[[Path], Any], tuple[str, str]] = {
    _without_python: ("bin/python is gone", "Reinstall the package python"),
    _without_what_python_leads_to: ("bin/python is gone", "Reinstall the package python"),
    _without_the_right_to_run: ("bin/python, cannot be run", "make it executable"),
    _without_kernel_json: ("no kernel for Jupyter", "ipykernel"),
    _without_ipykernel: ("needs the Python module ipykernel", "Reinstall the kernel"),
    _without_zmq: ("needs the Python module zmq", "Reinstall the kernel"),
    _without_records: ("no environment any more", "create the environment again"),
    _unreadable: ("kernel.json is not JSON", "Reinstall the package"),
    shutil.rmtree: ("was removed", "choose another kernel"),
}


@pytest.mark.parametrize("broken_by", BREAKS, ids=lambda each: each.__name__.strip("_"))
def test_a_kernel_that_broke_since_the_listing_says_why(
    broken_by: Callable[[Path], Any], finance: Path, specs: EnvlinkKernelSpecManager
) -> None:
    broken_by(finance)
    with started(specs, "finance") as (_, client):
        text = said(client)
    assert str(finance) in text
    for part in BREAKS[broken_by]:
        assert part in text
    assert text.endswith(AGAIN)


def test_a_whole_one_starts_by_its_own_python(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    with started(specs, "finance") as (_, client):
        _, told = ran(client, "import sys; print(sys.prefix)")
    assert str(finance) in [content.get("text", "").strip() for content in told]


def test_every_request_is_answered(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    _without_python(finance)
    with started(specs, "finance") as (kernel, client):
        info = client.kernel_info(reply=True, timeout=30)["content"]
        assert info["status"] == "ok"
        assert info["language_info"]["name"] == "python"
        assert info["language_info"]["file_extension"] == ".py"
        assert "cannot start" in info["banner"]
        assert client.complete("impo", reply=True, timeout=30)["content"]["matches"] == []
        assert client.inspect("print", reply=True, timeout=30)["content"]["found"] is False
        client.is_complete("for x in y:")
        assert client.get_shell_msg(timeout=30)["content"]["status"] == "complete"
        assert client.history(reply=True, timeout=30)["content"]["history"] == []
        assert client.comm_info(reply=True, timeout=30)["content"]["comms"] == {}
        kernel.interrupt_kernel()
        assert "cannot start" in said(client)
        client.session.send(client.control_channel.socket, client.session.msg("interrupt_request", {}))
        assert client.get_control_msg(timeout=30)["msg_type"] == "interrupt_reply"
        assert "cannot start" in said(client)
        assert client.shutdown(reply=True, timeout=30)["content"] == {"status": "ok", "restart": False}
        assert kernel.provisioner is not None
        assert asyncio.run(asyncio.wait_for(kernel.provisioner.wait(), 60)) == 0


def test_a_silent_request_shows_nothing(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    _without_python(finance)
    with started(specs, "finance") as (_, client):
        told: list[str] = []
        reply = client.execute_interactive(
            "1", silent=True, timeout=30, output_hook=lambda message: told.append(message["msg_type"])
        )
    assert reply["content"]["status"] == "error"
    assert set(told) == {"status"}


def test_what_lies_beside_the_notebook_is_not_imported(
    finance: Path, specs: EnvlinkKernelSpecManager, tmp_path: Path
) -> None:
    _without_python(finance)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("json", "logging", "ipykernel", "string", "traitlets"):
        (folder / f"{name}.py").write_text("raise SystemExit(1)")
    with started(specs, "finance", cwd=str(folder)) as (_, client):
        assert "cannot start" in said(client)


def _restarted(kernel: KernelManager, client: BlockingKernelClient) -> None:
    kernel.restart_kernel()
    client.wait_for_ready(timeout=60)


def test_a_restart_after_the_repair_is_the_real_kernel(
    finance: Path, model: Path, specs: EnvlinkKernelSpecManager
) -> None:
    _without_python(finance)
    with started(specs, "finance") as (kernel, client):
        assert "cannot start" in said(client)
        _restarted(kernel, client)
        assert "cannot start" in said(client)
        (finance / "bin" / "python").symlink_to("python3.11")
        _restarted(kernel, client)
        code = (
            "import os, sys; print(sys.prefix, os.environ['CONDA_PREFIX'], 'ENVLINK_STAND_IN' in os.environ, sep='|')"
        )
        _, told = ran(client, code)
        assert f"{finance}|{finance}|False\n" in [content.get("text") for content in told]


def test_a_restart_says_what_is_true_by_then(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    _without_python(finance)
    with started(specs, "finance") as (kernel, client):
        assert "bin/python is gone" in said(client)
        (finance / "bin" / "python").symlink_to("python3.11")
        _without_kernel_json(finance)
        _restarted(kernel, client)
        assert "no kernel for Jupyter" in said(client)


def test_one_that_cannot_take_over_says_what_to_do(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    """A server goes on to interrupt and to encrypt as it began."""
    _without_python(finance)
    with started(specs, "finance") as (kernel, client):
        assert "cannot start" in said(client)
        (finance / "bin" / "python").symlink_to("python3.11")
        own = finance / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
        content = json.loads(own.read_text())
        own.unlink()
        own.write_text(json.dumps({**content, "interrupt_mode": "message"}))
        _restarted(kernel, client)
        assert REPAIRED in said(client)


def test_a_running_kernel_whose_environment_broke_says_why_after_a_restart(
    finance: Path, specs: EnvlinkKernelSpecManager
) -> None:
    with started(specs, "finance") as (kernel, client):
        assert ran(client)[0]["status"] == "ok"
        _without_python(finance)
        _restarted(kernel, client)
        assert "bin/python is gone" in said(client)
        (finance / "bin" / "python").symlink_to("python3.11")
        _restarted(kernel, client)
        assert ran(client)[0]["status"] == "ok"


def test_a_restart_has_the_variables_of_now(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    code = "import os; print(os.environ.get('MINE'))"
    with started(specs, "finance") as (kernel, client):
        assert "None\n" in [content.get("text") for content in ran(client, code)[1]]
        specs.menu.bindings.change(str(finance), lambda known: replace(known, variables={"MINE": "a $b"}))
        _restarted(kernel, client)
        assert "a $b\n" in [content.get("text") for content in ran(client, code)[1]]


def test_a_new_start_after_the_repair_is_the_real_kernel(finance: Path, specs: EnvlinkKernelSpecManager) -> None:
    _without_python(finance)
    with started(specs, "finance") as (_, client):
        assert "cannot start" in said(client)
    (finance / "bin" / "python").symlink_to("python3.11")
    with started(specs, "finance") as (_, client):
        assert ran(client)[0]["status"] == "ok"


# over HTTP


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    name = f"{EnvlinkKernelSpecManager.__module__}.{EnvlinkKernelSpecManager.__name__}"
    return {"ServerApp": {"kernel_spec_manager_class": name}}


async def _heard(socket: Any, kind: str) -> dict[str, Any]:
    """The content of the next message of this kind."""
    while True:
        text = await asyncio.wait_for(socket.read_message(), 60)
        message = json.loads(text)
        if message["msg_type"] == kind:
            content: dict[str, Any] = message["content"]
            return content


async def test_a_page_that_picks_a_broken_environment_reads_why(
    finance: Path, specs: EnvlinkKernelSpecManager, jp_serverapp: Any, jp_fetch: Any, jp_ws_fetch: Any
) -> None:
    jp_serverapp.kernel_spec_manager.catalog = specs.catalog
    jp_serverapp.kernel_spec_manager.menu = specs.menu
    _without_python(finance)
    body = {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "finance"}}
    session = json.loads((await jp_fetch("api", "sessions", method="POST", body=json.dumps(body))).body)
    kernel = session["kernel"]["id"]
    socket = await jp_ws_fetch("api", "kernels", kernel, "channels")
    try:
        header = {"msg_id": "1", "msg_type": "execute_request", "username": "", "session": "s", "version": "5.3"}
        content = {"code": "1", "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await socket.write_message(json.dumps(request))
        error = await _heard(socket, "error")
    finally:
        socket.close()
        await jp_fetch("api", "sessions", session["id"], method="DELETE")
    assert error["ename"] == ENAME
    assert str(finance / "bin" / "python") in error["evalue"]
    assert "Reinstall the package python" in "\n".join(error["traceback"])
