"""``jupyter envlink update``, and what every ``--dry-run`` prints."""

from __future__ import annotations

import argparse
from typing import Any

from ..environment import Environment
from ..errors import EnvlinkError, InvalidRequest
from ..preview import solve
from ..service import Envlink
from ..source import Source
from . import files, mend, session, show_plan


def update(arguments: argparse.Namespace) -> int:
    service = session.service()
    source = files.source(arguments.file)
    environment = _environment(service, source, arguments)

    def plan_of(source: Source) -> dict[str, Any]:
        return solve(service.preview.update(source, environment, arguments.prune), arguments.refresh)

    source = mend.mended(source, plan_of, arguments)
    if arguments.dry_run:
        return dry_run(arguments, plan_of(source), source)
    remedy = f"See what it would do with --dry-run; conda env update -p {environment.prefix} -f FILE does it."
    raise EnvlinkError("Updating an environment is not part of this version yet.", remedy, code="not-available")


def dry_run(arguments: argparse.Namespace, plan: dict[str, Any], source: Source) -> int:
    """Print the plan; the exit status is 1 where it cannot be carried out."""
    session.answer(arguments, plan, show_plan.plan(plan, source.path))
    return 1 if plan["conflict"] or plan["name_problem"] or _has_errors(plan) else 0


def _environment(service: Envlink, source: Source, arguments: argparse.Namespace) -> Environment:
    """The one that is named, by the command or else by the file. Raises ``InvalidRequest`` and ``NotFound``."""
    if session.named(arguments) is None:
        arguments.named = service.preview.file_name(source)
    if session.named(arguments) is None:
        raise InvalidRequest("Neither the command nor the file names an environment.", "jupyter envlink update NAME")
    return session.find(service, arguments)


def _has_errors(plan: dict[str, Any]) -> bool:
    return any(each["severity"] == "error" for each in plan["diagnostics"])
