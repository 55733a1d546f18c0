"""From an ``environment.yml`` to the first executed cell, whole: ``python -m benchmarks.first_cell [--json]``.

The file lists Python, ipykernel and three packages, one of them of pip's; all caches are warm. Ours is what a server
does, in this process: the job is submitted through the service, a worker makes the environment, the kernel appears in
the list, is started through our manager and runs ``1 + 1``. The floor (*raw*) is three steps without any of our code,
each a fresh process: py-rattler solves and installs, uv installs, and ``bin/python -m ipykernel_launcher`` is started
by the same client. The two take turns; the limit is 1.2 times.

Both ends of compiling, too: ours with what a kernel's start imports compiled in the job (*ours*, most of it kept from
earlier environments), for the first time on this machine (*ours, first*), and not at all (*ours, uncompiled*). And by
hand: with each of conda, mamba and micromamba that is on PATH, ``env create``, ``ipykernel install`` and the start.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from jupyter_envlink.live import Live
from jupyter_envlink.manager import EnvlinkKernelSpecManager
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from . import _raw_rattler
from ._jobs import milliseconds
from ._own_machine import machine, settle
from ._peak import WorkerPeak
from ._wheel import NAME, wheel

LIMIT = 1.2
SPECS = ("python", "ipykernel", "numpy", "tabulate")
FILE = f"name: bench\nchannels: [conda-forge]\ndependencies: [{', '.join(SPECS)}, pip, pip: [{NAME}]]\n"
BY_HAND = {
    "conda": ("env", "create", "--quiet"),
    "mamba": ("env", "create", "--quiet"),
    "micromamba": ("create", "--quiet"),
}

Times = dict[str, float]


class Bare(KernelSpecManager):
    """Offers the Python of one environment, whatever kernel is asked for."""

    def __init__(self, prefix: Path) -> None:
        super().__init__()
        self._argv = [f"{prefix}/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=list(self._argv), language="python", name=kernel_name)


async def first_cell(specs: KernelSpecManager, name: str) -> float:
    """Milliseconds from the kernel's start to the reply to its first cell."""
    start = time.perf_counter()
    kernel = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    await kernel.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = kernel.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        reply = await client.execute_interactive("1 + 1", timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply
        return 1000 * (time.perf_counter() - start)
    finally:
        client.stop_channels()
        await kernel.shutdown_kernel(now=True)


class Ours:
    """A server's part: service, kernel spec manager and background work, in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manager = EnvlinkKernelSpecManager()
        self.service = Envlink(catalog=self.manager.catalog, menu=self.manager.menu)
        self.told = asyncio.Event()
        self.live = Live(self.service, lambda *_: self.told.set(), logging.getLogger())

    async def make(self, name: str, compiling: bool = True) -> Times:
        self.service.compile = compiling
        start = time.perf_counter()
        job = await asyncio.to_thread(self.service.life.create, Source(FILE.encode(), None, None), name)
        peak = WorkerPeak(self.service.queue.store.folder(job.id))
        while name not in self.manager.find_kernel_specs():
            self.told.clear()
            await asyncio.wait_for(self.told.wait(), 120)
            self._refuse_failure(job.id)
        listed = time.perf_counter()
        kernel = await first_cell(self.manager, name)
        whole = 1000 * (time.perf_counter() - start)
        progress = self.service.queue.store.load(job.id).progress
        worked = milliseconds(job.request.created, progress.finished or "")
        times = {"ms job": worked, "ms listed": 1000 * (listed - start), "ms kernel": kernel, "ms": whole}
        return {**times, "MB worker": peak.megabytes()}

    def _refuse_failure(self, job_id: str) -> None:
        error = self.service.queue.store.load(job_id).progress.error
        if error:
            raise SystemExit(f"the job failed: {error}")

    async def make_first(self, name: str) -> Times:
        """As if no environment had been made here before."""
        kept, aside = self.folder / ".cache" / "jupyter_envlink", self.folder / ".cache" / "aside"
        if kept.exists():
            kept.rename(aside)
        try:
            return await self.make(name)
        finally:
            await asyncio.to_thread(settle)
            shutil.rmtree(kept, ignore_errors=True)
            if aside.exists():
                aside.rename(kept)


async def raw(folder: Path, name: str) -> Times:
    """py-rattler, uv and a bare kernel, each in a process of its own."""
    prefix = folder / "envs" / name
    url = json.loads((folder / "url").read_text())
    start = time.perf_counter()
    await asyncio.to_thread(_raw_rattler.run, prefix, [url], [*SPECS, "pip"])
    installed = time.perf_counter()
    await asyncio.to_thread(checked, [uv(), "pip", "install", "--quiet", "--python", str(prefix), NAME])
    piped = time.perf_counter()
    kernel = await first_cell(Bare(prefix), "python3")
    times = {"ms rattler": installed - start, "ms uv": piped - installed, "ms": time.perf_counter() - start}
    return {**{what: 1000 * value for what, value in times.items()}, "ms kernel": kernel}


def uv() -> str:
    import uv

    return str(uv.find_uv_bin())


def checked(argv: list[str], options: Mapping[str, Any] | None = None) -> None:
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **(options or {}))
    if done.returncode:
        raise SystemExit(f"{argv} failed with {done.returncode}: {done.stderr.decode(errors='replace')}")


async def by_hand(program: str, folder: Path, name: str) -> Times:
    """What a person would type."""
    prefix = folder / "envs" / name
    argv = [program, *BY_HAND[program], "--yes", "--prefix", str(prefix), "--file", str(folder / "environment.yml")]
    start = time.perf_counter()
    await asyncio.to_thread(checked, argv, {"stdout": subprocess.DEVNULL})
    created = time.perf_counter()
    install = [f"{prefix}/bin/python", "-m", "ipykernel", "install", "--user", "--name", name]
    await asyncio.to_thread(checked, install, {"stdout": subprocess.DEVNULL})
    registered = time.perf_counter()
    kernel = await first_cell(KernelSpecManager(), name)
    times = {"ms create": created - start, "ms install": registered - created, "ms": time.perf_counter() - start}
    return {**{what: 1000 * value for what, value in times.items()}, "ms kernel": kernel}


async def measure(folder: Path, rounds: int) -> dict[str, Any]:
    prepare(folder)
    ours = Ours(folder)
    await ours.live.start()
    sides: dict[str, Callable[[str], Awaitable[Times]]] = {
        "raw": lambda name: raw(folder, name),
        "ours": ours.make,
        "ours, uncompiled": lambda name: ours.make(name, compiling=False),
        "ours, first": ours.make_first,
    }
    try:
        taken = await turns(sides, rounds)
    finally:
        await ours.live.stop()
    programs = [program for program in BY_HAND if shutil.which(program)]
    hands = {program: lambda name, program=program: by_hand(program, folder, name) for program in programs}
    taken |= await turns(hands, min(rounds, 2))
    ratios = [a["ms"] / b["ms"] for a, b in zip(taken["ours"], taken["raw"], strict=True)]
    ratio = statistics.median(ratios)
    sides_found = {side: medians(times) for side, times in taken.items()}
    return {"rounds": rounds, "limit": LIMIT, **sides_found, "ratio": round(ratio, 3), "ok": ratio <= LIMIT}


async def turns(sides: Mapping[str, Callable[[str], Awaitable[Times]]], rounds: int) -> dict[str, list[Times]]:
    """Each side ``rounds`` times, turn about, after a round that warms the caches and is not counted."""
    taken: dict[str, list[Times]] = {side: [] for side in sides}
    for number in range(-1, rounds):
        for side, make in sides.items():
            name = f"{''.join(letter for letter in side if letter.isalpha())}{number + 1}"
            times = await make(name)
            await asyncio.to_thread(settle)
            if number >= 0:
                taken[side].append(times)
    return taken


def medians(times: list[Times]) -> Times:
    return {what: round(statistics.median(each[what] for each in times), 1) for what in times[0]}


def prepare(folder: Path) -> None:
    """The file, the wheel, and where pip and uv find it."""
    from jupyter_envlink.planning import plan_of_text

    (folder / "environment.yml").write_text(FILE)
    (url,) = plan_of_text(FILE, None).channels.urls
    (folder / "url").write_text(json.dumps(url))
    wheels = str(wheel(folder / "wheels").parent)
    for tool in ("PIP", "UV"):
        os.environ[f"{tool}_NO_INDEX"] = "1"
        os.environ[f"{tool}_FIND_LINKS"] = wheels


def show(found: Mapping[str, Any]) -> str:
    def line(name: str, value: Any) -> str:
        shown = ", ".join(f"{what} {number:g}" for what, number in value.items()) if isinstance(value, dict) else value
        return f"{name:18} {shown}"

    return "\n".join(line(name, value) for name, value in found.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_cell", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    with machine() as folder:
        found = asyncio.run(measure(folder, arguments.rounds))
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
