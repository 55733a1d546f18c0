"""What it costs to clone an environment of 300 MB, against ``cp -al``: ``python -m benchmarks.clone [--json]``.

``cp -al`` makes hard links of every file, and no clone of it would work. ``links`` is the clone in which a transaction
changes an environment: hard links, and copies of what package managers write into. ``relocated`` is the one that works
at another place (``jupyter envlink clone``): files that hold the path are rewritten, those of a person and of pip are
copied. The environment is a real one, with a few packages of pip's, and a package of random bytes up to 300 MB. The
three take turns in one run, and nothing is deleted before the end: deleting makes ext4 slow for whoever comes next.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_envlink.relocation import clone_to, spellings
from jupyter_envlink.tree import clone

from ._own_machine import machine
from ._raw_rattler import run as raw_rattler

LIMIT = 1.2
SIZE = 300_000_000
_EACH = 60_000
SPECS = ("python", "ipykernel", "numpy", "pip")
PIP = ("humanize", "tabulate")


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Medians of milliseconds, and of the rounds' own ratios to ``cp -al``."""
    prefix = folder / "envs" / "original"
    build(prefix)
    found: dict[str, list[float]] = {}
    for number in range(-1, rounds):  # the first round is not counted
        taken = {name: seconds(way, prefix, folder / f"{name}{number}") for name, way in WAYS.items()}
        if number >= 0:
            for name, value in taken.items():
                found.setdefault(f"ms {name}", []).append(1000 * value)
                found.setdefault(f"ratio {name}", []).append(value / taken["cp"])
    medians = {name: round(statistics.median(values), 2) for name, values in found.items() if name != "ratio cp"}
    ok = max(medians["ratio links"], medians["ratio relocated"]) <= LIMIT
    return {**size(prefix), "rounds": rounds, "limit": LIMIT, **medians, "ok": ok}


def by_cp(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-al", source, target], check=True)


def by_links(source: Path, target: Path) -> None:
    clone(str(source), str(target))


def relocated(source: Path, target: Path) -> None:
    clone_to(str(source), str(target), spellings(str(source)), str(target))


WAYS: Mapping[str, Callable[[Path, Path], None]] = {"cp": by_cp, "links": by_links, "relocated": relocated}


def seconds(way: Callable[[Path, Path], None], source: Path, target: Path) -> float:
    begin = time.perf_counter()
    way(source, target)
    return time.perf_counter() - begin


def build(prefix: Path) -> None:
    from jupyter_envlink.planning import plan_of_text

    plan = plan_of_text(f"name: x\nchannels: [conda-forge]\ndependencies: {list(SPECS)}\n", None)
    raw_rattler(prefix, plan.channels.urls, SPECS)
    (prefix / "conda-meta" / "history").write_text("==> 2026-01-01 00:00:00 <==\n# cmd: conda create\n")
    _install_pip(prefix)
    _fill(prefix, SIZE - size(prefix)["MB"] * 1_000_000)


def _install_pip(prefix: Path) -> None:
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or Path(tempfile.gettempdir(), "jupyter_envlink-benchmarks"))
    argv = [prefix / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    options = ["--root-user-action=ignore", "--find-links", cache / "channel" / "wheels"]
    subprocess.run([*argv, *options, *PIP], check=True)


def _fill(prefix: Path, missing: float) -> None:
    """A package of as many bytes as are missing, recorded as conda records it."""
    paths = [f"share/ballast/{number % 50}/{number}.bin" for number in range(int(missing / _EACH))]
    content = random.Random(0)
    for each in paths:
        path = prefix / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.randbytes(_EACH))
    listed = [{"_path": each, "path_type": "hardlink", "size_in_bytes": _EACH} for each in paths]
    record = {"name": "ballast", "version": "1", "build": "0", "paths_data": {"paths": listed, "paths_version": 1}}
    (prefix / "conda-meta" / "ballast-1-0.json").write_text(json.dumps(record))


def size(prefix: Path) -> dict[str, int]:
    files = [path.lstat().st_size for path in prefix.rglob("*") if not path.is_dir()]
    return {"MB": sum(files) // 1_000_000, "files": len(files)}


def show(found: Mapping[str, Any]) -> str:
    return "\n".join(f"{name:16} {value}" for name, value in found.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clone", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    if not shutil.which("cp") or sys.platform == "win32":
        print("There is no cp -al to compare with.")
        return 0
    with machine() as folder:
        found = measure(folder, arguments.rounds)
    print(json.dumps(found) if arguments.json else show(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
