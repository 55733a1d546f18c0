"""``python -m tests.chaos --kills N --seed S [--only NAME]…``: kill N times, check each time, tell what was broken.

The seed that is printed repeats the choice of what dies where; what dies at random moments dies at others.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path

import platformdirs

from tests.channel import Channel, build, other_pythons

from .campaign import Campaign
from .ground import ground
from .kills import Tally, Victim
from .operations import SCENARIOS, Scenario

_PYTHON_WEIGHS = 0.2
"""An operation with a Python in it takes so much longer that it is killed so much less often."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill operations; check the promise.")
    parser.add_argument("--kills", type=int, default=200, help="how many processes are killed (default: 200)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats a run's choices")
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument("--only", action="append", choices=names, help="this operation; repeatable (default: all)")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    print(f"seed {arguments.seed}", flush=True)
    chosen = [each for each in SCENARIOS if not arguments.only or each.name in arguments.only]
    weights = [_PYTHON_WEIGHS if each.has_python else 1.0 for each in chosen]
    found: list[str] = []
    whole = Tally()
    for scenario, weight in zip(chosen, weights, strict=True):
        number = max(1, round(arguments.kills * weight / sum(weights)))
        tally, broken = _killed(scenario, number, random.Random(f"{arguments.seed} {scenario.name}"))
        whole += tally
        found += broken
    print(f"{whole.kills} kills, {len(found)} broken promises, seed {arguments.seed}")
    print("\n".join(f"  {number:5} {means}" for means, number in sorted(whole.by_means.items())))
    return 1 if found else 0


def _killed(scenario: Scenario, number: int, chance: random.Random) -> tuple[Tally, list[str]]:
    begin, found = time.monotonic(), []
    with ground(channel()) as here:
        victim = Victim(here, scenario)
        for death in Campaign(victim, number, chance).deaths():
            try:
                death()
            except AssertionError as broken:
                found.append(str(broken))
                print(f"BROKEN {broken}", flush=True)
        hashes = victim.cache_is_untouched()
    tally = victim.tally
    said = f"{tally.kills} kills, {tally.stood} stood, {tally.unscathed} unscathed, {len(found)} broken"
    print(f"{scenario.name}: {said}, {hashes} cached files as before, {time.monotonic() - begin:.0f} s", flush=True)
    return tally, found


def channel() -> Channel:
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    return build(cache / "channel", pythons=[Path(sys.executable), *other_pythons()[:1]])


if __name__ == "__main__":
    sys.exit(main())
