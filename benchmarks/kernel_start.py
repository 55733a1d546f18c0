"""What starting a kernel costs, against its bare command: ``python -m benchmarks.kernel_start [--json]``.

From ``start_kernel`` to the first answer of the kernel, in real environments from the local test channel (or
``--prefix``): a plain one, and one whose packages have ``activate.d`` scripts, which are run once, before. The floor is
``PREFIX/bin/python -m ipykernel_launcher`` with nothing activated; ours is the kernel as the kernel spec manager offers
it, activated. Turn about; the ratio is the median of the rounds' own ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import platformdirs
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager
from tests.channel import build, other_pythons
from tests.prefixes import real

from .discovery import ratio


class Bare(KernelSpecManager):
    """Knows one kernel, which is nothing but the command that starts it."""

    def __init__(self, python: str) -> None:
        super().__init__()
        self._argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=list(self._argv), language="python", name=kernel_name)


def milliseconds(specs: KernelSpecManager, name: str) -> float:
    kernel = KernelManager(kernel_name=name, kernel_spec_manager=specs)
    start = time.perf_counter()
    kernel.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    taken = time.perf_counter() - start
    client.stop_channels()
    kernel.shutdown_kernel(now=True)
    return taken * 1000


def measure(prefix: Path, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        catalog = Catalog(environ={"CONDA_ENVS_DIRS": str(prefix.parent), "PATH": ""}, home=Path(data))
        ours = EnvlinkKernelSpecManager(catalog=catalog, data_dir=data, kernel_dirs=[])
        ours.find_kernel_specs()
        ours.menu.prepare()
        name = name_of(ours, prefix)
        bare = Bare(ours.get_kernel_spec(name).argv[0])
        taken = rounds(ours, bare, name, times)
    return {
        "rounds": times,
        "milliseconds": {which: round(statistics.median(values), 1) for which, values in taken.items()},
        "ratio_to_floor": ratio(taken["ours"], taken["floor"]),
    }


def name_of(specs: EnvlinkKernelSpecManager, prefix: Path) -> str:
    return next(link.name for link in specs.menu.links() if link.environment.prefix == str(prefix.resolve()))


def rounds(ours: KernelSpecManager, bare: KernelSpecManager, name: str, times: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"floor": [], "ours": []}
    milliseconds(bare, name)  # the first one compiles the environment's modules
    for turn in range(times):
        order = [("floor", bare), ("ours", ours)]
        for which, specs in order if turn % 2 else reversed(order):
            taken[which].append(milliseconds(specs, name))
    return taken


def made(folder: Path) -> dict[str, Path]:
    """Real environments from the test channel, which is built first where it is not there yet."""
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    channel = build(cache / "channel", pythons=[Path(sys.executable), *other_pythons()[:1]])
    specs = {"plain": [], "with activate.d": ["envlink-activate"]}
    return {
        which: real(channel.conda_forge, folder / str(number) / "envs" / "bench", ["python", "ipykernel", *more])
        for number, (which, more) in enumerate(specs.items())
    }


def report(which: str, result: dict[str, Any]) -> str:
    ms = result["milliseconds"]
    return (
        f"kernel start to first answer, {which}, medians of {result['rounds']} rounds\n"
        f"  floor (bare command)  {ms['floor']:8.1f} ms\n"
        f"  envlink               {ms['ours']:8.1f} ms   {result['ratio_to_floor']:.2f} x the floor"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--prefix", type=Path, help="an environment with ipykernel; made where it is not given")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        prefixes = {"given": options.prefix} if options.prefix else made(Path(folder))
        results = {which: measure(prefix, options.rounds) for which, prefix in prefixes.items()}
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        print("\n".join(report(which, result) for which, result in results.items()))


if __name__ == "__main__":
    main()
