"""A machine with environments of several languages, made once per run; the plugin ``tests.languages.fixtures``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from ..channel import Channel
from ..prefixes import real
from ..server import Process
from .installed import NotHere, async_kernel, bash_kernel, irkernel, pixi, pyenv, venv, xeus_python
from .samples import SAMPLES, Sample

if TYPE_CHECKING:
    from ..conftest import Machine

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


Maker = tuple[Path, Sequence[str], Sequence[Callable[[Path], None]]]
"""A prefix, the packages from the channel, and what is done then."""


@dataclass(frozen=True)
class Region:
    """A machine with environments by name, some of them in ``projects``; ``environ`` is what programs on it get."""

    machine: Machine
    projects: Path
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
    """Three conda environments, with R in two and xeus in one, one of pixi, a version of pyenv, two virtual ones."""
    from ..conftest import another_machine

    folder = tmp_path_factory.mktemp("region")
    with pytest.MonkeyPatch.context() as patch:
        machine = another_machine(folder, patch, channel, package_cache)
        environ = dict(os.environ)
    envs, virtual, python = machine.envs, machine.home / ".virtualenvs", [f"python={PYTHON}"]
    makers: Mapping[str, Maker] = {
        "science": (envs / "science", [*python, "ipykernel"], [irkernel]),
        "stats": (envs / "stats", ["envlink-activate"], [irkernel]),
        "numeric": (envs / "numeric", python, [xeus_python]),
        "tide": (folder / "projects" / "tide" / ".pixi" / "envs" / "default", [*python, "ipykernel"], [pixi]),
        "pyenv": (machine.home / ".pyenv" / "versions" / "3.99.1", [*python, "ipykernel"], [pyenv]),
        "shell": (virtual / "shell", [], [venv, bash_kernel]),
        "tasks": (virtual / "tasks", [], [venv, async_kernel]),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RATTLER_CACHE_DIR", str(package_cache))
        missing = {name: reason for name, maker in makers.items() if (reason := _made(channel.conda_forge, *maker))}
    prefixes = {name: prefix for name, (prefix, _, _) in makers.items()}
    return Region(machine, folder / "projects", environ, prefixes, missing)


def _made(channel_url: str, prefix: Path, specs: Sequence[str], install: Sequence[Callable[[Path], None]]) -> str:
    """Why the environment lacks a kernel that was to be installed; empty where it has them all."""
    try:
        if specs:
            real(channel_url, prefix, specs)
        for each in install:
            each(prefix)
    except NotHere as reason:
        return str(reason)
    return ""


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
    roots = [str(region.projects)]
    catalog = Catalog(environ=region.environ, home=region.machine.home, project_roots=roots)
    kernels = region.machine.data / "kernels"
    return EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(region.machine.data), kernel_dirs=[str(kernels)])


@pytest.fixture(scope="session")
def region_server(region: Region) -> Iterator[Process]:
    """A real server on that machine, in the folder of projects; it registers the kernels on the disk, too."""
    server = Process(region.projects, environ=region.environ)
    yield server
    server.stop()
