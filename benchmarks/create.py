"""What it costs to create an environment, against raw py-rattler: ``python -m benchmarks.create [--json]``.

Raw is ``rattler.solve`` and ``rattler.install`` of the same specs, from the same local channel and the same warm
cache, into the same file system. The two take turns in one run, and nothing is deleted before the end: deleting makes
ext4 slow for whoever comes next. Ours is a whole job, done by its worker, whose own start (the interpreter, what it
imports, the plan, the lock) is counted apart. What the transaction adds is the install beyond raw's, and the verify.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

LIMIT = 1.25


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Medians of milliseconds, and of the rounds' own ratios."""
    from jupyter_envlink.planning import plan_of_text

    text = environment_file()
    plan = plan_of_text(text, None)
    found: dict[str, list[float]] = {}
    for number in range(-1, rounds):  # the first round warms the cache and is not counted
        for name, value in one_round(folder, number, text, plan).items():
            if number >= 0:
                found.setdefault(name, []).append(value)
    medians = {name: round(statistics.median(values), 3) for name, values in found.items()}
    return {"rounds": rounds, "limit": LIMIT, **medians, "ok": medians["ratio"] <= LIMIT}


def one_round(folder: Path, number: int, text: str, plan: Any) -> dict[str, float]:
    raw = raw_rattler(folder / "envs" / f"raw{number}", plan.channels.urls, plan.specs)
    ours = job(folder, f"ours{number}", text)
    work = ours["ms job"] / (raw["ms raw solve"] + raw["ms raw install"])
    return {**raw, **ours, "ratio": work}


def raw_rattler(prefix: Path, urls: tuple[str, ...], specs: tuple[str, ...]) -> dict[str, float]:
    (url,) = urls
    argv = [sys.executable, "-m", "benchmarks._raw_rattler", str(prefix), os.environ["RATTLER_CACHE_DIR"], url, *specs]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    times: dict[str, float] = json.loads(done.stdout)
    return times


def job(folder: Path, name: str, text: str) -> dict[str, float]:
    """One job from its queueing to its end, by the times in its own record."""
    from jupyter_envlink.jobs.launchers.local import LocalLauncher
    from jupyter_envlink.jobs.queue import JobQueue
    from jupyter_envlink.jobs.store import JobStore
    from jupyter_envlink.request import Operation

    queue = JobQueue(JobStore(folder / "jobs"), LocalLauncher(), 1, os.environ)
    root = str(folder / "envs")
    options = {"text": text, "path": None, "folder": None}
    made = queue.submit(Operation.CREATE, name, f"{root}/{name}", root, options)
    while not (made := queue.store.load(made.id)).status.final:
        time.sleep(0.05)
        queue.tick()
    if made.progress.error or not made.progress.finished:
        raise SystemExit(f"the job failed: {made.progress.error}")
    begun = {
        each["phase"]: each["time"] for each in reversed(queue.store.whole_log(made.id)) if each["kind"] == "phase"
    }
    stamps = [made.request.created, begun["solving"], begun["downloading"], begun["verifying"], made.progress.finished]
    start, solve, install, verify = (milliseconds(a, b) for a, b in itertools.pairwise(stamps))
    return {
        "ms worker start": start,
        "ms solve": solve,
        "ms install": install,
        "ms verify": verify,
        "ms job": milliseconds(begun["solving"], made.progress.finished),
    }


def milliseconds(first: str, second: str) -> float:
    a, b = (datetime.fromisoformat(each.replace("Z", "+00:00")) for each in (first, second))
    return 1000 * (b - a).total_seconds()


def environment_file() -> str:
    return "name: bench\nchannels: [conda-forge]\ndependencies: [python, numpy, tabulate]\n"


@contextmanager
def machine() -> Iterator[Path]:
    """A folder that is the whole machine: home, configuration, environments and caches."""
    from tests.channel import build, other_pythons, write_condarc

    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or Path(tempfile.gettempdir(), "jupyter_envlink-benchmarks"))
    channel = build(cache / "channel", pythons=[Path(sys.executable), *other_pythons()[:1]])
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="envlink-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_condarc(folder / "condarc", channel.url, folder / "envs", folder / "pkgs")
        settings = {"HOME": folder, "CONDARC": folder / "condarc", "RATTLER_CACHE_DIR": folder / "cache"}
        os.environ.update({key: str(value) for key, value in settings.items()})
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ.update(before)


def show(found: Mapping[str, Any]) -> str:
    return "\n".join(f"{name:16} {value}" for name, value in found.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.create", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    with machine() as folder:
        found = measure(folder, arguments.rounds)
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
