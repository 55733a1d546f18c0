"""The pytest fixtures ``channel`` and ``fault_server``; loaded as the plugin ``tests.channel.fixtures``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from . import Channel, build, other_pythons
from .server import FaultServer


@pytest.fixture(scope="session")
def channel() -> Channel:
    """The local channel with the running Python and, where one is at hand, another; built once per machine."""
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    return build(cache / "channel", pythons=[Path(sys.executable), *other_pythons()[:1]])


@pytest.fixture
def fault_server(channel: Channel) -> Iterator[FaultServer]:
    """A server in front of the channel that obeys until it is told to fail; ``.url`` stands for ``channel.url``."""
    with FaultServer(channel.path) as server:
        yield server
