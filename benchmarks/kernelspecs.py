"""What GET /api/kernelspecs costs, against the floor: ``python -m benchmarks.kernelspecs [--json]``.

The floor is a kernel spec manager that returns the very same finished models from memory. Both are real Jupyter
servers of their own, asked turn about over one kept-alive connection each. Every environment is registered on the
disk too, as it is in real life, so that the manager has those folders to look after. The ratio is the median of the
rounds' own ratios.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from jupyter_envlink.kernel_dirs import claim

from .discovery import ratio
from .machine import CONDA, build

OURS = "jupyter_envlink.manager.EnvlinkKernelSpecManager"
FLOOR = f"{__name__ if __name__ != '__main__' else 'benchmarks.kernelspecs'}.FloorModels"
MODELS = "ENVLINK_BENCHMARK_MODELS"
START_WITHIN = 60.0


class FloorModels(KernelSpecManager):
    """Returns the models of the file that the variable ENVLINK_BENCHMARK_MODELS names, read once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._models: dict[str, Any] = json.loads(Path(os.environ[MODELS]).read_text())

    async def get_all_specs(self) -> dict[str, Any]:  # type: ignore[override]
        return self._models


@contextmanager
def server(folder: Path, manager: str) -> Iterator[http.client.HTTPConnection]:
    """A connection to a Jupyter server with this kernel spec manager, which answers already."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token=", "--allow-root", "--log-level=ERROR"]
    options += [f"--ServerApp.kernel_spec_manager_class={manager}", f"--ServerApp.root_dir={folder}"]
    argv = [sys.executable, "-m", "jupyter_server", *options]
    process = subprocess.Popen(argv, env=environ(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(port)
    finally:
        process.kill()  # nothing of it is kept, and an orderly end would wait for open connections
        process.wait(10)


def environ(folder: Path) -> dict[str, str]:
    own = {
        "HOME": folder / "home",
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_CONFIG_DIR": folder / "config",
        "CONDA_ENVS_DIRS": folder / "envs",
        "PYTHONPATH": Path(__file__).parents[1],
        MODELS: folder / "models.json",
    }
    return {**os.environ, **{name: str(path) for name, path in own.items()}}


def answering(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            get(connection, "/api/status")
            return connection
        time.sleep(0.1)
    raise TimeoutError(f"no server answered on port {port}")


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status} {body[:200]!r}"
    return body


def milliseconds(connection: http.client.HTTPConnection) -> float:
    start = time.perf_counter()
    get(connection, "/api/kernelspecs")
    return (time.perf_counter() - start) * 1000


def register(folder: Path, models: dict[str, Any]) -> None:
    """Lay down what registration leaves: each environment's spec with our ownership record."""
    for name, model in models.items():
        if "envlink" in model["spec"]["metadata"]:
            kernel = folder / "data" / "kernels" / name
            kernel.mkdir(parents=True)
            spec = json.loads(json.dumps(model["spec"]))
            spec["metadata"]["envlink"] |= claim(name, "", "python3")
            (kernel / "kernel.json").write_text(json.dumps(spec))


def measure(count: int, times: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        build(folder, count, CONDA)
        with server(folder, OURS) as ours:
            first = milliseconds(ours)
            models = json.loads(get(ours, "/api/kernelspecs"))["kernelspecs"]
            assert len(models) > count, f"{len(models) - 1} of {count} environments are kernels"
            (folder / "models.json").write_text(json.dumps(models))
            register(folder, models)
            time.sleep(2.1)  # folders younger than two seconds are listed again each time
            with server(folder, FLOOR) as floor:
                assert json.loads(get(floor, "/api/kernelspecs"))["kernelspecs"].keys() == models.keys()
                taken = rounds(ours, floor, times)
    medians = {name: round(statistics.median(values), 2) for name, values in taken.items()}
    return {
        "environments": count,
        "rounds": times,
        "milliseconds": {"first": round(first, 2), **medians},
        "ratio_to_floor": ratio(taken["ours"], taken["floor"]),
    }


def rounds(ours: http.client.HTTPConnection, floor: http.client.HTTPConnection, times: int) -> dict[str, list[float]]:
    for _ in range(5):
        milliseconds(ours), milliseconds(floor)
    taken: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(times):
        taken["floor"].append(milliseconds(floor))
        taken["ours"].append(milliseconds(ours))
    return taken


def report(result: dict[str, Any]) -> str:
    ms = result["milliseconds"]
    return (
        f"GET /api/kernelspecs, {result['environments']} environments, medians of {result['rounds']} rounds\n"
        f"  floor (models in memory) {ms['floor']:8.2f} ms\n"
        f"  envlink                  {ms['ours']:8.2f} ms   {result['ratio_to_floor']:.2f} x the floor\n"
        f"  envlink, first request   {ms['first']:8.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--environments", type=int, nargs="+", default=[100, 900])
    parser.add_argument("--rounds", type=int, default=101)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [measure(count, options.rounds) for count in options.environments]
    print(json.dumps(results, indent=1) if options.json else "\n".join(map(report, results)))


if __name__ == "__main__":
    main()
