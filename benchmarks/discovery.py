"""What it costs to list environments, against the floor: ``python -m benchmarks.discovery [--json]``.

The floor is what no listing in Python can do without: one ``os.scandir`` of each kernels folder and one read of each
``kernel.json``, nothing parsed. Everything is taken turn about in one process with a warm page cache; the ratios are
medians of the rounds' own ratios, so a noisy machine moves both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_envlink.catalog import Catalog

RECORDS = 30
KERNEL = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "metadata": {"debugger": True},
}


def build(folder: Path, count: int) -> None:
    """``count`` prefixes: half below a configured envs folder, half named in environments.txt; all with a kernel."""
    home, inside, outside = folder / "home", folder / "envs", folder / "projects"
    for i in range(count):
        make_environment((inside if i % 2 else outside) / f"env{i}")
    (home / ".conda").mkdir(parents=True)
    listed = "\n".join(str(path) for path in sorted(outside.iterdir()))
    (home / ".conda" / "environments.txt").write_text(listed + "\n")


def make_environment(prefix: Path) -> Path:
    meta, kernel = prefix / "conda-meta", prefix / "share" / "jupyter" / "kernels" / "python3"
    for made in (meta, kernel, prefix / "bin"):
        made.mkdir(parents=True)
    (meta / "history").write_text("==> 2026-01-01 00:00:00 <==\n")
    for i in range(RECORDS - 1):
        (meta / f"package{i}-1.{i}.0-h123456_{i}.json").write_text("{}")
    (meta / "python-3.11.7-hab00c5b_0_cpython.json").write_text("{}")
    (prefix / "bin" / "python3.11").touch()
    (prefix / "bin" / "python").symlink_to("python3.11")
    (kernel / "kernel.json").write_text(json.dumps(KERNEL))
    return prefix


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


def fresh(folder: Path) -> Catalog:
    environ = {"CONDA_ENVS_DIRS": str(folder / "envs"), "PATH": ""}
    return Catalog(environ=environ, home=folder / "home")


def rounds(folder: Path, count: int, times: int) -> dict[str, list[float]]:
    prefixes = [e.prefix for e in scanned(folder, count).snapshot.environments if e.prefix.startswith(str(folder))]
    assert len(prefixes) == count, f"{len(prefixes)} of {count} found"
    taken: dict[str, list[float]] = {"floor": [], "first": [], "again": []}
    for _ in range(times):
        catalog = fresh(folder)
        taken["floor"].append(milliseconds(lambda: floor(prefixes)))
        taken["first"].append(milliseconds(catalog.refresh))
        taken["again"].append(milliseconds(catalog.refresh))
    return taken


def scanned(folder: Path, count: int) -> Catalog:
    catalog = fresh(folder)
    catalog.refresh()
    return catalog


async def lag(folder: Path, times: int) -> list[float]:
    """The longest that a timer of 1 ms was late, in ms, in each of ``times`` first looks made in a thread."""
    return [await _lag_of(asyncio.to_thread(fresh(folder).refresh)) for _ in range(times)]


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
        taken = rounds(folder, count, times)
        lags, idle = asyncio.run(lag(folder, times)), asyncio.run(idle_lag(times))
    return {
        "environments": count,
        "rounds": times,
        "milliseconds": {name: round(statistics.median(values), 2) for name, values in taken.items()},
        "ratio_to_floor": {name: ratio(taken[name], taken["floor"]) for name in ("first", "again")},
        "loop_lag_milliseconds": {"median": round(statistics.median(lags), 2), "worst": round(max(lags), 2)},
        "idle_lag_milliseconds": {"median": round(statistics.median(idle), 2), "worst": round(max(idle), 2)},
    }


def ratio(values: list[float], base: list[float]) -> float:
    return round(statistics.median(value / least for value, least in zip(values, base, strict=True)), 2)


def report(result: dict[str, Any]) -> str:
    ms, ratios = result["milliseconds"], result["ratio_to_floor"]
    lags, idle = result["loop_lag_milliseconds"], result["idle_lag_milliseconds"]
    return (
        f"{result['environments']} environments, medians of {result['rounds']} rounds\n"
        f"  floor (scandir + read)  {ms['floor']:8.2f} ms\n"
        f"  first look              {ms['first']:8.2f} ms   {ratios['first']:.2f} x the floor\n"
        f"  nothing changed         {ms['again']:8.2f} ms   {ratios['again']:.2f} x the floor\n"
        f"  event loop late by      {lags['median']:8.2f} ms   worst {lags['worst']:.2f}"
        f"   (idle {idle['median']:.2f}, worst {idle['worst']:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [measure(count, options.rounds) for count in options.environments]
    print(json.dumps(results, indent=1) if options.json else "\n".join(map(report, results)))


if __name__ == "__main__":
    main()
