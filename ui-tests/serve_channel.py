"""Lay out the home of the browser tests, then serve their channel with one slow package until ended.

The home (``ENVLINK_UI_HOME``) gets a ``condarc`` under which conda-forge is the local channel, the wheels for
``pip:`` parts and for a kernel, and an environment that has no kernel. Prints ``slow channel at URL`` when all is
there.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.channel import Channel, build, other_pythons, write_condarc
from tests.channel.server import FaultServer

SLOW_BYTES_PER_SECOND = 50_000
"""Of a package of 5 MB: long enough to be looked at, cancelled, or left and come back to."""


def built_channel() -> Channel:
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    return build(cache / "channel", pythons=[Path(sys.executable), *other_pythons()[:1]])


async def make_without_kernel(channel: Channel, home: Path) -> None:
    """``bare``: a Python, and nothing else."""
    from rattler import Platform, install, solve

    platforms = [Platform.current(), Platform("noarch")]
    records = await solve([channel.conda_forge], ["python"], platforms=platforms)
    await install(records, str(home / "envs" / "bare"), cache_dir=str(home / "cache" / "pkgs"))


def fetch_kernel(wheels: Path) -> None:
    """ipykernel and what it needs, for this interpreter: what an overlay is made of."""
    words = ["download", "-qq", "--only-binary=:all:", "--dest", str(wheels), "ipykernel"]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)


def lay_out(channel: Channel, home: Path) -> None:
    (home / "project").mkdir(parents=True, exist_ok=True)
    shutil.copytree(channel.wheels, home / "wheels", dirs_exist_ok=True)
    fetch_kernel(home / "wheels")
    write_condarc(home / "condarc", channel.url, home / "envs", home / "cache" / "pkgs")
    asyncio.run(make_without_kernel(channel, home))


def main() -> None:
    channel = built_channel()
    lay_out(channel, Path(os.environ["ENVLINK_UI_HOME"]))
    with FaultServer(channel.path) as server:
        server.slow("*/envlink-slow-*.conda", SLOW_BYTES_PER_SECOND)
        sys.stdout.write(f"slow channel at {server.url}\n")
        sys.stdout.flush()
        server.wait()


if __name__ == "__main__":
    main()
