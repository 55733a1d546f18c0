"""What one change costs among many environments: ``python -m benchmarks.change [--json]``.

With 1000 and 5000 synthetic environments a kernel is added to one of them, or taken from it, and the catalog looks at
the disk again: how many environments it reads, and how long it takes over a look at which nothing has changed. The
same for a look at that environment alone, as whoever starts a kernel takes it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import Environment, prefix_id
from jupyter_envlink.locators import Found, Locator, Roots
from jupyter_envlink.locators.conda import CondaLocator

from .discovery import milliseconds
from .machine import CONDA, KERNEL, build
from .machine import catalog as fresh


class Counted:
    """conda's locator, that says how often it has read an environment."""

    kind = CondaLocator.kind

    def __init__(self) -> None:
        self._locator = CondaLocator()
        self.read = 0

    def discover(self, roots: Roots) -> Iterator[str]:
        return self._locator.discover(roots)

    def look(self, prefix: str) -> Found | None:
        found = self._locator.look(prefix)
        self.read += found is not None
        return found

    def identify(self, prefix: str) -> Environment | None:
        return self._locator.identify(prefix)


def changed(folder: Path, has_second: bool) -> str:
    """Add a second kernel to an environment, or take it away again; its prefix."""
    prefix = folder / "envs" / "env0"
    kernel = prefix / "share" / "jupyter" / "kernels" / "second"
    if has_second:
        kernel.mkdir()
        (kernel / "kernel.json").write_text(json.dumps(KERNEL))
    else:
        shutil.rmtree(kernel)
    return str(prefix)


def rounds(catalog: Catalog, counted: Counted, folder: Path, times: int) -> tuple[dict[str, list[float]], list[int]]:
    taken: dict[str, list[float]] = {"nothing": [], "everything": [], "alone": []}
    reads = []
    for _ in range(times):
        taken["nothing"].append(milliseconds(catalog.refresh))
        changed(folder, True)
        counted.read = 0
        taken["everything"].append(milliseconds(catalog.refresh))
        reads.append(counted.read)
        prefix = changed(folder, False)
        taken["alone"].append(milliseconds(lambda: catalog.current(prefix_id(prefix))))  # noqa: B023 - called at once
        assert len(catalog.get(prefix_id(prefix)).kernels) == 1
    return taken, reads


def measure(count: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        build(folder, count, CONDA)
        time.sleep(2.1)  # files younger than two seconds are read again each time
        catalog, counted = fresh(folder), Counted()
        locator: Locator = counted
        catalog.locators = (locator,)
        catalog.refresh()
        taken, reads = rounds(catalog, counted, folder, times)
    medians = {name: round(statistics.median(values), 2) for name, values in taken.items()}
    return {"environments": count, "rounds": times, "read": statistics.median(reads), "milliseconds": medians}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [measure(count, options.rounds) for count in options.environments]
    if options.json:
        print(json.dumps(results, indent=1))
        return
    for result in results:
        ms = result["milliseconds"]
        print(
            f"One change among {result['environments']} environments, medians of {result['rounds']} rounds\n"
            f"  a look, nothing changed {ms['nothing']:8.2f} ms\n"
            f"  a look, one changed     {ms['everything']:8.2f} ms   environments read: {result['read']:g}\n"
            f"  a look at that one      {ms['alone']:8.2f} ms"
        )


if __name__ == "__main__":
    main()
