"""A machine of its own for what makes real environments: home, configuration, environments and caches."""

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


def settle() -> None:
    """Wait until nothing is compiled in the background any more: it is not to be in the next one's way."""
    while any("jupyter_envlink.compiling" in _words(each) for each in psutil.process_iter()):
        time.sleep(0.05)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
