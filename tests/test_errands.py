"""Places that do not answer: here a named pipe that nobody writes to, which holds a thread as a dead mount does."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_envlink.errands import Beat, Errands

LOG = logging.getLogger(__name__)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")


class Pipe:
    """Whoever opens it to read waits until it is released; ``readers`` counts who has come."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self.readers = 0

    def read(self, beat: Beat = lambda: None) -> None:
        self.readers += 1
        self.path.read_bytes()

    def release(self) -> None:
        """Let every reader go; without one this waits for none."""
        with open(os.open(self.path, os.O_RDWR | os.O_NONBLOCK), "wb"):
            time.sleep(0.05)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    made = Pipe(tmp_path / "pipe")
    yield made
    made.release()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_work_is_done_in_order_in_one_thread() -> None:
    done: list[tuple[str, int]] = []
    names = ["c", "a", "b"]
    errands = Errands(lambda: None, LOG)
    errands.run({name: lambda beat, name=name: done.append((name, threading.get_ident())) for name in names})
    assert [name for name, _ in done] == names
    assert len({thread for _, thread in done}) == 1
    assert not errands.silent


def test_a_silent_place_holds_no_other_and_is_not_asked_twice(pipe: Pipe) -> None:
    late, done = threading.Event(), []
    errands = Errands(late.set, LOG, patience=0.1)
    work = {"before": lambda beat: done.append(1), "away": pipe.read, "after": lambda beat: done.append(2)}
    begin = time.monotonic()
    errands.run(work)
    assert (done, errands.silent, late.is_set()) == ([1, 2], {"away"}, False)
    for _ in range(3):
        errands.run(work)
    assert (pipe.readers, done[2:]) == (1, [1, 2] * 3)
    assert time.monotonic() - begin < 5
    pipe.release()
    assert late.wait(10)
    assert not errands.silent


def test_one_that_was_too_slow_is_not_waited_for_again_until_it_is_quick(pipe: Pipe) -> None:
    late = threading.Event()
    errands = Errands(late.set, LOG, patience=0.1)
    errands.run({"away": pipe.read})
    pipe.release()
    assert late.wait(10)
    begin = time.monotonic()
    errands.run({"away": pipe.read})
    assert time.monotonic() - begin < 0.09
    until(lambda: pipe.readers == 2)
    pipe.release()
    until(lambda: not errands.silent)
    quick = threading.Event()
    errands.run({"away": lambda beat: quick.set()})
    assert quick.wait(10)
    until(lambda: not errands.silent)
    done: list[str] = []
    errands.run({"away": lambda beat: done.append("waited for")})
    assert done == ["waited for"]


def test_many_silent_places_are_waited_for_twice_as_long_as_one(tmp_path: Path) -> None:
    pipes = [Pipe(tmp_path / f"pipe{i}") for i in range(20)]
    errands = Errands(lambda: None, LOG, patience=0.4)
    begin = time.monotonic()
    errands.run({str(each.path): each.read for each in pipes})
    taken = time.monotonic() - begin
    assert len(errands.silent) == 20
    assert taken < 20 * 0.4 / 2
    for each in pipes:
        each.release()
    until(lambda: not errands.silent)


def test_signs_of_life_are_waited_for() -> None:
    done = []

    def long(beat: Beat) -> None:
        for _ in range(10):
            time.sleep(0.05)
            beat()
        done.append("all of it")

    Errands(lambda: None, LOG, patience=0.2).run({"far": long})
    assert done == ["all of it"]


def test_who_waits_shows_signs_of_life(pipe: Pipe) -> None:
    beats: list[float] = []
    Errands(lambda: None, LOG, patience=0.2).run({"away": pipe.read}, lambda: beats.append(time.monotonic()))
    assert len(beats) >= 2


def test_work_that_fails_holds_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    Errands(lambda: None, LOG).run({"bad": lambda beat: 1 / 0, "good": lambda beat: done.append(1)})
    assert done == [1]
    assert "Looking at bad failed" in caplog.text


def test_a_process_ends_while_a_place_is_silent(pipe: Pipe) -> None:
    code = (
        "import logging, sys; from jupyter_envlink.errands import Errands\n"
        "errands = Errands(lambda: None, logging.getLogger(), 0.1)\n"
        "errands.run({'away': lambda beat: open(sys.argv[1]).read()})\n"
        "print(*errands.silent)"
    )
    done = subprocess.run([sys.executable, "-c", code, pipe.path], capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr, done.returncode) == ("away\n", "", 0)
