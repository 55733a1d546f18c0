"""What an environment costs in memory: ``python -m benchmarks.memory [--json]``.

A fresh process looks at 2000 synthetic environments and makes Jupyter's menu of them. What counts is by how much its
own memory (USS, the pages that no other process shares) has grown since it had looked at 10: that is when everything
is imported. Divided by the number, it includes Python's own overhead.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.menu import KernelMenu

from .machine import build, catalog

LIMIT_KB = 8.0
FEW = 10


def used() -> int:
    gc.collect()
    return int(psutil.Process().memory_full_info().uss)


def scanned(folder: Path, count: int) -> Catalog:
    looked = catalog(folder)
    looked.refresh()
    looked.refresh()
    assert len(looked.snapshot.environments) >= count
    return looked


def menu(catalog: Catalog, folder: Path) -> KernelMenu:
    made = KernelMenu(catalog=catalog, data_dir=str(folder / "data"), native=None)
    assert len(made.settled_models()) >= len(catalog.snapshot.environments)
    return made


def measure(folder: Path, count: int) -> dict[str, Any]:
    """In this process, which must be a fresh one; ``folder`` has a home with few environments and one with many."""
    few = scanned(folder / "few", FEW)
    kept: list[Any] = [few, menu(few, folder / "few")]
    before = used()
    many = scanned(folder / "many", count)
    looked = used()
    kept += [many, menu(many, folder / "many")]
    listed = used()
    per_environment = {"catalog": looked - before, "menu": listed - looked, "both": listed - before}
    kilobytes = {what: round(grown / count / 1000, 1) for what, grown in per_environment.items()}
    return {"environments": count, "kilobytes": kilobytes, "limit": LIMIT_KB}


def measured(count: int) -> dict[str, Any]:
    """In a process that has not made the environments itself."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        build(folder / "few", FEW)
        build(folder / "many", count)
        argv = [sys.executable, "-m", "benchmarks.memory", f"--here={folder}", f"--environments={count}"]
        found: dict[str, Any] = json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, default=2000)
    parser.add_argument("--here", type=Path, help="measure in this process, what lies in that folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.here, options.environments)))
        return
    result = measured(options.environments)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    size = result["kilobytes"]
    print(
        f"Memory per environment, {result['environments']} environments\n"
        f"  catalog {size['catalog']:5.1f} kB\n  menu    {size['menu']:5.1f} kB\n"
        f"  both    {size['both']:5.1f} kB   (limit {LIMIT_KB:g} kB)"
    )


if __name__ == "__main__":
    main()
