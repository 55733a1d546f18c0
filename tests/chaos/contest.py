"""Others at the same prefix at the same time: a second server, and somebody who knows our locks as little as conda."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

import psutil

from jupyter_envlink import conda_records
from jupyter_envlink.engines.rattler import packages, prefix_records
from jupyter_envlink.jobs.record import Status
from tests.prefixes import real

from .begin import begun
from .checker import Promise
from .fatal import Calls, Point
from .ground import Ground
from .kills import Victim
from .operations import NAME, Scenario, server
from .restart import restarted
from .state import State, state
from .waiting import ENDS_WITHIN, ended

OTHERS = "amber"
"""What somebody else installs meanwhile."""


def install_as_others_do(ground: Ground) -> None:
    """Another package manager adds a package at the place of the environment, or makes one of it there."""
    prefix = ground.envs / NAME
    there = packages(prefix_records(str(prefix))) if (prefix / "conda-meta").is_dir() else ()
    real(ground.tiny, prefix, [*(f"{each.name}={each.version}" for each in there), OTHERS])
    now = packages(prefix_records(str(prefix)))
    came = [f"+{each.channel}::{each.name}-{each.version}-{each.build}" for each in now if each not in there]
    conda_records.write_history(str(prefix), f"conda install {OTHERS}", came, [OTHERS])


def comes_at(victim: Victim, point: Point) -> None:
    """Somebody else installs while the operation pauses at ``point``. Neither's work is lost, and nothing is mixed."""
    ground, scenario = victim.ground, victim.scenario
    ground.restore(scenario.name)
    death = Calls(ground.envs, "pause").at(point)
    service = victim.server_with(death.words)
    job = scenario.begin(service, ground)
    paused = _paused(lambda: service.queue.store.processes(job.id))
    install_as_others_do(ground)
    for process in paused:
        process.send_signal(signal.SIGCONT)
    job = ended(service, job)
    what = f"{scenario.name}: others came at {point}; {job.status.value}: {job.progress.error}"
    alone, added = _without_theirs(state(ground))
    assert added, f"{what}\nwhat others have installed is lost"
    wanted = victim.promise.new if job.status is Status.SUCCEEDED else victim.promise.old
    assert alone == wanted, f"{what}\n{sorted(alone)}, not {sorted(wanted)}"
    restarted(server(ground))
    _check_rest(victim.promise, what)


def at_once(victim: Victim, other: Scenario, allowed: Sequence[State], chance: random.Random) -> None:
    """Two servers begin two operations on the same environment. One after the other, or one of them not at all."""
    ground = victim.ground
    ground.restore(victim.scenario.name)
    commands = [begun(ground, each) for each in (victim.scenario, other)]
    chance.shuffle(commands)
    running = []
    for argv in commands:
        running.append(subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(chance.uniform(0.0, 2 * victim.lasts))
    for process in running:
        process.wait(ENDS_WITHIN)
    restarted(server(ground))
    what = f"{victim.scenario.name} and {other.name} at once"
    assert state(ground) in allowed, f"{what}: {state(ground).keys()}"
    _check_rest(victim.promise, what)


def orders(victim: Victim, other: Scenario) -> list[State]:
    """What there is after either operation, and after both, in either order, whatever is refused."""
    found: list[State] = [victim.promise.old]
    for order in ([victim.scenario], [other], [victim.scenario, other], [other, victim.scenario]):
        victim.ground.restore(victim.scenario.name)
        for scenario in order:
            argv = begun(victim.ground, scenario)
            subprocess.run(argv, capture_output=True, timeout=ENDS_WITHIN, check=False)
            restarted(server(victim.ground))
        found.append(state(victim.ground))
    return found


def _paused(processes: Callable[[], list[tuple[int, float]]]) -> list[psutil.Process]:
    """The processes of a worker, one of which is stopped, or which have all ended."""
    deadline = time.monotonic() + ENDS_WITHIN
    while time.monotonic() < deadline:
        there = [process for pid, _ in processes() for process in _tree(pid)]
        stopped = [process for process in there if _status(process) == psutil.STATUS_STOPPED]
        if stopped or not there:
            return stopped
        time.sleep(0.005)
    raise AssertionError("the worker neither paused nor ended")


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [each for each in (process, *process.children(recursive=True)) if _status(each) is not None]
    except psutil.NoSuchProcess:
        return []


def _status(process: psutil.Process) -> str | None:
    try:
        status = process.status()
    except psutil.NoSuchProcess:
        return None
    return None if status == psutil.STATUS_ZOMBIE else str(status)


def _without_theirs(now: State) -> tuple[State, bool]:
    """The state but for what others have installed at the place, and whether that is there."""
    place = f"envs/{NAME}"
    here = now.get(place, {})
    mine = {key: value for key, value in here.items() if key != f"package {OTHERS}"}
    rest = {key: value for key, value in now.items() if key != place}
    holds_ours = any(key.startswith("package ") for key in mine)
    return (rest | ({place: mine} if holds_ours else {})), f"package {OTHERS}" in here


def _check_rest(promise: Promise, what: str) -> None:
    """All of the promise that does not speak of what is old and new."""
    found = promise.faults_beside_state(server(promise.ground))
    assert not found, "\n".join([what, *found])
