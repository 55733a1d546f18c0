"""``jupyter envlink clone`` and ``rename``: an environment under another name, beside the one it was or instead."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..errors import Conflict
from . import session

if TYPE_CHECKING:
    from ..jobs.record import Job
    from ..service import Envlink


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("environment", metavar="NAME", help="its name, path or id")
    part.add_argument("new", metavar="NEW", help="the other name")
    part.set_defaults(named=None)


def clone(arguments: argparse.Namespace) -> int:
    service = session.service()
    job = service.life.clone(session.find(service, arguments).id, arguments.new)
    return _followed(service, job, arguments)


def rename(arguments: argparse.Namespace) -> int:
    """A command knows of no kernels, but sees the programs that run in it."""
    from .. import process

    service = session.service()
    environment = session.find(service, arguments)
    running = [] if arguments.force else process.running_in(environment.prefix)
    if running:
        programs = "\n".join(f"  process {pid}: {command}" for pid, command in running)
        message = f"{len(running)} programs run in {environment.name}:\n{programs}"
        raise Conflict(message, "End them first, or add --force.", code="in-use")
    job = service.life.rename(environment.id, arguments.new, {}, arguments.force)
    return _followed(service, job, arguments)


def _followed(service: Envlink, job: Job, arguments: argparse.Namespace) -> int:
    from .commands import finish, wait

    return finish(service, wait(service, job, arguments), arguments)
