"""What it costs to create an environment, against raw py-rattler: ``python -m benchmarks.create [--json]``.

Raw is ``rattler.solve`` and ``rattler.install`` of the same specs, from the same local channel and the same warm
cache, into the same file system. The two take turns in one run, and nothing is deleted before the end: deleting makes
ext4 slow for whoever comes next. Ours is a whole job, done by its worker; what a kernel's start imports is compiled in
it (taken over from earlier environments: the cache is warm). Compared is the work, from the solve to the last word,
against raw's solve and install. Beside it the whole, from the queueing on, against raw's whole process: there the
interpreter's start and what each side imports count, too.

Three times: on the local channel alone, whose few hundred records are found in no time, and with a channel of
conda-forge's size after it, served as one file for each platform, as every mirror does, and as shards. The limit is
for the one file; what we add (a Python's start to see whether it works, records, history) is the same for all three.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_envlink.request import Operation

from . import _raw_rattler
from ._jobs import Jobs
from ._own_machine import SERVED, channels, machine, settle

LIMIT = 1.15
LIMITED = "whole"
SPECS = ("python", "numpy", "tabulate")

Times = dict[str, float]


def file_of(urls: Sequence[str], specs: Sequence[str]) -> str:
    """The text of an environment file."""
    return f"name: bench\nchannels: {json.dumps(urls)}\ndependencies: {json.dumps(list(specs))}\n"


def measure(folder: Path, urls: Sequence[str], rounds: int) -> Times:
    """Medians of milliseconds, and of the rounds' own ratios."""
    from jupyter_envlink.planning import plan_of_text

    text = file_of(urls, SPECS)
    plan = plan_of_text(text, None)
    jobs = Jobs(folder)
    options = {"text": text, "path": None, "folder": None, "compile": True}

    def one(number: int) -> Times:
        raw = _raw_rattler.run(folder / "envs" / f"raw{number}", plan.channels.urls, plan.specs)
        ours = jobs.run(Operation.CREATE, f"ours{number}", options)
        settle()
        return compared(raw, ours)

    return medians(one, rounds)


def of_each(rounds: int, measured: Callable[[Path, Sequence[str], int], Times]) -> dict[str, Times]:
    """What ``measured`` finds, each time on a machine of its own: by how the channels are served."""
    found = {}
    for served_as in SERVED:
        with machine() as folder, channels(served_as) as urls:
            found[served_as] = measured(folder, urls, rounds)
    return found


def compared(raw: Times, ours: Times) -> Times:
    work = ours["ms job"] / (raw["ms raw solve"] + raw["ms raw install"])
    return {**raw, **ours, "ratio": work, "ratio whole": ours["ms whole"] / raw["ms raw whole"]}


def medians(one_round: Callable[[int], Times], rounds: int) -> Times:
    """Of all rounds but the first, which warms the caches."""
    one_round(-1)
    found = [one_round(number) for number in range(rounds)]
    return {name: round(statistics.median(each[name] for each in found), 3) for name in found[0]}


def show(found: Mapping[str, Any]) -> str:
    return "\n".join(
        f"{name}\n" + "\n".join(f"  {what:18} {each:10.2f}" for what, each in value.items())
        if isinstance(value, dict)
        else f"{name} {value}"
        for name, value in found.items()
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.create", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    times = of_each(arguments.rounds, measure)
    found = {"rounds": arguments.rounds, "limit": LIMIT, **times, "ok": times[LIMITED]["ratio"] <= LIMIT}
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
