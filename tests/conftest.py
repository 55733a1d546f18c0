"""A machine of its own for each test: home, Jupyter's folders, environments and caches in ``tmp_path``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_envlink.jobs.record import Job
from jupyter_envlink.service import Envlink

from .channel import Channel, write_condarc

pytest_plugins = (
    "pytest_jupyter.jupyter_server",
    "tests.channel.fixtures",
    "tests.engines.fixtures",
    "tests.server",
    "tests.languages.fixtures",
    "tests.wheels",
)

_FOREIGN = (
    *("CONDA", "MAMBA", "_CONDA", "_CE_", "PYTHON", "PIP_", "UV_", "VIRTUAL_ENV", "RATTLER", "JUPYTER"),
    *("PIXI", "PYENV", "POETRY", "PIPENV", "WORKON_HOME", "PDM_", "HATCH_", "XDG_"),
)


@dataclass(frozen=True)
class Machine:
    """Where things are on the test's own machine."""

    home: Path
    envs: Path
    data: Path
    condarc: Path


@pytest.fixture(scope="session")
def package_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages are extracted once per run, and hard-linked into every environment."""
    return tmp_path_factory.getbasetemp() / "rattler-cache"


def another_machine(folder: Path, patch: pytest.MonkeyPatch, channel: Channel, package_cache: Path) -> Machine:
    """Nothing of this account is seen or touched; ``conda-forge`` is the local channel."""
    for name in os.environ:
        if name.startswith(_FOREIGN):
            patch.delenv(name)
    made = Machine(folder / "home", folder / "envs", folder / "data", folder / "condarc")
    made.home.mkdir(exist_ok=True)
    write_condarc(made.condarc, channel.url, made.envs, folder / "pkgs")
    settings = {
        "HOME": made.home,
        "USERPROFILE": made.home,
        "CONDARC": made.condarc,
        "JUPYTER_DATA_DIR": made.data,
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "RATTLER_CACHE_DIR": package_cache,
    }
    for name, value in settings.items():
        patch.setenv(name, str(value))
    patch.chdir(made.home)  # the current folder's own environment counts, too
    return made


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: Channel, package_cache: Path) -> Machine:
    """See ``another_machine``."""
    return another_machine(tmp_path, monkeypatch, channel, package_cache)


@pytest.fixture
def service(machine: Machine) -> Envlink:
    """The service on that machine, the disk looked at once. Nothing is compiled: each machine's first environment would
    take a second longer, and go on changing after its job."""
    made = Envlink(compile=False)
    made.catalog.refresh()
    return made


@pytest.fixture
def finished(service: Envlink) -> Callable[[Job], Job]:
    """Wait until a job of ``service`` has ended; the ended job."""

    def wait(job: Job, seconds: float = 90) -> Job:
        deadline = time.monotonic() + seconds
        while not job.status.final:
            assert time.monotonic() < deadline, f"the job did not end: {job}"
            time.sleep(0.02)
            service.jobs.tick()
            job = service.queue.store.load(job.id)
        service.jobs.tick()  # it may have ended after the last one: what it did is then in the listing
        return job

    return wait
