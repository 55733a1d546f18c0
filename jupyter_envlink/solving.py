"""What a plan comes to once the channels are asked: seconds, and the engine in memory. Not for a server's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .difference import difference
from .engines.base import Engine, Keep, Package, Solution, Weight
from .envfile import platforms
from .errors import EnvlinkError, Unsolvable
from .planning import Plan, kernel_for
from .updating import Target


async def solved(plan: Plan, text: str, engine: Engine) -> dict[str, Any]:
    """``solution`` and ``conflict`` of ``Plan`` of ``openapi.yaml``, one of which is ``None``.

    ``text`` is the file's: what can be done about a conflict is shown in it, and tried out by the embedded engine.
    """

    async def solve(plan: Plan, by: Engine = engine.embedded) -> Solution:
        if plan.refusal is not None:
            raise plan.refusal
        return await solution_of(by, plan)

    try:
        before = engine.installed(plan.target.prefix) if plan.target else ()
        solution = await solve(plan, engine)
        from .pip_packages import stranded

        lost = stranded(plan.target.prefix, solution.packages) if plan.target else ()
        shown = await _weighed(solution, before, engine) | {"pip_stranded": [each.as_dict() for each in lost]}
        return {"solution": shown, "conflict": None}
    except Unsolvable as error:
        from .explaining import explained, explained_and_mended

        if plan.format == "environment-yml":  # the others' own words are not ours to change
            error = await explained_and_mended(error, plan, text, engine, solve)
        elif plan.locked is None:
            error = await explained(error, plan, engine)
        return {"solution": None, "conflict": error.as_dict()}
    except EnvlinkError as error:
        return {"solution": None, "conflict": error.as_dict()}


def unpacked(archive: str) -> dict[str, Any]:
    """As ``solved``, for what lies packed in ``archive``, which is read to its end; and what is added, and why."""
    try:
        from .formats import conda_pack

        found = conda_pack.inside(archive, platforms.current())
    except EnvlinkError as error:
        return {"solution": None, "conflict": error.as_dict()}
    inside = tuple(Package(each.name, each.version, each.build, None, None) for each in found.packages)
    specs = [f"{each.name}=={each.version}={each.build}" for each in found.packages]
    return {
        "conda": specs,
        "added": [{"spec": each.spec, "reason": each.reason} for each in kernel_for(specs)],
        "solution": {
            "packages": [package.as_dict() for package in inside],
            **asdict(Weight(0, found.bytes, True)),
            "changes": difference((), inside).as_dict(),
            "pip_stranded": [],
        },
        "conflict": None,
    }


async def solution_of(engine: Engine, plan: Plan) -> Solution:
    """The packages that a plan comes to: those that its file names, or those that are solved for.

    Raises ``Unsolvable`` and ``ChannelError``."""
    if plan.locked is None:
        return await engine.solve(plan.channels, plan.specs, *_held(plan.target), plan.pins.constraints)
    added = [addition.spec for addition in plan.added]
    return await engine.exact(plan.locked.packages, plan.channels, added)


def _held(target: Target | None) -> tuple[str | None, Keep]:
    if target is None:
        return None, Keep.ALL
    return target.prefix, Keep.NOTHING if target.prune else Keep.REQUESTED


async def _weighed(solution: Solution, before: Sequence[Package], engine: Engine) -> dict[str, Any]:
    changes = difference(before, solution.packages)
    weight = await engine.weigh(solution.only({package.name for package in changes.coming}))
    return {
        "packages": [package.as_dict() for package in solution.packages],
        **asdict(weight),
        "changes": changes.as_dict(),
    }
