"""What planning costs: ``python -m benchmarks.plan [--json] [--small]``.

1. A second plan on known channels, beside the raw solve: rattler with its index in memory, in the same run. At most
   100 ms more than the raw solve.
2. A channel of conda-forge's size, served over HTTP as one file for each platform and as shards: the first and the
   second plan by a real server, the most memory that the planner and the server had, and by how many milliseconds the
   server's loop was held at worst (the limit is 20) while it was planned.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import rattler

from jupyter_envlink.channel_rules import NO_LIMITS
from jupyter_envlink.planner.client import Planner
from jupyter_envlink.planner.question import Question
from jupyter_envlink.source import Source
from tests.channel import build as build_channel
from tests.channel import write_condarc

from ._big_channel import big_channel
from .server_lag import Server, server

LIMIT_MS, LAG_MS = 100.0, 20.0
SPECS = ["python", "numpy", "ipykernel", "humanize"]
BIG_SPECS = [f"package-{number}" for number in (29_999, 25_001, 20_002, 15_004, 10_000)]
ROUNDS = 15


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The best of ``times`` runs: whatever else the machine does only adds to it."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return min(taken)


def second_plan(url: str, specs: Sequence[str], folder: Path) -> dict[str, float]:
    """Milliseconds of the raw solve and of a plan, both with all that they ask in memory."""
    text = f"channels: ['{url}', nodefaults]\ndependencies: {json.dumps(list(specs))}\n"
    question = Question(Source(text.encode(), "environment.yml", None), None, NO_LIMITS)
    planner = Planner(freshness=3600.0)
    try:
        conflict = planner.ask(question).result(600)["conflict"]
        assert conflict is None, conflict
        plan = milliseconds(lambda: planner.ask(question).result(600), ROUNDS)
    finally:
        planner.stop()
    raw = asyncio.run(_raw(url, specs, folder))
    return {"ms raw solve": raw, "ms plan": plan, "ms more": plan - raw, "ratio": plan / raw}


async def _raw(url: str, specs: Sequence[str], folder: Path) -> float:
    gateway = rattler.Gateway(cache_dir=folder / "raw")
    taken = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        virtual = rattler.VirtualPackage.detect()
        await rattler.solve([rattler.Channel(url)], specs, gateway=gateway, virtual_packages=virtual)
        taken.append(1000 * (time.perf_counter() - start))
    return min(taken[1:])


class Memory:
    """The most memory that a process and those that it has started had, each, in megabytes: by kind."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = {"server": 0.0, "planner": 0.0}

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self._note("server", self._process)
            for child in self._process.children():
                if "jupyter_envlink.planner" in _words(child):
                    self._note("planner", child)

    def _note(self, kind: str, process: psutil.Process) -> None:
        try:
            self.most[kind] = max(self.most[kind], process.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            return


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def of_a_server(folder: Path, url: str) -> dict[str, float]:
    """Milliseconds of the first and the second plan, the memory, and the worst lag of the loop meanwhile."""
    text = f"name: big\nchannels: ['{url}', nodefaults]\ndependencies: {json.dumps(BIG_SPECS)}\n"
    with server(folder, envlink=True) as made, Memory(made.process.pid) as memory:
        time.sleep(3)
        idle = made.worst()
        first = milliseconds(lambda: _planned(made, text), 1)
        lags = [made.worst()]
        second = milliseconds(lambda: _planned(made, text), 5)
        lags.append(made.worst())
    sizes = {f"MB {kind}": most for kind, most in memory.most.items()}
    return {"ms first": first, "ms second": second, "ms lag idle": idle, "ms lag": max(lags), **sizes}


def _planned(made: Server, text: str) -> None:
    plan = made.ask("envlink/api/plan", "POST", {"text": text}, 600)
    assert plan["conflict"] is None, plan["conflict"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """``folder`` over HTTP, by a process of its own: it must not compute beside what is measured."""
    argv = [sys.executable, "-m", "benchmarks._files", str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.terminate()


def measure(small: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"limit_ms": LIMIT_MS, "limit_lag_ms": LAG_MS}
    with tempfile.TemporaryDirectory(prefix="envlink-bench-") as name:
        folder = Path(name).resolve()
        os.environ["RATTLER_CACHE_DIR"] = str(folder / "cache")
        channel = build_channel(Path(os.environ.get("ENVLINK_TEST_CACHE", folder)) / "channel")
        write_condarc(folder / "condarc", channel.url, folder / "envs", folder / "pkgs")
        (folder / "home").mkdir()
        found["local channel"] = second_plan(channel.conda_forge, SPECS, folder)
        if not small:
            found.update(of_the_big_one(folder))
    return found


def of_the_big_one(folder: Path) -> dict[str, Any]:
    cache = Path(tempfile.gettempdir(), "jupyter_envlink-benchmarks", "big-channel")
    big = big_channel(cache, str(rattler.Subdir.current()))
    found = {}
    with served(big) as url:
        for kind in ("whole", "sharded"):
            os.environ["RATTLER_CACHE_DIR"] = str(folder / f"cache-{kind}")
            found[kind] = of_a_server(folder, f"{url}/{kind}")
            found[kind]["second plan"] = second_plan(f"{url}/{kind}", BIG_SPECS, folder / f"raw-{kind}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", action="store_true", help="without the channel of a million records")
    arguments = parser.parse_args()
    found = measure(arguments.small)
    print(json.dumps(found) if arguments.json else text_of(found))


def text_of(found: dict[str, Any]) -> str:
    lines = [f"A second plan on known channels: {_second(found['local channel'])} (limit {LIMIT_MS:g} ms more)"]
    for kind in ("whole", "sharded"):
        if kind in found:
            each = found[kind]
            times = f"first plan {each['ms first']:.0f} ms, second {each['ms second']:.0f} ms"
            lines.append(f"A million records, {kind}: {times},")
            lines.append(f"  planner {each['MB planner']:.0f} MB, server {each['MB server']:.0f} MB at most,")
            idle, worst = each["ms lag idle"], each["ms lag"]
            lines.append(f"  the server's loop held {worst:.1f} ms at worst (limit {LAG_MS:g} ms, idle {idle:.1f} ms)")
            lines.append(f"  without the server: {_second(each['second plan'])}")
    return "\n".join(lines)


def _second(each: dict[str, float]) -> str:
    return f"{each['ms plan']:.1f} ms, raw solve {each['ms raw solve']:.1f} ms, {each['ms more']:.1f} ms more"


if __name__ == "__main__":
    main()
