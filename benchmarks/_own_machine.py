"""A machine of its own for what makes real environments: home, configuration, environments, caches and channels."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def machine() -> Iterator[Path]:
    """A folder that is the whole machine while this runs."""
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


#: How what is not on the local channel is served: not at all, or as one file for each platform, or as shards (CEP 16).
SERVED = ("small", "whole", "sharded")


@contextmanager
def channels(served_as: str) -> Iterator[list[str]]:
    """The channels of a file: the local one, and, unless it is to be ``small``, one of conda-forge's size after it.

    A real channel has a million records, and finding a solution among them is most of what a change costs; the local
    one has a few hundred.
    """
    if served_as == "small":
        yield ["conda-forge"]
        return
    import rattler

    from ._big_channel import big_channel
    from .plan import served

    place = Path(tempfile.gettempdir(), "jupyter_envlink-benchmarks", "big-channel")
    with served(big_channel(place, str(rattler.Subdir.current()))) as url:
        yield ["conda-forge", f"{url}/{served_as}"]


def settle() -> None:
    """Wait until nothing is compiled in the background any more: it is not to be in the next one's way."""
    while any("jupyter_envlink.compiling" in _words(each) for each in psutil.process_iter()):
        time.sleep(0.05)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
