"""What it costs to list environments of mixed kinds, against the floor: ``python -m benchmarks.discovery [--json]``.

The floor is what no listing in Python can do without: one ``os.scandir`` of each kernels folder and one read of each
``kernel.json``, nothing parsed. Everything is taken turn about with a warm page cache; the ratios are medians of the
rounds' own ratios, so a noisy machine moves both sides. ``first`` and ``again`` are two looks in a running process,
``cold`` is a first look in a fresh one, as it is with each start of a server after the first: what changed since the
last one is read. ``first ever`` has nothing of a last one. ``growth`` is the exponent by which a first look grows with
the number of environments: 1 is linear. ``--picture FILE`` draws it all.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_envlink.live import SWITCH
from jupyter_envlink.locators import projects

from .machine import build, catalog
from .scaling import picture

MANY = 100
"""From so many environments on what each of them costs outweighs what a look costs anyway."""


def floor(prefixes: list[str]) -> None:
    for prefix in prefixes:
        with os.scandir(f"{prefix}/share/jupyter/kernels") as entries:
            for entry in entries:
                with open(f"{entry.path}/kernel.json", "rb") as file:
                    file.read()


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def rounds(folder: Path, prefixes: list[str], times: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"floor": [], "first": [], "again": []}
    for _ in range(times):
        looked = catalog(folder)
        forget()
        taken["floor"].append(milliseconds(lambda: floor(prefixes)))
        taken["first"].append(milliseconds(looked.refresh))
        taken["again"].append(milliseconds(looked.refresh))
    return taken


def forget() -> None:
    """What the process remembers of folders and files from the round before."""
    for remembered in (projects._listing, projects._children):
        remembered.cache_clear()


def found(folder: Path, count: int) -> list[str]:
    looked = catalog(folder, str(folder / "data"))
    looked.refresh()
    looked.keep()
    prefixes = [e.prefix for e in looked.snapshot.environments if e.prefix.startswith(str(folder)) and e.kernels]
    assert len(prefixes) == count, f"{len(prefixes)} of {count} found"
    return prefixes


def cold(folder: Path, times: int, mode: str) -> dict[str, list[float]]:
    """First looks of as many fresh processes."""
    runs = [fresh_process(folder, mode) for _ in range(times)]
    return {name: [run[name] for run in runs] for name in ("floor", "first")}


def fresh_process(folder: Path, mode: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._cold", str(folder), mode]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


async def lag(folder: Path, times: int) -> list[float]:
    """The longest that a timer of 1 ms was late, in ms, in each of ``times`` first looks made in a thread.

    As in a server (``Live.start``) what was there before is no matter to the garbage collection, and threads take turns
    of a millisecond.
    """
    late = []
    sys.setswitchinterval(SWITCH)
    for _ in range(times):
        gc.collect()
        gc.freeze()
        late.append(await _lag_of(asyncio.to_thread(catalog(folder).refresh)))
    gc.unfreeze()
    return late


async def idle_lag(times: int) -> list[float]:
    """The same with nothing going on: what this machine does to any event loop."""
    return [await _lag_of(asyncio.sleep(0.05)) for _ in range(times)]


async def _lag_of(work: Any) -> float:
    task, worst = asyncio.ensure_future(work), 0.0
    while not task.done():
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - start - 0.001)
    await task
    return worst * 1000


def measure(count: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        build(folder, count)
        time.sleep(2.1)  # files younger than two seconds are read again each time
        prefixes = found(folder, count)
        (folder / "prefixes").write_text("\n".join(prefixes))
        taken = rounds(folder, prefixes, times)
        fresh, ever = (cold(folder, max(3, times // 2), mode) for mode in ("kept", "ever"))
        lags, idle = asyncio.run(lag(folder, times)), asyncio.run(idle_lag(times))
        memory = fresh_process(folder, "memory")["bytes"]
    apart = {"cold": fresh, "first_ever": ever}
    ratios = {name: ratio(taken[name], taken["floor"]) for name in ("first", "again")}
    return {
        "environments": count,
        "rounds": times,
        "milliseconds": {name: round(statistics.median(values), 2) for name, values in taken.items()},
        "cold_milliseconds": {name: round(statistics.median(values), 2) for name, values in fresh.items()},
        "first_ever_milliseconds": {name: round(statistics.median(values), 2) for name, values in ever.items()},
        "ratio_to_floor": {**ratios, **{name: ratio(of["first"], of["floor"]) for name, of in apart.items()}},
        "loop_lag_milliseconds": {"median": round(statistics.median(lags), 2), "worst": round(max(lags), 2)},
        "idle_lag_milliseconds": {"median": round(statistics.median(idle), 2), "worst": round(max(idle), 2)},
        "bytes_per_environment": round(memory / count),
    }


def ratio(values: list[float], base: list[float]) -> float:
    return round(statistics.median(value / least for value, least in zip(values, base, strict=True)), 2)


def growth(results: Sequence[dict[str, Any]]) -> float:
    """The slope of a line through the first looks, both axes logarithmic; few environments tell of what is fixed."""
    many = [result for result in results if result["environments"] >= MANY]
    points = [(math.log(r["environments"]), math.log(r["milliseconds"]["first"])) for r in many]
    return round(statistics.linear_regression(*zip(*points, strict=True)).slope, 2)


def report(result: dict[str, Any]) -> str:
    ms, fresh, ratios = result["milliseconds"], result["cold_milliseconds"], result["ratio_to_floor"]
    ever = result["first_ever_milliseconds"]
    lags, idle = result["loop_lag_milliseconds"], result["idle_lag_milliseconds"]
    return (
        f"{result['environments']} environments, medians of {result['rounds']} rounds\n"
        f"  floor (scandir + read)  {ms['floor']:8.2f} ms\n"
        f"  first look              {ms['first']:8.2f} ms   {ratios['first']:.2f} x the floor\n"
        f"  nothing changed         {ms['again']:8.2f} ms   {ratios['again']:.2f} x the floor\n"
        f"  first in a new process  {fresh['first']:8.2f} ms   {ratios['cold']:.2f} x its floor\n"
        f"  first of all            {ever['first']:8.2f} ms   {ratios['first_ever']:.2f} x its floor\n"
        f"  event loop late by      {lags['median']:8.2f} ms   worst {lags['worst']:.2f}"
        f"   (idle {idle['median']:.2f}, worst {idle['worst']:.2f})\n"
        f"  memory                  {result['bytes_per_environment']:8d} bytes an environment"
    )


def drawn(results: Sequence[dict[str, Any]]) -> str:
    lines = {
        "first look": [r["milliseconds"]["first"] for r in results],
        "nothing changed": [r["milliseconds"]["again"] for r in results],
        "floor: scandir + read": [r["milliseconds"]["floor"] for r in results],
    }
    return picture("A look at the disk", [r["environments"] for r in results], lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, nargs="+", default=[10, 100, 1000, 5000])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write a picture of the scaling, an SVG")
    options = parser.parse_args()
    results = [measure(count, options.rounds) for count in options.environments]
    print(json.dumps(results, indent=1) if options.json else "\n".join(map(report, results)))
    if sum(count >= MANY for count in options.environments) > 1 and not options.json:
        print(f"a first look grows with the environments to the power of {growth(results)}")
    if options.picture:
        options.picture.write_text(drawn(results))


if __name__ == "__main__":
    main()
