"""A plan that cannot be solved, explained: the lines that are to blame, and what can be done. Asks the channels."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from . import condarc, formats
from .channel_rules import refusal
from .channels import FALLBACK, Channels, resolve
from .conflict import Cause, causes, leaf_names, missing_specs
from .engines.availability import Availability
from .engines.base import Engine
from .envfile import Entry, EnvironmentFile, package_name, platforms
from .errors import EnvlinkError, Unsolvable
from .mending import Case, drafts, tried
from .network import network_of
from .planning import Plan, plan_of
from .redaction import holds_secret
from .sentence import shortened, told

Solve = Callable[[Plan], Awaitable[object]]
"""Solves a plan as the one in question was to be solved. Raises ``Unsolvable``."""

MAX_REASONS = 20_000
"""Characters of the solver's own text that are handed on."""
MAX_TEXT = 256 * 1024
"""Characters of a file that is mended: each remedy carries it as a whole."""
_ELSEWHERE_SECONDS = 5.0


async def explained(error: Unsolvable, plan: Plan, engine: Engine) -> Unsolvable:
    """``error`` with ``causes`` in its details, and few words; as it is, where the channels do not say more."""
    try:
        available = await _available(error, plan, engine)
    except EnvlinkError:
        return error
    return _told(error, plan, available)


async def explained_and_mended(error: Unsolvable, plan: Plan, text: str, engine: Engine, solve: Solve) -> Unsolvable:
    """As ``explained``; with ``remedies``, too: ``text`` is that of the file, ``solve`` tries out what they give."""
    try:
        available = await _available(error, plan, engine)
    except EnvlinkError:
        return error
    explained = _told(error, plan, available)
    if len(text) > MAX_TEXT or holds_secret(text):
        return explained
    elsewhere = await _elsewhere(plan, available, engine)
    blamed = _blamed(plan.file, explained.details["causes"])
    case = Case(text, plan.file, available, blamed, platforms.current(), elsewhere)
    remedies = await tried(case, drafts(case), lambda changed: _solves(changed, plan, solve))
    explained.details["remedies"] = [each.as_dict() for each in remedies]
    return explained


async def _solves(text: str, plan: Plan, solve: Solve) -> bool:
    try:
        contents = formats.read(text, plan.file.path)
        await solve(plan_of(contents, prefix=plan.prefix, limits=plan.limits, target=plan.target))
    except EnvlinkError:
        return False
    return True


async def _available(error: Unsolvable, plan: Plan, engine: Engine) -> Availability:
    return await engine.available(plan.channels, [*_asked(plan), *leaf_names(_reasons(error))])


def _asked(plan: Plan) -> list[str]:
    """What is asked for, as it is written in the file; and what we add."""
    return [*(plan.file.conda or ()), *(addition.spec for addition in plan.added)]


async def _elsewhere(plan: Plan, available: Availability, engine: Engine) -> dict[str, frozenset[str]]:
    """conda-forge and the configured channels, where the plan does not ask them: which missing names they have."""
    absent = [spec for spec in _asked(plan) if spec in available.of and not available.of[spec].versions]
    found: dict[str, frozenset[str]] = {}
    configured = condarc.load(prefix=plan.prefix or "")
    rules = plan.limits.rules(configured, network_of(configured, os.environ))
    for name in dict.fromkeys([FALLBACK, *configured.channels]) if absent else ():
        channels = resolve([name, "nodefaults"], (), configured, os.environ)
        if not set(channels.urls) <= set(plan.channels.urls) and not refusal(channels.urls, rules):
            found[name] = await _which_has(channels, absent, engine)
    return found


async def _which_has(channels: Channels, specs: Sequence[str], engine: Engine) -> frozenset[str]:
    """A channel that does not answer soon has nothing to offer."""
    try:
        known = await asyncio.wait_for(engine.available(channels, specs), _ELSEWHERE_SECONDS)
    except (EnvlinkError, asyncio.TimeoutError):
        return frozenset()
    return frozenset(package_name(spec) for spec, found in known.of.items() if found.versions)


def _told(error: Unsolvable, plan: Plan, available: Availability) -> Unsolvable:
    reasons = _reasons(error)
    found = causes(reasons, plan.file, plan.added, available, platforms.current())
    details: dict[str, Any] = {
        **error.details,
        "reasons": reasons[:MAX_REASONS],
        "causes": [cause.as_dict() for cause in found],
    }
    missing = missing_specs(plan.file, plan.added, available)
    if missing:
        details["missing"] = list(missing)[:100]
        return Unsolvable(_missing_message(missing, plan), error.remedy, code="package-not-found", details=details)
    message = _together_message(found) if found else error.message
    return Unsolvable(message, error.remedy, code=error.code, details=details)


def _together_message(found: Sequence[Cause]) -> str:
    """The sentence that says most: with the longest chain."""
    telling = max(found, key=lambda cause: len(cause.message)).message
    return telling if len(found) == 1 else told("These packages do not go together. {why}", why=telling)


def _missing_message(missing: Sequence[str], plan: Plan) -> str:
    some = shortened(missing, 5)
    asked = ", ".join(plan.channels.shown)
    return told("No channel has {some}. Asked: {asked}.", some=some, asked=asked)


def _reasons(error: Unsolvable) -> str:
    return str(error.details.get("reasons", ""))


def _blamed(file: EnvironmentFile, found: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    places = {(cause["line"], cause["column"]) for cause in found}
    return tuple(each for each in file.entries if each.kind == "conda" and (each.line, each.column) in places)
