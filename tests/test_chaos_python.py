"""As ``test_chaos``, on environments with a Python: thousands of files, pip, virtual environments, kernels."""

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

LARGE = [scenario for scenario in SCENARIOS if scenario.has_python]
EACH = 3


@pytest.fixture(scope="module")
def here(channel: Channel) -> Iterator[Ground]:
    with ground(channel) as made:
        yield made


@pytest.mark.parametrize("scenario", LARGE, ids=lambda scenario: scenario.name)
def test_killed_at_every_step_nothing_is_lost(here: Ground, scenario: Scenario) -> None:
    seed = random.randrange(10**6)
    victim = Victim(here, scenario)

    for death in Campaign(victim, EACH, random.Random(seed)).deaths():
        try:
            death()
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from None

    assert victim.cache_is_untouched() > 0
