"""A server that begins one operation, to be killed meanwhile: ``python -m tests.chaos.begin SCENARIO GROUND``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.channel import Channel
from tests.conftest import Machine

from .ground import Ground
from .operations import SCENARIOS, Scenario, server


def begun(ground: Ground, scenario: Scenario) -> list[str]:
    """The command; it works in the variables of this process, and ends once the operation has begun."""
    machine, channel = ground.machine, ground.channel
    places = [machine.home, machine.envs, machine.data, machine.condarc, ground.folder, channel.path]
    told = json.dumps([*map(str, places), *channel.pythons, ground.tiny])
    return [sys.executable, "-m", "tests.chaos.begin", scenario.name, told]


def main() -> None:
    name, told = sys.argv[1:]
    *texts, tiny = json.loads(told)
    home, envs, data, condarc, folder, channel = map(Path, texts[:6])
    ground = Ground(Machine(home, envs, data, condarc), Channel(channel, tuple(texts[6:])), folder, tiny)
    scenario = next(each for each in SCENARIOS if each.name == name)
    scenario.begin(server(ground), ground)


if __name__ == "__main__":
    main()
