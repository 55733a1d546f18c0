"""A kernel from outside: the environment's own Python and packages, and not a byte of the environment changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink import overlay
from jupyter_envlink.environment import State, prefix_id
from jupyter_envlink.errors import Conflict, NotAllowed, PipFailed
from jupyter_envlink.jobs.record import Job, Status
from jupyter_envlink.operations import perform
from jupyter_envlink.overlay import dressed, overlay_path, overlays_dir, read_overlays
from jupyter_envlink.request import Operation
from jupyter_envlink.service import Envlink
from tests.channel import Channel
from tests.conftest import Machine
from tests.prefixes import environment
from tests.running import Asked, kernel_of
from tests.test_operations import bare, minor
from tests.test_queue import ended, until
from tests.wheels import distribution, pythons, site_packages, venv, wheels_request
from tests.writing import Listener, as_nobody, open_to_all, tree_of

pytestmark = pytest.mark.usefixtures("index")
posix = pytest.mark.skipif(os.name == "nt", reason="rights")


@pytest.fixture
def prefix(machine: Machine, channel: Channel) -> Path:
    """A conda environment with a package of its own and without a kernel."""
    return bare(machine.envs / "shared", channel, "tabulate")


def made(prefix: Path, version: str) -> Listener:
    """Make an overlay, as the worker does."""
    said = Listener()
    perform(wheels_request(Operation.OVERLAY, prefix, overlays_dir(), version), said)
    return said


def test_a_kernel_runs_from_outside_and_the_environment_stays_byte_for_byte(
    prefix: Path, channel: Channel, machine: Machine, service: Envlink, finished: Callable[[Job], Job]
) -> None:
    for compiled in prefix.rglob("__pycache__"):
        shutil.rmtree(compiled)  # whatever is imported would be compiled, and written, again
    service.catalog.refresh()
    before = tree_of(prefix)
    found = service.catalog.get(prefix_id(str(prefix)))
    assert service.shown(found, {})["actions"] == ["install-kernel", "overlay"]

    job = finished(service.attach(found.id, overlay=True))  # type: ignore[arg-type]

    assert job.status is Status.SUCCEEDED, job.progress
    ready = service.catalog.get(prefix_id(str(prefix)))
    assert (ready.state, ready.overlay, ready.problem) == (State.READY, True, None)
    assert ready.signature != found.signature
    shown = service.shown(ready, {})
    assert (shown["attached"], shown["overlay"], shown["actions"]) == (True, True, [])
    with kernel_of(service.catalog, machine.data, "shared") as kernel:
        _is_the_environments_own(kernel, prefix)
    service.register()
    _is_found_by_nbconvert(machine, prefix)
    assert tree_of(prefix) == before

    _goes_when_it_is_detached(service, ready.id, prefix)
    assert tree_of(prefix) == before


@pytest.mark.parametrize("version", ["3.6", "3.8"])
def test_an_older_python_has_a_kernel_beside_it(
    version: str, tmp_path: Path, machine: Machine, service: Envlink, finished: Callable[[Job], Job]
) -> None:
    found = pythons(version)
    if not found:
        pytest.skip(f"there is no Python {version} here")
    prefix = venv(machine.home / "old" / ".venv", found[0])
    service.catalog.refresh()

    job = finished(service.attach(prefix_id(str(prefix)), overlay=True))  # type: ignore[arg-type]

    assert job.status is Status.SUCCEEDED, job.progress
    with kernel_of(service.catalog, machine.data, "old") as kernel:
        assert kernel.value("[sys.prefix, list(sys.version_info[:2])]", "sys") == [
            str(prefix), [int(part) for part in version.split(".")]
        ]  # fmt: skip


def _is_the_environments_own(kernel: Asked, prefix: Path) -> None:
    assert kernel.value("[sys.prefix, tabulate.__file__]", "sys", "tabulate") == [
        str(prefix), str(site_packages(prefix) / "tabulate/__init__.py")
    ]  # fmt: skip
    assert kernel.prints("!which python") == str(prefix / "bin/python")
    path = kernel.value("sys.path", "sys")
    lib = str(overlay_path(str(prefix)) / "lib")
    assert [place for place in path if place][-1] == lib, path
    assert str(overlay_path(str(prefix))) not in path
    assert kernel.value("ipykernel.__file__", "ipykernel").startswith(lib)
    child = "subprocess.run([sys.executable, '-B', '-c', 'import ipykernel'], stderr=-3).returncode"
    assert kernel.value(child, "subprocess", "sys") == 1, "a child process has it too"


def _is_found_by_nbconvert(machine: Machine, prefix: Path) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "import sys, tabulate; print(sys.prefix)"
    kernel = {"kernelspec": {"name": "shared", "display_name": "x", "language": "python"}}
    notebook = machine.home / "n.ipynb"
    notebook.write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    argv = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", str(notebook)]
    subprocess.run(argv, check=True, timeout=120, capture_output=True)
    (output,) = json.loads(notebook.read_text())["cells"][0]["outputs"]
    assert "".join(output["text"]) == f"{prefix}\n"


def _goes_when_it_is_detached(service: Envlink, environment_id: str, prefix: Path) -> None:
    with pytest.raises(Conflict) as refused:
        service.detach(environment_id, {environment_id: [{"id": "k", "name": "shared", "path": None}]})
    assert refused.value.code == "in-use"

    left = service.detach(environment_id)
    service.register()

    assert (left.state, left.overlay) == (State.NO_KERNEL, False)
    assert not overlay_path(str(prefix)).exists()
    assert not overlays_dir().exists(), "it was the last one"
    assert not (Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels/shared").exists()


def test_what_the_environment_holds_wins_and_what_goes_with_it_is_chosen(tmp_path: Path, machine: Machine) -> None:
    prefix = venv(tmp_path / "old" / ".venv", wheels=["traitlets==5.9.0"])
    before = tree_of(prefix)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"

    said = made(prefix, version)

    lib = overlay_path(str(prefix)) / "lib"
    assert said.phases == ["downloading", "verifying"]
    assert (lib / "ipykernel_launcher.py").is_file()
    assert list(lib.glob("traitlets*")) == []
    assert sorted(os.listdir(lib.parent)) == [".envlink-job", "launch.py", "lib", "overlay.json"]
    assert tree_of(prefix) == before
    assert sorted(os.listdir(prefix.parent)) == [".venv"]


def test_an_environment_that_no_ipykernel_goes_with_is_told(tmp_path: Path, machine: Machine) -> None:
    prefix = venv(tmp_path / "odd" / ".venv")
    distribution(site_packages(prefix), "tornado", "1.0", "")
    before = tree_of(prefix)

    with pytest.raises(PipFailed, match="tornado"):
        made(prefix, f"{sys.version_info[0]}.{sys.version_info[1]}")

    assert tree_of(prefix) == before
    assert read_overlays() == {}
    assert [each for each in overlays_dir().rglob("*") if each.is_file() and each.suffix != ".lock"] == []


@pytest.mark.parametrize("phase", ["downloading", "verifying"])
def test_a_job_that_is_cancelled_leaves_nothing(prefix: Path, channel: Channel, service: Envlink, phase: str) -> None:
    before = tree_of(prefix)
    service.catalog.refresh()
    found = service.catalog.get(prefix_id(str(prefix)))
    job = service.attach(found.id, overlay=True)
    assert isinstance(job, Job)
    until(service.queue, job, lambda job: job.progress.phase == phase)

    service.jobs.cancel(job.id)

    assert ended(service.queue, job).status is Status.CANCELLED
    assert tree_of(prefix) == before
    assert [each for each in overlays_dir().rglob("*") if each.is_file() and each.suffix != ".lock"] == []


@posix
def test_somebody_who_may_only_read_it_runs_a_kernel_in_it(prefix: Path, channel: Channel, tmp_path: Path) -> None:
    before = tree_of(prefix)
    data = tmp_path / "their data"
    data.mkdir()
    code = (
        "from pathlib import Path\n"
        "import filelock, psutil, uv, jupyter_client.blocking, jupyter_client.provisioning\n"
        "from tests import test_overlay, running\nfrom jupyter_envlink import kernel_install, overlay, operations\n"
        "prefix, data, version = sys.argv[1:]\nnobody()\n"
        "os.environ |= {'JUPYTER_DATA_DIR': data, 'HOME': data, 'UV_CACHE_DIR': f'{data}/uv'}\n"
        "os.environ |= {'JUPYTER_RUNTIME_DIR': f'{data}/run', 'IPYTHONDIR': f'{data}/ipython'}\n"
        "print(os.access(prefix, os.W_OK))\n"
        "test_overlay.made(Path(prefix), version)\n"
        "argv = overlay.read_overlays()[prefix].kernel.argv\n"
        "with running.kernel_from(Path(data), argv) as kernel:\n"
        "    print(kernel.value('sys.prefix', 'sys', 'tabulate'))\n"
    )
    os.chmod(prefix.parent, 0o755)
    with _read_only(prefix), open_to_all(data):
        done = as_nobody(code, prefix, data, minor(channel), timeout=170)

    assert done.stdout.splitlines() == ["False", str(prefix)], done.stderr
    assert tree_of(prefix) == before


@contextmanager
def _read_only(prefix: Path) -> Iterator[None]:
    """Reached by everybody, written by nobody: also where the tests do not run as root."""
    folders = [prefix, *(each for each in prefix.rglob("*") if each.is_dir() and not each.is_symlink())]
    modes = {each: each.stat().st_mode for each in folders}
    for each in folders:
        each.chmod(0o555)
    try:
        yield
    finally:
        for each, mode in modes.items():
            each.chmod(mode)


# which overlay is one


def laid(prefix: str, **changes: object) -> Path:
    """A folder that looks like an overlay of the environment ``prefix``."""
    folder = overlay_path(prefix)
    kernels = folder / "lib/share/jupyter/kernels/python3"
    kernels.mkdir(parents=True)
    spec = {"argv": ["python", "-m", "x"], "display_name": "Python 3", "language": "python"}
    (kernels / "kernel.json").write_text(json.dumps({**spec, "metadata": {"debugger": True}}))
    record = {"prefix": prefix, "python": f"{prefix}/bin/python", "python_version": "3.11", "job": "j"}
    (folder / "overlay.json").write_text(json.dumps({**record, **changes}))
    return folder


def test_an_overlay_gives_its_environment_a_kernel(machine: Machine) -> None:
    laid("/envs/a")
    without = replace(environment("/envs/a"), state=State.NO_KERNEL, kernels=())

    ready = dressed(without, read_overlays())

    (kernel,) = ready.kernels
    launcher = str(overlay_path("/envs/a") / "launch.py")
    assert kernel.argv == ("/envs/a/bin/python", "-B", launcher, "ipykernel_launcher", "-f", "{connection_file}")
    assert kernel.metadata == {"debugger": True}
    assert ready.overlay
    assert overlay.command(kernel, "ipykernel")[1:] == ["-B", launcher, "ipykernel"]


def test_one_with_a_kernel_of_its_own_needs_none(machine: Machine) -> None:
    laid("/envs/a")
    assert dressed(environment("/envs/a"), read_overlays()) == environment("/envs/a")


@pytest.mark.parametrize("changes", [{"python_version": "3.12"}, {"python": "/elsewhere"}, {"python_version": None}])
def test_one_of_another_python_is_none(machine: Machine, changes: dict[str, object]) -> None:
    laid("/envs/a", **changes)
    without = replace(environment("/envs/a"), state=State.NO_KERNEL, kernels=())
    assert dressed(without, read_overlays()) == without


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"prefix": 1, "python": "x", "job": "j"}'])
def test_a_record_that_cannot_be_understood_is_none(machine: Machine, text: str) -> None:
    (laid("/envs/a") / "overlay.json").write_text(text)
    assert read_overlays() == {}


def test_a_copy_at_another_place_is_none(machine: Machine) -> None:
    folder = laid("/envs/a")
    folder.rename(folder.with_name(prefix_id("/envs/b")))
    assert read_overlays() == {}


def test_that_of_an_environment_that_is_gone_goes_too(machine: Machine, tmp_path: Path) -> None:
    gone, there, unsure = tmp_path / "gone", tmp_path / "there", tmp_path / "unmounted" / "env"
    there.mkdir()
    folders = [laid(str(each)) for each in (gone, there, unsure)]

    overlay.drop_over()

    assert [folder.exists() for folder in folders] == [False, True, True]


def test_a_read_only_server_makes_none(machine: Machine, prefix: Path, service: Envlink) -> None:
    service.policy.read_only = True
    service.catalog.refresh()
    found = service.catalog.get(prefix_id(str(prefix)))
    assert service.shown(found, {})["actions"] == []
    with pytest.raises(NotAllowed):
        service.attach(found.id, overlay=True)
