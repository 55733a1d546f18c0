"""What a plan comes to once the channels are asked: seconds, and the engine in memory. Not for a server's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .difference import difference
from .engines.base import Engine, Package, Solution
from .errors import EnvlinkError
from .planning import Plan


async def solved(plan: Plan, engine: Engine) -> dict[str, Any]:
    """``solution`` and ``conflict`` of ``Plan`` of ``openapi.yaml``, one of which is ``None``."""
    try:
        solution = await engine.solve(plan.channels, plan.specs)
        return {"solution": await _weighed(solution, (), engine), "conflict": None}
    except EnvlinkError as error:
        return {"solution": None, "conflict": error.as_dict()}


async def _weighed(solution: Solution, before: Sequence[Package], engine: Engine) -> dict[str, Any]:
    changes = difference(before, solution.packages)
    weight = await engine.weigh(solution.only({package.name for package in changes.coming}))
    return {
        "packages": [asdict(package) for package in solution.packages],
        **asdict(weight),
        "changes": changes.as_dict(),
    }
