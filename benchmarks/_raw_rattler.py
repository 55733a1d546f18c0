"""Raw py-rattler in a process of its own: ``python -m benchmarks._raw_rattler PREFIX CACHE URL SPEC…`` prints JSON.

A worker is a new process, too: what rattler sets up at its first use (threads, clients) is in both sides' times. The
interpreter's start and the imports are in neither.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import rattler


async def work(prefix: str, cache: Path, url: str, specs: list[str]) -> dict[str, float]:
    """Milliseconds of the solve and of the install."""
    start = time.perf_counter()
    gateway = rattler.Gateway(cache_dir=cache / "repodata")
    virtual = rattler.VirtualPackage.detect()
    records = await rattler.solve([rattler.Channel(url)], specs, gateway=gateway, virtual_packages=virtual)
    solved = time.perf_counter()
    await rattler.install(records, prefix, cache_dir=cache, show_progress=False)
    installed = time.perf_counter()
    return {"ms raw solve": 1000 * (solved - start), "ms raw install": 1000 * (installed - solved)}


if __name__ == "__main__":
    prefix, cache, url, *specs = sys.argv[1:]
    print(json.dumps(asyncio.run(work(prefix, Path(cache), url, specs))))
