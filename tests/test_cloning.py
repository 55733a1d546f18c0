"""A clone that a copy of the process makes is there when it is waited for, and never outlives the process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink.cloning import cloning

from .waiting import until

IN_A_COPY = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no process is copied")


def tree(folder: Path, folders: int = 20) -> Path:
    for number in range(folders):
        (folder / str(number)).mkdir(parents=True)
        for name in range(20):
            (folder / str(number) / f"{name}.py").write_text(str(name))
    return folder


def files(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*.py")}


def in_a_fresh_process(code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """pytest's own has other threads."""
    begin = "import os, sys\nfrom jupyter_envlink import process\nfrom jupyter_envlink.cloning import cloning\n"
    argv = [sys.executable, "-c", begin + code, *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)


@IN_A_COPY
def test_a_copy_of_the_process_makes_it(tmp_path: Path) -> None:
    source = tree(tmp_path / "source")
    code = """
from jupyter_envlink import tree
def no(*_):
    raise SystemExit("made here")
with cloning(*sys.argv[1:]) as cloned:
    tree.clone = no
    cloned()
"""
    done = in_a_fresh_process(code, source, tmp_path / "target")

    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "target") == files(source)


@pytest.mark.usefixtures("another_thread")
def test_it_is_made_here_where_the_process_has_other_threads(tmp_path: Path) -> None:
    source = tree(tmp_path / "source")

    with cloning(str(source), str(tmp_path / "target")) as cloned:
        assert not (tmp_path / "target").exists()
        cloned()

    assert files(tmp_path / "target") == files(source)


@pytest.fixture
def another_thread() -> Iterator[None]:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield
    end.set()
    thread.join()


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    code = """
try:
    with cloning(*sys.argv[1:]) as cloned:
        cloned()
except FileNotFoundError as error:
    print(error.filename)
"""
    done = in_a_fresh_process(code, tree(tmp_path / "source", 1), tmp_path / "missing" / "target")

    assert done.stdout.strip() == str(tmp_path / "missing" / "target")
    assert done.stderr == ""


@IN_A_COPY
def test_it_ends_where_nobody_waits_for_it(tmp_path: Path) -> None:
    code = """
with cloning(*sys.argv[1:]):
    pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("no child")
"""
    done = in_a_fresh_process(code, tree(tmp_path / "source", 300), tmp_path / "target")

    assert done.stdout.strip() == "no child", done.stderr


@IN_A_COPY
def test_it_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    source, target = tree(tmp_path / "source", 500), tmp_path / "target"
    code = """
import signal, time
with cloning(*sys.argv[1:]):
    while not os.path.exists(sys.argv[2]):
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert in_a_fresh_process(code, source, target).returncode == -9

    until(lambda: same_for_a_moment(target))
    assert len(files(target)) < len(files(source))


def same_for_a_moment(folder: Path) -> bool:
    before = files(folder)
    time.sleep(0.3)
    return files(folder) == before
