"""``jupyter envlink update``."""

from __future__ import annotations

import argparse
from typing import Any

from ..environment import Environment
from ..errors import InvalidRequest
from ..preview import solve
from ..service import Envlink
from ..source import Source
from . import commands, files, mend, session, show_plan
from .dry_run import cannot, dry_run


def update(arguments: argparse.Namespace) -> int:
    service = session.service(arguments.engine)
    source = files.source(arguments.file, service.policy.reach)
    environment = _environment(service, source, arguments)

    def plan_of(source: Source) -> dict[str, Any]:
        return solve(service.preview.update(source, environment, arguments.prune), arguments.refresh)

    source = mend.mended(source, plan_of, arguments)
    if arguments.dry_run:
        return dry_run(arguments, plan_of(source), source)
    if not arguments.yes and session.can_ask(arguments) and not _agreed(environment, plan_of(source), source):
        return 1
    job = service.life.update(source, environment.id, arguments.prune)
    return commands.finish(service, commands.wait(service, job, arguments), arguments)


def _agreed(environment: Environment, plan: dict[str, Any], source: Source) -> bool:
    """Whether somebody at the terminal wants what it would do. A script is not asked: it can be rolled back."""
    print(show_plan.plan(plan, source.path))
    return not cannot(plan) and session.agreed(f"Update {environment.name}?")


def _environment(service: Envlink, source: Source, arguments: argparse.Namespace) -> Environment:
    """The one that is named, by the command or else by the file. Raises ``InvalidRequest`` and ``NotFound``."""
    if session.named(arguments) is None:
        arguments.named = service.preview.file_name(source)
    if session.named(arguments) is None:
        raise InvalidRequest("Neither the command nor the file names an environment.", "jupyter envlink update NAME")
    return session.find(service, arguments)
