"""What importing the server extension costs a server that starts: ``python -m benchmarks.importing [--json]``.

Each round is a fresh interpreter, which imports ``jupyter_server.serverapp`` first and then, timed, the extension.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys

LIMIT = 60.0
_CODE = """
import time
import jupyter_server.serverapp
start = time.perf_counter()
import jupyter_envlink.extension
imported = time.perf_counter()
import jupyter_envlink.live, jupyter_envlink.manager, jupyter_envlink.routes, jupyter_envlink.service
print(1000 * (imported - start), 1000 * (time.perf_counter() - start))
"""


def once() -> tuple[float, float]:
    """Milliseconds of the import, and of it with all that loading the extension imports, in a new interpreter."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    argv = [sys.executable, "-c", _CODE]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True, timeout=120)
    imported, loaded = map(float, done.stdout.split())
    return imported, loaded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description="Cost of the import.")
    parser.add_argument("--rounds", type=int, default=7, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    once()  # compiles what has not been imported yet
    times = [once() for _ in range(arguments.rounds)]
    imported, loaded = (round(statistics.median(each), 1) for each in zip(*times, strict=True))
    found = {"rounds": arguments.rounds, "limit": LIMIT, "ms import": imported, "ms loaded": loaded}
    found["ok"] = loaded <= LIMIT
    print(json.dumps(found) if arguments.json else "\n".join(f"{name:16} {value}" for name, value in found.items()))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
