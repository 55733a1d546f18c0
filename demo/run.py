"""``python -m demo.run`` opens JupyterLab on the sample project, ``--check`` does the same job without a browser."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import channel
from .check import Failure, check
from .place import Place

BUILD = Path(__file__).resolve().parent.parent / "build"
START_LIMIT = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 where all went well, 1 where the check failed, else JupyterLab's own."""
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=__doc__)
    parser.add_argument("--check", action="store_true", help="create, run the notebook, show its output, and end")
    checking = parser.parse_args(arguments).check
    place = Place(BUILD / ("demo-check" if checking else "demo"))
    place.prepare(afresh=checking)
    print(channel.choose(place, BUILD / "channel"), flush=True)
    os.environ.update(place.environ())
    return verdict(place) if checking else serve(place, os.environ)


def verdict(place: Place) -> int:
    """Runs the check and says how it ended."""
    try:
        check(place, os.environ)
    except Failure as failure:
        print(f"\nThe demonstration failed. {failure}", file=sys.stderr)
        return 1
    print("The demonstration works.")
    return 0


def serve(place: Place, environ: Mapping[str, str]) -> int:
    """JupyterLab on the project until it is stopped; prints its address as soon as it answers."""
    server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *lab_options(place, environ)], env=dict(environ))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.terminate())
    announce(server, place.runtime / f"jpserver-{server.pid}.json")
    return server.wait()


def lab_options(place: Place, environ: Mapping[str, str]) -> list[str]:
    """What ``jupyter lab`` is told: the project, no questions, and no browser where there is no display."""
    options = [f"--ServerApp.root_dir={place.project}", "--LabApp.default_url=/lab/tree/finance", "-y"]
    if sys.platform.startswith("linux") and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def announce(server: subprocess.Popen[bytes], information: Path) -> None:
    """Waits for the file in which a server tells its address, and prints that."""
    deadline = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        if information.exists():
            known = json.loads(information.read_text(encoding="utf-8"))
            print(f"\nOpen {known['url']}lab/tree/finance?token={known['token']}", flush=True)
            print("Right-click environment.yml there, and choose Create environment…  (Ctrl-C stops it)\n", flush=True)
            return
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
