"""How long a real server's event loop is held: ``python -m benchmarks.server_lag [--json]``.

Two servers run one after the other, each with the same probe: one without envlink (what this machine does to any
event loop, which is the floor), one with it. The second one scans 1000 synthetic environments, lists them over HTTP,
is asked for kernels of environments that have changed this moment (as a kernel's start asks, on the event loop),
creates a real one from the local channel, and registers four copies of it (only what is attached is registered here:
nothing in the synthetic ones runs). Each phase's worst lag, in milliseconds, is the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.tree import clone
from tests.channel import build as build_channel
from tests.channel import write_condarc

from .machine import make_environment

LIMIT = 10.0
PHASES = ("idle", "scanning", "listing", "changing", "creating", "registering")
YML = "channels: [conda-forge]\ndependencies: [python, ipykernel, numpy]\n"


class Server:
    """A jupyter_server of its own home, talked to over HTTP."""

    def __init__(self, folder: Path, envlink: bool) -> None:
        self.folder = folder
        self.token = secrets.token_hex(8)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        extensions = {"benchmarks.lag_probe": True, "jupyter_envlink": envlink, "jupyterlab": False}
        argv = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={self.port}"]
        argv += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={folder}"]
        argv += ["--Registrar.register=attached"]
        argv += [f"--ServerApp.jpserver_extensions={extensions!r}"]
        self.process = subprocess.Popen(argv, env=environ(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, path: str, method: str = "GET", body: Any = None, within: float = 60) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=within) as answer:
            return json.load(answer)

    def wait(self) -> None:
        until(lambda: self._answers(), 60)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("api/status"))
        except OSError:
            return False

    def worst(self) -> float:
        return max(self.ask("benchmark/lag"), default=0.0)


def environ(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CONDA", "MAMBA", "JUPYTER"))}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    places = {"HOME": "home", "CONDARC": "condarc", "JUPYTER_DATA_DIR": "data", "JUPYTER_CONFIG_DIR": "config"}
    return {**own, **{name: str(folder / place) for name, place in places.items()}, "PYTHONPATH": os.getcwd()}


@contextmanager
def server(folder: Path, envlink: bool) -> Iterator[Server]:
    made = Server(folder, envlink)
    try:
        made.wait()
        made.worst()
        yield made
    finally:
        made.process.terminate()
        made.process.wait(30)


def until(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.25)


def create(made: Server, name: str) -> None:
    job = made.ask("envlink/api/environments", "POST", {"text": YML, "name": name})
    until(lambda: made.ask(f"envlink/api/jobs/{job['id']}")["status"] == "succeeded", 120)


def attach(made: Server, prefix: Path) -> None:
    made.ask(f"envlink/api/environments/{prefix_id(str(prefix))}/kernel", "POST", {})


def registered(folder: Path, prefix: Path) -> bool:
    """By the disk: to ask the server again and again would be what holds it."""
    records = (folder / "data" / "kernels").glob("*/kernel.json")
    return any(json.dumps(str(prefix)) in record.read_text() for record in records)


def rounds(folder: Path, envs: Path, times: int) -> dict[str, list[float]]:
    worst: dict[str, list[float]] = {phase: [] for phase in PHASES}
    with server(folder, envlink=False) as made:
        for _ in range(times):
            time.sleep(2)
            worst["idle"].append(made.worst())
    with server(folder, envlink=True) as made:
        for number in range(times):
            for phase, lag in one_round(made, folder, envs, number):
                worst[phase].append(lag)
    return worst


def one_round(made: Server, folder: Path, envs: Path, number: int) -> Iterator[tuple[str, float]]:
    grown = [make_environment(folder / "envs" / f"new-{number}-{each}") for each in range(20)]
    until(lambda: all(is_known(made, prefix) for prefix in grown), 30)
    yield "scanning", made.worst()
    made.ask("envlink/api/environments")
    yield "listing", made.worst()
    for each in range(10):
        change(folder / "shared" / f"env{each}", number)
        made.ask(f"api/kernelspecs/env{each}")
    yield "changing", made.worst()
    create(made, f"created-{number}")
    yield "creating", made.worst()
    copies = [envs / f"copy-{number}-{each}" for each in range(4)]
    for copy in copies:
        clone(str(envs / "created-0"), str(copy))
    until(lambda: all(is_known(made, copy) for copy in copies), 30)
    made.worst()
    for copy in copies:
        attach(made, copy)
    until(lambda: all(registered(folder, copy) for copy in copies), 60)
    yield "registering", made.worst()


def change(prefix: Path, number: int) -> None:
    """Its kernel gets another variable."""
    file = prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "env": {"NUMBER": str(number)}}))


def is_known(made: Server, prefix: Path) -> bool:
    try:
        return bool(made.ask(f"envlink/api/environments/{prefix_id(str(prefix))}")["state"] == "ready")
    except HTTPError:
        return False


def measure(count: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="envlink-bench-") as name:
        folder = Path(name).resolve()
        (folder / "home").mkdir()
        envs = folder / "envs"
        channel = build_channel(Path(os.environ.get("ENVLINK_TEST_CACHE", folder)) / "channel")
        write_condarc(folder / "condarc", channel.url, envs, folder / "pkgs")
        for number in range(count):
            make_environment(folder / "shared" / f"env{number}")
        (folder / "home" / ".conda").mkdir()
        listed = "".join(f"{path}\n" for path in sorted((folder / "shared").iterdir()))
        (folder / "home" / ".conda" / "environments.txt").write_text(listed)
        worst = rounds(folder, envs, times)
    medians = {phase: round(statistics.median(values), 1) for phase, values in worst.items()}
    return {"environments": count, "rounds": times, "limit_ms": LIMIT, "worst_ms": medians, "all_ms": worst}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--environments", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    found = measure(arguments.environments, arguments.rounds)
    if arguments.json:
        print(json.dumps(found))
        return
    print(
        f"The event loop of a server with {found['environments']} environments, worst lag, median of {found['rounds']}:"
    )
    for phase, worst in found["worst_ms"].items():
        print(f"  {phase:12} {worst:6.1f} ms" + ("" if phase == "idle" else f"   (limit {LIMIT:g} ms)"))


if __name__ == "__main__":
    main()
