"""Whoever is killed at whatever step of whatever operation: each environment is afterwards whole, old or new.

The portion for CI; ``make chaos KILLS=5000`` goes on from here. What is killed, and how, is told in ``tests/chaos``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.channel import Channel
from tests.chaos.campaign import Campaign
from tests.chaos.ground import Ground, ground
from tests.chaos.kills import Victim
from tests.chaos.operations import SCENARIOS, Scenario

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.skipif(os.name == "nt", reason="SIGKILL")]

TINY = [scenario for scenario in SCENARIOS if not scenario.has_python]
KILLS = 200
"""So many at least, for each change of the program."""


@pytest.fixture(scope="module")
def here(channel: Channel) -> Iterator[Ground]:
    with ground(channel) as made:
        yield made


@pytest.mark.parametrize("scenario", TINY, ids=lambda scenario: scenario.name)
def test_killed_at_every_step_nothing_is_lost(here: Ground, scenario: Scenario) -> None:
    seed = random.randrange(10**6)
    number = -(-KILLS // len(TINY))
    victim = Victim(here, scenario)

    for death in Campaign(victim, number, random.Random(seed)).deaths():
        try:
            death()
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from None

    assert victim.cache_is_untouched() > 0
    assert victim.tally.kills >= number, victim.tally
