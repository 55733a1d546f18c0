"""The local channel is a real one: it solves, conflicts, links, fails and runs a kernel as conda-forge does."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import rattler
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from rattler.exceptions import SolverError

from tests.channel import Channel, ChannelError, build, write_condarc
from tests.channel.server import FaultServer

BIN = "Scripts" if os.name == "nt" else "bin"


def solve(url: str, *specs: str, cache: Path | None = None) -> list[rattler.RepoDataRecord]:
    async def run() -> list[rattler.RepoDataRecord]:
        gateway = rattler.Gateway(cache_dir=cache) if cache else rattler.Gateway()
        platforms = [rattler.Subdir.current(), rattler.Subdir("noarch")]
        virtual = rattler.VirtualPackage.detect()
        return await rattler.solve([url], specs, gateway=gateway, platforms=platforms, virtual_packages=virtual)

    return asyncio.run(run())


def install(records: list[rattler.RepoDataRecord], prefix: Path, cache: Path) -> None:
    asyncio.run(rattler.install(records, prefix, cache_dir=cache, show_progress=False, execute_link_scripts=True))


@pytest.fixture(scope="module")
def prefix(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with a kernel and one of each hand-made package that can be installed."""
    folder = tmp_path_factory.mktemp("envs")
    handmade = ("hello", "activate", "postlink", "text-prefix", "binary-prefix")
    minor = ".".join(channel.pythons[0].split(".")[:2])
    specs = [f"python {minor}.*", "ipykernel", "numpy", "pip", "tabulate <0.9", *(f"envlink-{n}" for n in handmade)]
    install(solve(channel.conda_forge, *specs), folder / "made here", folder / "pkgs")
    return folder / "made here"


def output(prefix: Path, *arguments: str) -> str:
    python = prefix / ("python.exe" if os.name == "nt" else "bin/python")
    return subprocess.run([python, *arguments], capture_output=True, text=True, check=True).stdout


def test_python_is_the_prefix_own_and_imports_a_binary_package(prefix: Path, channel: Channel) -> None:
    code = "import sys, ssl, sqlite3, ctypes, numpy; print(sys.prefix, sys.version.split()[0], numpy.arange(4).sum())"
    assert output(prefix, "-c", code).strip() == f"{prefix} {channel.pythons[0]} 6"


def test_pip_sees_a_consistent_environment(prefix: Path) -> None:
    assert "No broken requirements" in output(prefix, "-m", "pip", "check")
    listed = json.loads(output(prefix, "-m", "pip", "list", "--format=json"))
    assert {"name": "tabulate", "version": "0.8.10"} in listed


def test_registered_kernel_executes_a_cell(prefix: Path, tmp_path: Path) -> None:
    output(prefix, "-m", "ipykernel", "install", "--prefix", str(tmp_path), "--name", "made-here")
    manager = KernelManager(kernel_name="made-here")
    manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(tmp_path / "share" / "jupyter" / "kernels")])
    manager.start_kernel()
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=30)
        said: list[str] = []
        client.execute_interactive(
            "import sys; print(sys.prefix)", timeout=30, output_hook=lambda m: said.append(m["content"].get("text", ""))
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(said).strip() == str(prefix)


@pytest.mark.skipif(os.name == "nt", reason="an entry point is an .exe there")
def test_entry_point_and_placeholders_become_the_prefix(prefix: Path) -> None:
    said = subprocess.run([prefix / BIN / "envlink-hello"], capture_output=True, text=True, check=True).stdout
    assert said == "hello from envlink\n"
    share = prefix / "share" / "envlink"
    assert (share / "prefix.txt").read_text().splitlines()[0] == f"prefix={prefix}"
    binary = (share / "prefix.bin").read_bytes()
    assert binary.startswith(b"\x00HEAD\x00" + str(share).encode() + b"\x00")
    assert binary.endswith(b"\x00TAIL\xff\x00")
    assert len(binary) == 6 + 255 + len("/share/envlink") + 9


def test_post_link_script_ran(prefix: Path) -> None:
    assert (prefix / "envlink-postlink.txt").read_text().strip() == "envlink-postlink 1.0"


@pytest.mark.skipif(os.name == "nt", reason="sourced by a POSIX shell")
def test_activation_script_sets_the_awkward_value(prefix: Path) -> None:
    from tests.channel.handmade import ACTIVATED

    script = prefix / "etc" / "conda" / "activate.d" / "envlink-activate.sh"
    command = ["sh", "-c", '. "$0"; printf "%s|%s" "$ENVLINK_ACTIVATED" "$ENVLINK_SEEN"', str(script)]
    environment = {**os.environ, "CONDA_PREFIX": str(prefix)}
    said = subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode()
    assert said == f"{ACTIVATED}|{prefix}"


@pytest.mark.parametrize(
    ("specs", "named"),
    [
        (("envlink-conflict-a", "envlink-conflict-b"), "tabulate"),
        (("envlink-constrains", "tabulate >=0.9"), "tabulate"),
        (("envlink-missing-dependency",), "envlink-nowhere"),
    ],
)
def test_unsolvable(channel: Channel, specs: tuple[str, ...], named: str) -> None:
    with pytest.raises(SolverError, match=named):
        solve(channel.conda_forge, *specs)


def test_each_python_solves_with_its_own_binaries(channel: Channel) -> None:
    for version in channel.pythons:
        tag = "py" + "".join(version.split(".")[:2])
        records = solve(channel.conda_forge, f"python =={version}", "ipykernel", "numpy")
        builds = {record.name.normalized: str(record.build) for record in records}
        assert builds["numpy"].startswith(tag)
        assert builds["pyzmq"].startswith(tag)


def test_corrupt_package_does_not_install(channel: Channel, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="envlink-corrupt"):
        install(solve(channel.conda_forge, "envlink-corrupt"), tmp_path / "env", tmp_path / "pkgs")


def test_second_build_returns_at_once(channel: Channel) -> None:
    from tests.channel import other_pythons

    pythons = [Path(sys.executable), *other_pythons()[: len(channel.pythons) - 1]]
    begin = time.monotonic()
    assert build(channel.path, pythons=pythons) == channel
    assert time.monotonic() - begin < 0.2


def test_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(ChannelError, match="was not written by this builder"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_unusable_interpreter_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="no-such-python"):
        build(tmp_path / "channel", pythons=[tmp_path / "no-such-python"])
    assert not (tmp_path / "channel").exists()


def test_failed_build_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ChannelError, match=r"pip could not download ipykernel .*index reachable"):
        build(tmp_path / "channel")
    assert [path.name for path in tmp_path.iterdir()] == [".channel.lock"]


def test_condarc_maps_conda_forge(channel: Channel, tmp_path: Path) -> None:
    import yaml

    condarc = write_condarc(tmp_path / "condarc", channel.url, tmp_path / "envs é", tmp_path / "pkgs")
    content = yaml.safe_load(condarc.read_text("utf-8"))
    assert content["custom_channels"] == {"conda-forge": channel.url}
    assert content["envs_dirs"] == [str(tmp_path / "envs é")]


SLOW = "*/envlink-slow-*.conda"


def fetch(server: FaultServer) -> bytes:
    url = f"{server.url}/conda-forge/noarch/envlink-slow-1.0-henv_0.conda"
    with urllib.request.urlopen(url, timeout=2) as answer:
        body: bytes = answer.read()
    return body


def test_server_serves_the_channel(fault_server: FaultServer, tmp_path: Path) -> None:
    records = solve(f"{fault_server.url}/conda-forge", "envlink-slow", cache=tmp_path / "repodata")
    install(records, tmp_path / "env", tmp_path / "pkgs")
    assert (tmp_path / "env" / "share" / "envlink" / "slow.bin").stat().st_size == 5_000_000
    assert any(request.path.endswith("/envlink-slow-1.0-henv_0.conda") for request in fault_server.requests)


@pytest.mark.parametrize("code", [401, 404, 500])
def test_server_refuses(fault_server: FaultServer, code: int) -> None:
    fault_server.status(SLOW, code)
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(fault_server)
    refused.value.close()
    assert refused.value.code == code
    fault_server.clear()
    assert len(fetch(fault_server)) > 5_000_000


def test_server_cuts_and_corrupts(fault_server: FaultServer) -> None:
    from http.client import IncompleteRead

    whole = fetch(fault_server)
    fault_server.corrupt(SLOW)
    broken = fetch(fault_server)
    assert len(broken) == len(whole)
    assert broken != whole
    fault_server.cut(SLOW)
    with pytest.raises(IncompleteRead):
        fetch(fault_server)


def test_server_slows(fault_server: FaultServer) -> None:
    fault_server.slow("*/envlink-slow-*", 10_000_000)
    begin = time.monotonic()
    fetch(fault_server)
    assert 0.4 < time.monotonic() - begin < 1.5


def test_server_ends_at_once_while_stalling(channel: Channel) -> None:
    with FaultServer(channel.path) as server:
        server.stall(SLOW)
        answer = urllib.request.urlopen(f"{server.url}/conda-forge/noarch/envlink-slow-1.0-henv_0.conda", timeout=10)
        begin = time.monotonic()
    assert time.monotonic() - begin < 0.3
    answer.close()
