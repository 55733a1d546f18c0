"""What updating an environment costs, against raw py-rattler: ``python -m benchmarks.update [--json]``.

1. A file that changes nothing: the whole job, from its queueing to its last word. At most 0.5 s, however large the
   channel: it is not asked.
2. A file that changes one package: at most 1.3 times what raw py-rattler takes to solve and install the same, in a
   process of its own, in place (the environment of before is then gone, and a crash leaves half of both). Ours works in
   a clone, keeps what was before as a generation, and looks whether the result works. Compared is the work, from
   the solve to the last word; beside it the whole, from the queueing on, against raw's whole process.

The two take turns; both environments are of the same packages. Three times, as ``benchmarks.create`` says: the clone
is made while a solution is looked for, so that on a channel of conda-forge's size nobody waits for it. On the small one
the solve takes no time, and the clone is most of what there is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.request import Operation
from jupyter_envlink.updating import Target, asks_for_others

from . import _raw_rattler
from ._jobs import Jobs
from ._own_machine import settle
from .create import LIMITED, Times, compared, file_of, medians, of_each, show

LIMIT, LIMIT_MS = 1.3, 500.0
VERSIONS = ("0.8.10", "0.9.0")


def specs(version: str) -> list[str]:
    return ["python", "ipykernel", "numpy", f"tabulate={version}"]


class Updated:
    """Two environments of the same packages: raw py-rattler's, and ours."""

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        from jupyter_envlink.planning import plan_of_text

        self.jobs = Jobs(folder)
        self.raw = folder / "envs" / "raw"
        self._channels = urls
        self.urls = plan_of_text(file_of(urls, []), None).channels.urls
        self.change_raw(VERSIONS[1])
        self.jobs.run(Operation.CREATE, "ours", self._options(VERSIONS[1]))
        settle()

    def change_raw(self, version: str) -> Times:
        return _raw_rattler.run(self.raw, self.urls, specs(version))

    def change(self, version: str) -> Times:
        prefix = f"{self.jobs.root}/ours"
        target = Target(prefix_id(prefix), "ours", prefix, prune=False, keeps_kernel=True)
        ahead = asks_for_others(target, specs(version), None)  # as the service does
        options = {**self._options(version), "target": asdict(target), "ahead": ahead, "keep_generations": 3}
        times = self.jobs.run(Operation.UPDATE, "ours", options)
        settle()
        return times

    def _options(self, version: str) -> dict[str, Any]:
        return {"text": file_of(self._channels, specs(version)), "path": None, "folder": None, "compile": True}


def measure(folder: Path, urls: Sequence[str], rounds: int) -> Times:
    both = Updated(folder, urls)

    def one(number: int) -> Times:
        version = VERSIONS[number % 2]
        times = compared(both.change_raw(version), both.change(version))
        return {**times, **{f"{name}, nothing": value for name, value in both.change(version).items()}}

    return medians(one, rounds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.update", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    times = of_each(arguments.rounds, measure)
    slowest = max(each["ms whole, nothing"] for each in times.values())
    ok = times[LIMITED]["ratio"] <= LIMIT and slowest <= LIMIT_MS
    found = {"rounds": arguments.rounds, "limit": LIMIT, "limit ms, nothing": LIMIT_MS, **times, "ok": ok}
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
