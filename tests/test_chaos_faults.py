"""A full disk, lost rights, a network that fails, others at the same prefix: each environment is whole, old or new."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink.jobs.record import Status
from tests.channel import Channel
from tests.chaos import contest, disk, network
from tests.chaos.fatal import Calls, counts_calls
from tests.chaos.ground import Ground, ground
from tests.chaos.kills import Victim
from tests.chaos.operations import SCENARIOS
from tests.chaos.spread import spread

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.name == "nt", reason="the harness kills by SIGKILL"),
]

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


@pytest.fixture(scope="module")
def here(channel: Channel) -> Iterator[Ground]:
    with ground(channel) as made:
        yield made


@pytest.mark.skipif(not counts_calls(), reason="needs Linux and a C compiler")
@pytest.mark.parametrize("how", ["full", "denied"])
@pytest.mark.parametrize("name", ["create", "update", "remove", "roll-back"])
def test_a_disk_that_fails_from_some_moment_on_loses_nothing(here: Ground, name: str, how: str) -> None:
    seed = random.randrange(10**6)
    victim = Victim(here, BY_NAME[name])
    points = spread(victim.points(disk.means(victim, how)), 4, random.Random(seed))

    for point in points:
        try:
            disk.fails_from(victim, how, point)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from None


@pytest.mark.skipif(not disk.may_mount(), reason="nothing may be mounted here, not even in a namespace of its own")
def test_what_does_not_fit_on_a_small_disk_leaves_nothing_on_it(channel: Channel, tmp_path: Path) -> None:
    argv = [*disk.namespace(), sys.executable, "-m", "tests.chaos.disk", str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=150, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["disk-full"] * len(disk.SIZES)


@pytest.mark.parametrize("updates", [False, True], ids=["create", "update"])
def test_a_network_that_fails_in_the_middle_leaves_what_was_there(here: Ground, updates: bool) -> None:
    with network.connected(here, updates) as there:
        promise = there.promise()
        for name, fault in network.FAULTS.items():
            job = there.fails(fault, promise, cancels=False)
            assert job.status is Status.FAILED, f"{name}: {job.progress}"
            assert (job.progress.error or {})["code"] != "internal", f"{name}: {job.progress}"
        for name, stall in network.STALLS.items():
            job = there.fails(stall, promise, cancels=True)
            assert job.status is Status.CANCELLED, f"{name}: {job.progress}"


@pytest.mark.skipif(not counts_calls(), reason="needs Linux and a C compiler")
@pytest.mark.parametrize("name", ["create", "update", "roll-back"])
def test_what_a_writer_without_our_locks_does_meanwhile_is_not_lost(here: Ground, name: str) -> None:
    seed = random.randrange(10**6)
    victim = Victim(here, BY_NAME[name])
    points = victim.points(Calls(here.envs))

    for point in spread(points, 7, random.Random(seed)):
        try:
            contest.comes_at(victim, point)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from None


@pytest.mark.parametrize(("one", "other"), [("create", "create"), ("update", "remove"), ("roll-back-once", "update")])
def test_two_servers_at_once_come_to_what_they_come_to_one_after_the_other(here: Ground, one: str, other: str) -> None:
    seed = random.randrange(10**6)
    victim, chance = Victim(here, BY_NAME[one]), random.Random(seed)
    allowed = contest.orders(victim, BY_NAME[other])

    for _ in range(3):
        try:
            contest.at_once(victim, BY_NAME[other], allowed, chance)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from None
