"""What completing a package's name costs: ``python -m benchmarks.search [--json]``.

A channel of conda-forge's size (30,000 names, a million records), served over HTTP as one file for each platform and as
shards, behind a real server: milliseconds of the first search, which loads the index; of searches as one types, which
ask for names that nobody has asked for before, at the median and at worst; and by how many the server's loop was held
meanwhile. The limits are 50 ms warm, at the median, and 20 ms for the loop. In shards, the versions of a
name that comes into sight are one more question to the channel, once.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import rattler

from tests.channel import write_condarc

from ._big_channel import big_channel
from .plan import milliseconds, served
from .server_lag import Server, server

LIMIT_MS, LAG_MS = 50.0, 20.0
TYPED = ("package-12345", "age-2", "package-777", "29", "kage-15", "package-20001")
"""Each is typed key by key."""


def typing(made: Server, asked: str) -> list[float]:
    """Milliseconds of each search."""
    taken = []
    for word in TYPED:
        for end in range(1, len(word) + 1):
            start = time.perf_counter()
            found = made.ask(f"envlink/api/packages?query={word[:end]}&limit=20&{asked}")
            taken.append(1000 * (time.perf_counter() - start))
            assert found["packages"], word[:end]
            assert all(each["version"] for each in found["packages"]), found
    return taken


def of_a_server(folder: Path, url: str) -> dict[str, float]:
    """Milliseconds of the first search, and of those that follow, and the worst lag of the loop meanwhile."""
    asked = f"channel={url}&channel=nodefaults"
    with server(folder, envlink=True) as made:
        time.sleep(3)
        idle = made.worst()
        first = milliseconds(lambda: made.ask(f"envlink/api/packages?query=package-1&{asked}", within=600), 1)
        lags = [made.worst()]
        new, again = typing(made, asked), typing(made, asked)
        lags.append(made.worst())
    return {
        "ms first": first,
        "ms typed": statistics.median(new),
        "ms typed worst": max(new),
        "ms again": statistics.median(again),
        "ms lag idle": idle,
        "ms lag": max(lags),
    }


def measure() -> dict[str, Any]:
    cache = Path(tempfile.gettempdir(), "jupyter_envlink-benchmarks", "big-channel")
    big = big_channel(cache, str(rattler.Subdir.current()))
    found: dict[str, Any] = {"limit_ms": LIMIT_MS, "limit_lag_ms": LAG_MS}
    with tempfile.TemporaryDirectory(prefix="envlink-bench-") as name, served(big) as url:
        folder = Path(name).resolve()
        write_condarc(folder / "condarc", url, folder / "envs", folder / "pkgs")
        (folder / "home").mkdir()
        for kind in ("whole", "sharded"):
            os.environ["RATTLER_CACHE_DIR"] = str(folder / f"cache-{kind}")
            found[kind] = of_a_server(folder, f"{url}/{kind}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure()
    print(
        json.dumps(found) if arguments.json else "\n".join(text_of(kind, found[kind]) for kind in ("whole", "sharded"))
    )


def text_of(kind: str, each: dict[str, float]) -> str:
    typed = (
        f"{each['ms typed']:.1f} ms, at worst {each['ms typed worst']:.0f} ms, asked again {each['ms again']:.1f} ms"
    )
    lag = f"{each['ms lag']:.1f} ms at worst (limit {LAG_MS:g} ms, idle {each['ms lag idle']:.1f} ms)"
    return (
        f"A million records, {kind}: first search {each['ms first']:.0f} ms,\n"
        f"  as one types {typed} (limit {LIMIT_MS:g} ms),\n"
        f"  the server's loop held {lag}"
    )


if __name__ == "__main__":
    main()
