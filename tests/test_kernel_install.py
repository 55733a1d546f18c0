"""A kernel comes into environments that no conda made: whole or not at all, and nothing stays beside them."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyter_envlink.errors import EnvlinkError, PipFailed, VerificationFailed
from jupyter_envlink.jobs.queue import JobQueue
from jupyter_envlink.jobs.record import Job
from jupyter_envlink.operations import perform
from jupyter_envlink.recovery import marked_by
from jupyter_envlink.request import Operation
from tests.channel import Channel
from tests.conftest import Machine
from tests.running import kernel_from
from tests.test_queue import queue_of, stopped, until
from tests.wheels import SHELF, distribution, python_in, pythons, site_packages, venv, wheels_request
from tests.writing import Listener, holding, tree_of

pytestmark = pytest.mark.usefixtures("index")
INSTALL = Operation.INSTALL_KERNEL


@pytest.fixture
def prefix(tmp_path: Path, channel: Channel) -> Path:
    """``.venv`` of a project, with a package of its own."""
    return venv(tmp_path / "my project" / ".venv", wheels=[next(channel.wheels.glob("tabulate-0.9*.whl"))])


def beside(prefix: Path) -> list[str]:
    return sorted(os.listdir(prefix.parent))


def argv_of(prefix: Path) -> list[str]:
    return [str(python_in(prefix)), "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def test_a_kernel_comes_into_a_venv_and_nothing_else_changes(prefix: Path, tmp_path: Path) -> None:
    before, said = tree_of(prefix), Listener()

    result = perform(wheels_request(INSTALL, prefix), said)

    after = tree_of(prefix)
    assert {name: after.get(name) for name in before} == before
    assert said.phases == ["downloading", "installing", "verifying"]
    assert any(line.startswith(" + ipykernel") for line in said.lines)
    assert result["prefix"] == str(prefix)
    assert beside(prefix) == [".venv"]
    assert not (prefix / "conda-meta").exists(), "it would be taken for a conda environment"
    assert holding(prefix, "/.envlink/") == []
    scripts = [each.read_text("utf-8", "replace").splitlines()[0] for each in (prefix / "bin").glob("jupyter-*")]
    assert scripts
    assert all(str(prefix) in line or line == "#!/bin/sh" for line in scripts), scripts
    with kernel_from(tmp_path, argv_of(prefix)) as kernel:
        assert kernel.value("[sys.prefix, tabulate.__name__]", "sys", "tabulate") == [str(prefix), "tabulate"]


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9"])
def test_an_older_python_gets_the_ipykernel_that_supports_it(version: str, tmp_path: Path) -> None:
    found = pythons(version)
    if not found:
        pytest.skip(f"there is no Python {version} here")
    prefix = venv(tmp_path / "old" / ".venv", found[0])

    perform(wheels_request(INSTALL, prefix, version=version), Listener())

    with kernel_from(tmp_path, argv_of(prefix)) as kernel:
        assert kernel.value("[sys.prefix, list(sys.version_info[:2])]", "sys") == [
            str(prefix), [int(part) for part in version.split(".")]
        ]  # fmt: skip
    assert beside(prefix) == [".venv"]


@pytest.mark.slow
def test_a_python_that_uv_does_not_take_gets_one_by_its_own_pip(tmp_path: Path) -> None:
    """A whole installation, as pyenv's are: Python 2.7 makes no virtual environments."""
    found = [Path(each) for each in pythons("2.7") if Path(each).is_relative_to(SHELF)]
    if not found:
        pytest.skip("pyenv has no Python 2.7 here")
    prefix = Path(shutil.copytree(found[0].parent.parent, tmp_path / "versions" / "2.7", symlinks=True))

    perform(wheels_request(INSTALL, prefix, version="2.7"), Listener())

    with kernel_from(tmp_path, argv_of(prefix)) as kernel:
        assert kernel.prints("import sys; print(sys.prefix + ' ' + sys.version[:3])") == f"{prefix} 2.7"
    assert beside(prefix) == ["2.7"]


def no_ipykernel(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(channel.wheels))


def test_an_index_without_ipykernel_is_told_and_changes_nothing(
    prefix: Path, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_ipykernel(channel, monkeypatch)
    _fails_without_a_trace(prefix, PipFailed, "ipykernel")


def test_what_breaks_the_kernel_is_found_in_the_copy_whose_links_are_not_written_through(prefix: Path) -> None:
    """Files that lie where the new packages put theirs: an installer that wrote into them would change the original."""
    folder = site_packages(prefix)
    distribution(folder, "traitlets", "5.99", "raise ImportError('a broken traitlets')\n")
    (folder / "ipykernel").mkdir()
    for junk in (folder / "ipykernel/__init__.py", folder / "ipykernel_launcher.py", prefix / "bin/jupyter-kernel"):
        junk.write_text("somebody's own")

    _fails_without_a_trace(prefix, VerificationFailed, "a broken traitlets")


def _fails_without_a_trace(prefix: Path, kind: type[EnvlinkError], said: str) -> None:
    before, inode = tree_of(prefix), prefix.stat().st_ino

    with pytest.raises(kind, match=said) as failed:
        perform(wheels_request(INSTALL, prefix), Listener())

    assert failed.value.remedy
    assert tree_of(prefix) == before
    assert prefix.stat().st_ino == inode, "it has never left its place"
    assert beside(prefix) == [".venv"]


@pytest.fixture
def queue(machine: Machine) -> JobQueue:
    return queue_of(machine)


def submit(queue: JobQueue, prefix: Path) -> Job:
    wanted = wheels_request(INSTALL, prefix)
    return queue.submit(INSTALL, wanted.name, wanted.prefix, wanted.root, wanted.options)


@contextmanager
def silent_index() -> Iterator[str]:
    """An index that takes every question and never answers."""
    over = threading.Event()

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            over.wait(60)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/simple"
    finally:
        over.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("how", ["cancel", "kill"])
@pytest.mark.parametrize("phase", ["downloading", "installing", "verifying"])
def test_a_job_that_is_ended_in_any_phase_leaves_the_environment_as_it_was(
    prefix: Path, machine: Machine, phase: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree_of(prefix)
    with silent_index() as url:
        if phase == "downloading":
            monkeypatch.setenv("PIP_INDEX_URL", url)
        queue = queue_of(machine)
        job = submit(queue, prefix)
        until(queue, job, lambda job: job.progress.phase == phase)
        stopped(queue, job, how)

    assert tree_of(prefix) == before
    assert beside(prefix) == [".venv"]
    assert marked_by(str(prefix)) is None


def test_two_jobs_for_one_environment_do_not_meet(prefix: Path, machine: Machine) -> None:
    """Both take our folder away from the project when they end; the second one finds the first one's lock, or none."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.wheels import wheels_request\n"
        "from tests.writing import Listener\n"
        "from jupyter_envlink.operations import perform\nfrom jupyter_envlink.errors import Conflict\n"
        "from jupyter_envlink.request import Operation, Request\n"
        "request = wheels_request(Operation.INSTALL_KERNEL, Path(sys.argv[1]))\n"
        "request = Request(**{**vars(request), 'id': sys.argv[2]})\n"
        "try: perform(request, Listener())\n"
        "except Conflict as error: print(error.code)\n"
        "else: print('done')"
    )
    argv = [sys.executable, "-c", code, str(prefix)]
    jobs = [subprocess.Popen([*argv, f"job-{n}"], stdout=subprocess.PIPE, text=True) for n in range(2)]
    answers = sorted(job.communicate(timeout=120)[0].strip() for job in jobs)

    assert answers in (["busy", "done"], ["done", "done"])
    assert beside(prefix) == [".venv"]
    assert (site_packages(prefix) / "ipykernel_launcher.py").is_file()
