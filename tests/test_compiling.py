"""A kernel's start finds its modules compiled, the rest follows, and that is in nobody's way."""

from __future__ import annotations

import asyncio
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from jupyter_envlink import compiling
from jupyter_envlink.compiled import CompiledCode
from jupyter_envlink.engines.rattler import RattlerEngine, prefix_records
from jupyter_envlink.engines.rattler import packages as packages_of
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.process import Started
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source

from .channel import Channel
from .conftest import Machine
from .kernels import ran, started
from .prefixes import real
from .waiting import gone, until
from .wheels import pythons, site_packages, venv

SPECS = ["python", "ipykernel", "numpy", "tabulate"]


class Bare(KernelSpecManager):
    """Offers the kernel of one environment, whatever name is asked for."""

    prefix: str = ""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [f"{self.prefix}/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python")


@pytest.fixture
def prefix(machine: Machine, channel: Channel) -> Path:
    """A new environment with a kernel; nothing of its packages is compiled."""
    return real(channel.conda_forge, machine.envs / "one", SPECS)


def code(prefix: Path) -> set[str]:
    """What is compiled of its packages."""
    return {str(path.relative_to(prefix)) for path in prefix.glob("lib/python3*/site-packages/**/*.pyc")}


def fits(prefix: Path, compiled: str) -> bool:
    """Whether Python would take it, by its header: flags, time and size of the source."""
    path = prefix / compiled
    source = (path.parent.parent / f"{path.name.split('.')[0]}.py").stat()
    return struct.unpack("<LLL", path.read_bytes()[4:16]) == (0, int(source.st_mtime), source.st_size)


def compile_rest(prefix: Path) -> None:
    subprocess.run([sys.executable, "-m", "jupyter_envlink.compiling", prefix], check=True, timeout=120)


def no_complaint(text: str) -> None:
    raise AssertionError(text)


def test_a_first_start_has_next_to_nothing_to_compile(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as server:
        server.setenv("PYTHONDONTWRITEBYTECODE", "1")
        server.setenv("SOURCE_DATE_EPOCH", "0")
        compiling.compile_start(str(prefix), no_complaint)
    before = code(prefix)
    assert all(fits(prefix, each) for each in before)

    specs = Bare()
    specs.prefix = str(prefix)
    with started(specs, "one") as (_, client):
        assert ran(client)[0]["status"] == "ok"

    assert len(before) > 200
    assert len(code(prefix) - before) <= 5


def test_the_rest_follows(prefix: Path) -> None:
    compile_rest(prefix)

    found = code(prefix)
    (packages,) = prefix.glob("lib/python3*/site-packages")
    modules = [path for path in packages.rglob("*.py") if "tests" not in path.parts and "lib2to3" not in path.parts]
    compiled = {(path.parent.parent / f"{path.name.split('.')[0]}.py") for path in map(prefix.joinpath, found)}
    assert len(set(modules) - compiled) <= len(modules) / 100  # templates and Python 2, which do not compile
    assert all(fits(prefix, each) for each in found)


def test_the_next_environment_of_the_same_packages_starts_no_python(
    prefix: Path, machine: Machine, channel: Channel
) -> None:
    compiling.compile_start(str(prefix), no_complaint)
    first = code(prefix)
    compile_rest(prefix)

    second = real(channel.conda_forge, machine.envs / "two", SPECS)
    second.joinpath("bin", "python").unlink()
    compiling.compile_start(str(second), no_complaint)

    assert code(second) == first
    assert all(fits(second, each) for each in first)


def test_the_next_environment_of_other_packages_compiles_those(
    prefix: Path, machine: Machine, channel: Channel
) -> None:
    compile_rest(prefix)

    second = real(channel.conda_forge, machine.envs / "two", [*SPECS, "humanize"])
    compiling.compile_start(str(second), no_complaint)

    (ours,) = second.glob("lib/python3*/site-packages/ipykernel/__pycache__/kernelapp.*")
    assert fits(second, str(ours.relative_to(second)))


def test_an_environment_without_a_kernel_is_left_alone(machine: Machine, channel: Channel) -> None:
    prefix = real(channel.conda_forge, machine.envs / "plain", ["python", "tabulate"])

    compiling.compile_start(str(prefix), no_complaint)

    assert code(prefix) == set()


def test_what_cannot_be_compiled_is_told_and_fails_nothing(prefix: Path) -> None:
    python = prefix / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    python.chmod(0o755)
    told: list[str] = []

    compiling.compile_start(str(prefix), told.append)

    (sentence,) = told
    assert "broken" in sentence


def test_it_ends_once_something_else_is_at_the_place(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = begun(prefix, monkeypatch)
    until(lambda: bool(code(prefix)), 30)

    prefix.rename(prefix.with_name("former"))
    prefix.mkdir()

    assert gone(ours.pid, 20)
    assert os.listdir(prefix) == []
    (packages,) = prefix.with_name("former").glob("lib/python3*/site-packages")
    assert len(code(prefix.with_name("former"))) < len(list(packages.rglob("*.py"))) / 2


def test_it_ends_with_the_environment(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = begun(prefix, monkeypatch)
    until(lambda: bool(code(prefix)), 30)

    prefix.rename(prefix.with_name(".trash"))

    assert gone(ours.pid, 20)


def begun(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """The process that ``start_rest`` starts."""
    found: list[Started] = []
    start = compiling.process.start_detached
    monkeypatch.setattr(
        compiling.process, "start_detached", lambda *args, **more: found.append(start(*args, **more)) or found[0]
    )
    compiling.start_rest(str(prefix))
    return found[0]


def test_nothing_of_a_package_that_goes_is_left(prefix: Path, machine: Machine) -> None:
    compile_rest(prefix)
    staying = [record for record in prefix_records(str(prefix)) if record.name.normalized not in ("numpy", "tabulate")]
    names = [f"{each.name} {each.version} {each.build}".replace(" ", "-") for each in packages_of(staying)]
    before = code(prefix)

    compiling.drop(str(prefix), names)
    left = code(prefix)
    install(prefix, staying)

    assert {each.split("/")[3] for each in before - left} == {"numpy", "tabulate"}
    assert not list(prefix.glob("lib/python3*/site-packages/numpy/**/*"))
    assert not list(prefix.glob("lib/python3*/site-packages/tabulate/**/*"))
    assert code(prefix) == left


def install(prefix: Path, records: list[object]) -> None:
    from jupyter_envlink.engines.base import Solution

    solution = Solution(packages_of(records), tuple(records))  # type: ignore[arg-type]
    engine = RattlerEngine(Path(os.environ["RATTLER_CACHE_DIR"]))
    asyncio.run(engine.install(solution, str(prefix), str(prefix), [], lambda step: None))


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_an_old_python_is_served(machine: Machine, version: str) -> None:
    found = pythons(version)
    if not found:
        pytest.skip(f"no Python {version} here")
    prefix = venv(machine.envs / "old", found[0])
    packages = site_packages(prefix)
    (packages / "ipykernel").mkdir()
    for name in ("ipykernel_launcher.py", "ipykernel/__init__.py", "ipykernel/kernelapp.py", "other.py"):
        (packages / name).touch()

    compiling.compile_start(str(prefix), no_complaint)
    assert {Path(each).name.split(".")[0] for each in code(prefix)} == {"_virtualenv", "__init__", "kernelapp"}

    compile_rest(prefix)
    assert any(Path(each).name.startswith("other.") for each in code(prefix))


def test_jobs_compile_and_update_leaves_nothing_stale(
    machine: Machine, service: Envlink, finished: Callable[[Job], Job]
) -> None:
    service.compile = True
    text = b"name: one\nchannels: [conda-forge]\ndependencies: [python, ipykernel, tabulate=%s]\n"
    made = finished(service.life.create(Source(text % b"0.8.10", None, None), None))
    assert made.progress.error is None
    prefix = machine.envs / "one"
    assert list(prefix.glob("lib/python3*/site-packages/ipykernel/__pycache__/kernelapp.*"))
    until(lambda: bool(list(prefix.glob("lib/python3*/site-packages/__pycache__/tabulate.*"))), 120)

    updated = finished(
        service.life.update(Source(text % b"0.9.0", None, None), made.as_dict()["environment_id"], False)
    )
    assert updated.progress.error is None
    until(lambda: bool(list(prefix.glob("lib/python3*/site-packages/tabulate/__pycache__/version.*"))), 120)
    assert not list(prefix.glob("lib/python3*/site-packages/__pycache__/tabulate.*"))  # it was one module, once


def test_it_is_kept_in_the_users_own_cache(machine: Machine) -> None:
    assert machine.home in compiling.store().folder.parents
    assert isinstance(compiling.store(), CompiledCode)
