from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import process, running

from .waiting import appears, gone

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX sessions")


def test_another_process_with_the_same_pid_is_not_taken_for_it() -> None:
    me = psutil.Process()
    assert running.alive(me.pid, me.create_time())
    assert not running.alive(me.pid, me.create_time() - 100)
    running.kill_group(me.pid, me.create_time() - 100)


@posix
def test_a_zombie_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    created = psutil.Process(child.pid).create_time()
    assert gone(child.pid)
    assert not running.alive(child.pid, created)
    child.wait()


@posix
def test_the_session_is_killed_after_its_leader_went(tmp_path: Path) -> None:
    note = tmp_path / "child"
    started = process.start_detached(
        ["/bin/sh", "-c", 'sleep 60 & echo $! > "$1"', "sh", str(note)], output=tmp_path / "out"
    )
    child = int(appears(note))
    assert gone(started.pid)
    running.kill_group(started.pid, started.created)
    assert gone(child)


def test_who_runs_from_a_prefix() -> None:
    found = dict(running.running_in(str(Path(psutil.Process().exe()).parent)))
    assert found[psutil.Process().pid].split()[0] == psutil.Process().cmdline()[0]
    assert running.running_in("/no/such/prefix") == []
