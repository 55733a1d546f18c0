"""Jobs in numbers, and a removal: ``python -m benchmarks.jobs [--json]``.

A server holds 50 jobs that wait and two that download slowly, among the records of 1000 that have ended, while 100
clients read the logs of the running ones (``jobs/ID/log?offset=``), each every 0.7 s from where it was, as the panel
does. How late its event loop is: the worst of each window of two seconds, the median over the windows. The floors are
of the same server in the same run: idle, and while the same clients ask Jupyter's own ``api/status`` as often.

Then environments of 300 and 30 000 files are removed, and brought back, turn about: the round trip of the ``DELETE``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.jobs.record import Status
from jupyter_envlink.jobs.store import JobStore
from jupyter_envlink.request import Operation
from tests.channel import build as build_channel
from tests.channel import write_condarc
from tests.channel.server import FaultServer

from .machine import make_environment
from .server_lag import Server, is_known, server, until

LIMIT_MS, REMOVE_LIMIT_MS = 20.0, 50.0
WAITING, CLIENTS, ENDED = 50, 100, 1000
WINDOW, EVERY = 2.0, 0.7
PHASES = ("idle", "status", "logs")
SIZES = {"small": 300, "large": 30_000}


def settle(made: Server) -> None:
    """The lags since the last call count no more."""
    made.ask("benchmark/lag")


def worst(made: Server) -> float:
    settle(made)
    time.sleep(WINDOW)
    return made.worst()


@contextmanager
def clients(made: Server, paths: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Processes of their own that ask for ``paths``, turn about, as 100 pages do."""
    argv = [sys.executable, "-m", "benchmarks.jobs", "--clients", str(made.port), made.token, *paths]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


async def read_on(port: int, token: str, paths: list[str]) -> None:
    """``CLIENTS`` connections, each asking every 0.7 s; those that read a log go on where they were."""
    started = [asyncio.create_task(_client(port, token, paths[n % len(paths)], n)) for n in range(CLIENTS)]
    await asyncio.sleep(1.0)
    print("ready", flush=True)
    await asyncio.gather(*started)


async def _client(port: int, token: str, path: str, number: int) -> None:
    await asyncio.sleep(EVERY * number / CLIENTS)  # pages are not in step
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    offset = 0
    while True:
        where = f"{path}?offset={offset}" if path.endswith("/log") else path
        head = f"GET /{where} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: token {token}\r\n\r\n"
        writer.write(head.encode())
        answer = json.loads(await _body(reader))
        offset = answer.get("next_offset", 0)
        await asyncio.sleep(EVERY)


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200"), head
    length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
    return await reader.readexactly(int(length.partition(":")[2]))


def fill(made: Server, channel: str) -> list[str]:
    """Jobs that have ended, two that run and 50 that wait; the ids of the running ones."""
    text = f"channels: ['{channel}']\ndependencies: [envlink-slow]\n"
    jobs = [
        made.ask("envlink/api/environments", "POST", {"text": text, "name": f"e{number}"})["id"]
        for number in range(WAITING + 2)
    ]
    state = lambda job: made.ask(f"envlink/api/jobs/{job}")  # noqa: E731
    until(lambda: all(state(job)["phase"] == "downloading" for job in jobs[:2]), 60)
    assert [state(job)["status"] for job in jobs] == ["running"] * 2 + ["queued"] * WAITING
    return jobs[:2]


def write_ended(folder: Path) -> None:
    store = JobStore(folder / "data" / "envlink" / "jobs")
    options = {"text": "channels: [conda-forge]\ndependencies: [python, ipykernel, numpy, pandas]\n" * 10}
    for number in range(ENDED):
        job = store.create(Operation.CREATE, f"old{number}", f"/envs/old{number}", "/envs", options)
        store.append(job.id, {"kind": "line", "text": "x" * 2000})
        store.update(job, status=Status.SUCCEEDED, percent=100.0, finished=job.request.created)


def lags(made: Server, faults: FaultServer, times: int) -> dict[str, list[float]]:
    found = {"idle": [worst(made) for _ in range(times)]}
    running = fill(made, f"{faults.url}/conda-forge")
    paths = {"status": ["api/status"], "logs": [f"envlink/api/jobs/{job}/log" for job in running]}
    for _ in range(times):  # turn about: what else this machine does concerns both
        for phase, asked in paths.items():
            with clients(made, asked):
                found.setdefault(phase, []).append(worst(made))
    return found


def listing(made: Server, times: int) -> float:
    return statistics.median(timed(lambda: made.ask("envlink/api/jobs")) for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def build(prefix: Path, files: int) -> Path:
    make_environment(prefix)
    for number in range(files):
        path = prefix / "lib" / f"package{number // 100}" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return prefix


def removals(made: Server, envs: Path, times: int) -> dict[str, list[float]]:
    """Round trips in milliseconds: of removing each, and of Jupyter's own answer."""
    found: dict[str, list[float]] = {"status": []}
    prefixes = {name: build(envs / name, files) for name, files in SIZES.items()}
    for prefix in prefixes.values():
        until(lambda: is_known(made, prefix), 60)  # noqa: B023 - called at once
    for _ in range(times):
        found["status"].append(timed(lambda: made.ask("api/status")))
        for name, prefix in prefixes.items():
            found.setdefault(name, []).append(removal(made, prefix))
    return found


def removal(made: Server, prefix: Path) -> float:
    jobs: list[dict[str, Any]] = []
    path = f"envlink/api/environments/{prefix_id(str(prefix))}"
    taken = timed(lambda: jobs.append(made.ask(path, "DELETE")))
    assert jobs[0]["status"] == "succeeded"
    assert not prefix.exists()
    made.ask(f"envlink/api/removed/{jobs[0]['id']}", "POST")
    until(lambda: is_known(made, prefix), 60)
    return taken


def measure(times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="envlink-bench-") as name:
        folder = Path(name).resolve()
        (folder / "home").mkdir()
        envs = folder / "envs"
        channel = build_channel(Path(os.environ.get("ENVLINK_TEST_CACHE", folder)) / "channel")
        write_condarc(folder / "condarc", channel.url, envs, folder / "pkgs")
        write_ended(folder)
        with FaultServer(channel.path) as faults, server(folder, envlink=True) as made:
            faults.slow("*/envlink-slow-*", 5000)
            worst_ms = lags(made, faults, times)
            jobs_ms = listing(made, times)
            trips = removals(made, envs, times)
            for job in made.ask("envlink/api/jobs")["jobs"]:
                if job["finished"] is None:
                    made.ask(f"envlink/api/jobs/{job['id']}", "DELETE")
    median = lambda of: {name: round(statistics.median(each), 1) for name, each in of.items()}  # noqa: E731
    return {
        "rounds": times,
        "limit_ms": LIMIT_MS,
        "worst_ms": median(worst_ms),
        "all_ms": worst_ms,
        "list_ms": round(jobs_ms, 1),
        "remove_limit_ms": REMOVE_LIMIT_MS,
        "remove_ms": median(trips),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--clients", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.clients:
        port, token, *paths = arguments.clients
        asyncio.run(read_on(int(port), token, paths))
    found = measure(arguments.rounds)
    if arguments.json:
        print(json.dumps(found))
        return
    lag, trip = found["worst_ms"], found["remove_ms"]
    print(
        f"The event loop of a server with {WAITING} waiting jobs, two running and {ENDED} ended ones, worst lag of"
        f" {WINDOW:g} s, median of {found['rounds']} windows\n"
        f"  idle, no jobs                       {lag['idle']:6.1f} ms\n"
        f"  {CLIENTS} clients ask for api/status       {lag['status']:6.1f} ms\n"
        f"  {CLIENTS} clients read logs                {lag['logs']:6.1f} ms   (limit {LIMIT_MS:g} ms)\n"
        f"  GET jobs takes                      {found['list_ms']:6.1f} ms\n"
        f"Removing an environment, round trip, medians of {found['rounds']} (GET api/status: {trip['status']:.1f} ms)\n"
        f"  {SIZES['small']:6} files {trip['small']:6.1f} ms\n"
        f"  {SIZES['large']:6} files {trip['large']:6.1f} ms   (limit {REMOVE_LIMIT_MS:g} ms)"
    )


if __name__ == "__main__":
    main()
