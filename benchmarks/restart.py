"""From the start of a server's process to its first full menu: ``python -m benchmarks.restart [--json]``.

Two Jupyter servers are started turn about on a machine with 1000 synthetic environments: a stock one, which lists its
own kernel, and one with envlink, whose first answer to ``GET /api/kernelspecs`` must hold them all. Asking begins with
the process and goes on until it answers. What counts is the median of the rounds' own differences.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from .kernelspecs import environ, get
from .machine import build

LIMIT_SECONDS = 0.5
START_WITHIN = 60.0


def seconds(folder: Path, envlink: bool, least: int) -> float:
    """Until a fresh server has answered with at least so many kernels; its first answer must."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    extensions = {"jupyter_envlink": envlink, "jupyterlab": False, "notebook": False, "jupyter_lsp": False}
    argv = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--log-level=ERROR"]
    argv += [f"--port={port}", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder / 'projects'}"]
    argv += [f"--ServerApp.jpserver_extensions={extensions!r}", "--Registrar.register=none"]
    begin = time.perf_counter()
    process = subprocess.Popen(argv, env=environ(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        count = len(first_answer(port)["kernelspecs"])
        taken = time.perf_counter() - begin
    finally:
        process.kill()
        process.wait(10)
    assert count >= least, f"the first answer has {count} kernels"
    return taken


def first_answer(port: int) -> Any:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            return json.loads(get(connection, "/api/kernelspecs"))
        time.sleep(0.005)
    raise TimeoutError(f"no server answered on port {port}")


def measure(count: int, times: int) -> dict[str, Any]:
    taken: dict[str, list[float]] = {"stock": [], "envlink": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        build(folder, count)
        for number in range(times + 1):
            for kind in ("stock", "envlink"):
                lasted = seconds(folder, kind == "envlink", count if kind == "envlink" else 1)
                if number:  # the first round fills the caches of the disk
                    taken[kind].append(lasted)
    more = [ours - stock for ours, stock in zip(taken["envlink"], taken["stock"], strict=True)]
    return {
        "environments": count,
        "rounds": times,
        "seconds": {kind: round(statistics.median(values), 3) for kind, values in taken.items()},
        "over_stock": round(statistics.median(more), 3),
        "limit": LIMIT_SECONDS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.environments, options.rounds)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(
        f"From a server's start to its first full menu, {result['environments']} environments, medians of"
        f" {result['rounds']} rounds\n"
        f"  stock server {result['seconds']['stock']:6.2f} s\n"
        f"  with envlink {result['seconds']['envlink']:6.2f} s   {result['over_stock']:.2f} s more"
        f" (limit {LIMIT_SECONDS:g} s)"
    )


if __name__ == "__main__":
    main()
