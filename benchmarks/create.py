"""What it costs to create an environment, against raw py-rattler: ``python -m benchmarks.create [--json]``.

Raw is ``rattler.solve`` and ``rattler.install`` of the same specs, from the same local channel and the same warm
cache, into the same file system. The two take turns in one run, and nothing is deleted before the end: deleting makes
ext4 slow for whoever comes next. Ours is a whole job, done by its worker; what a kernel's start imports is compiled in
it (taken over from earlier environments: the cache is warm). The limit is for the work, from the solve to the last
word, against raw's solve and install. Beside it the whole, from the queueing on, against raw's whole process: there the
interpreter's start and what each side imports count, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_envlink.request import Operation

from . import _raw_rattler
from ._jobs import Jobs
from ._own_machine import machine, settle

LIMIT = 1.15
FILE = "name: bench\nchannels: [conda-forge]\ndependencies: [python, numpy, tabulate]\n"

Times = dict[str, float]


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Medians of milliseconds, and of the rounds' own ratios."""
    from jupyter_envlink.planning import plan_of_text

    plan = plan_of_text(FILE, None)
    (url,) = plan.channels.urls
    jobs = Jobs(folder)
    options = {"text": FILE, "path": None, "folder": None, "compile": True}

    def one(number: int) -> Times:
        raw = _raw_rattler.run(folder / "envs" / f"raw{number}", url, plan.specs)
        ours = jobs.run(Operation.CREATE, f"ours{number}", options)
        settle()
        return compared(raw, ours)

    return {"rounds": rounds, "limit": LIMIT, **within(LIMIT, medians(one, rounds))}


def compared(raw: Times, ours: Times) -> Times:
    work = ours["ms job"] / (raw["ms raw solve"] + raw["ms raw install"])
    return {**raw, **ours, "ratio": work, "ratio whole": ours["ms whole"] / raw["ms raw whole"]}


def medians(one_round: Callable[[int], Times], rounds: int) -> Times:
    """Of all rounds but the first, which warms the caches."""
    one_round(-1)
    found = [one_round(number) for number in range(rounds)]
    return {name: round(statistics.median(each[name] for each in found), 3) for name in found[0]}


def within(limit: float, found: Times) -> dict[str, Any]:
    return {**found, "ok": found["ratio"] <= limit}


def show(found: Mapping[str, Any]) -> str:
    return "\n".join(f"{name:16} {value}" for name, value in found.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.create", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    with machine() as folder:
        found = measure(folder, arguments.rounds)
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
