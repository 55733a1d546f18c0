"""Raw py-rattler in a process of its own: ``python -m benchmarks._raw_rattler PREFIX CACHE URL,… SPEC…`` prints JSON.

It creates the environment, or changes it in place where there is one. A worker is a new process, too: what rattler sets
up at its first use (threads, clients) is in both sides' times. The interpreter's start and the imports are told apart.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import rattler


def run(prefix: Path, urls: Sequence[str], specs: Sequence[str]) -> dict[str, float]:
    """Do it in a new process; milliseconds of its parts and of the whole process."""
    there = [str(prefix), os.environ["RATTLER_CACHE_DIR"], ",".join(urls)]
    argv = [sys.executable, "-m", "benchmarks._raw_rattler", *there, *specs]
    start = time.perf_counter()
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    times: dict[str, float] = json.loads(done.stdout)
    return {**times, "ms raw whole": 1000 * (time.perf_counter() - start)}


def records_of(prefix: str) -> list[rattler.PrefixRecord]:
    return [rattler.PrefixRecord.from_path(path) for path in sorted(Path(prefix, "conda-meta").glob("*.json"))]


async def work(prefix: str, cache: Path, urls: Sequence[str], specs: list[str]) -> dict[str, float]:
    """Milliseconds of the solve and of the install. What is installed stays where it can."""
    start = time.perf_counter()
    there = records_of(prefix)
    gateway = rattler.Gateway(cache_dir=cache / "repodata")
    virtual = rattler.VirtualPackage.detect()
    channels = [rattler.Channel(url) for url in urls]
    records = await rattler.solve(channels, specs, gateway=gateway, virtual_packages=virtual, locked_packages=there)
    solved = time.perf_counter()
    await rattler.install(records, prefix, cache_dir=cache, show_progress=False)
    installed = time.perf_counter()
    return {"ms raw solve": 1000 * (solved - start), "ms raw install": 1000 * (installed - solved)}


if __name__ == "__main__":
    prefix, cache, urls, *specs = sys.argv[1:]
    print(json.dumps(asyncio.run(work(prefix, Path(cache), urls.split(","), specs))), flush=True)
    os._exit(0)  # rattler's threads may abort an interpreter that ends in the usual way
