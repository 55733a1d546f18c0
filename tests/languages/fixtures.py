"""A machine with environments of several languages, made once per run; the plugin ``tests.languages.fixtures``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from ..channel import Channel
from ..prefixes import real
from ..server import Process
from .installed import NotHere, bash_kernel, irkernel, venv, xeus_python
from .samples import SAMPLES, Sample

if TYPE_CHECKING:
    from ..conftest import Machine

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Region:
    """A machine with environments; ``environ`` is what programs on it are started with."""

    machine: Machine
    environ: Mapping[str, str]
    prefixes: Mapping[str, Path]
    missing: Mapping[str, str]
    """Why this machine lacks some."""

    def registered(self, name: str, seconds: float = 60) -> Path:
        """The kernel.json of that name, written by a server in the background."""
        file = self.machine.data / "kernels" / name / "kernel.json"
        deadline = time.monotonic() + seconds
        while not file.exists():
            assert time.monotonic() < deadline, f"{file} did not appear"
            time.sleep(0.05)
        return file


@pytest.fixture(scope="session")
def region(channel: Channel, package_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """Two conda environments with R in them, one with xeus, and a virtual environment with bash."""
    from ..conftest import another_machine

    folder = tmp_path_factory.mktemp("region")
    with pytest.MonkeyPatch.context() as patch:
        machine = another_machine(folder, patch, channel, package_cache)
        environ = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RATTLER_CACHE_DIR", str(package_cache))
        makers = {
            machine.envs / "science": ([f"python={PYTHON}", "ipykernel"], [irkernel]),
            machine.envs / "stats": (["envlink-activate"], [irkernel]),
            machine.envs / "numeric": ([f"python={PYTHON}"], [xeus_python]),
            machine.home / ".virtualenvs" / "shell": ([], [venv, bash_kernel]),
        }
        missing = {}
        for prefix, (specs, kernels) in makers.items():
            try:
                if specs:
                    real(channel.conda_forge, prefix, specs)
                for install in kernels:
                    install(prefix)
            except NotHere as reason:
                missing[prefix.name] = str(reason)
    return Region(machine, environ, {prefix.name: prefix for prefix in makers}, missing)


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.name)
def sample(request: pytest.FixtureRequest, region: Region) -> Sample:
    """Each kernel that this machine can have."""
    chosen: Sample = request.param
    return available(chosen, region)


def available(sample: Sample, region: Region) -> Sample:
    """``sample``; skips the test where its environment lacks the kernel."""
    reason = region.missing.get(sample.environment)
    if reason and sample.kernel != "python3":
        pytest.skip(reason)
    return sample


@pytest.fixture(scope="session")
def offered(region: Region) -> EnvlinkKernelSpecManager:
    """Our manager on that machine, in this process."""
    catalog = Catalog(environ=region.environ, home=region.machine.home)
    kernels = region.machine.data / "kernels"
    return EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(region.machine.data), kernel_dirs=[str(kernels)])


@pytest.fixture(scope="session")
def region_server(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A real server on that machine; it registers the kernels on the disk, too."""
    server = Process(tmp_path_factory.mktemp("region-server"), environ=region.environ)
    yield server
    server.stop()
