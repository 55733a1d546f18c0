"""What each command does: the service's answer, as JSON or for a reader."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from ..environment import Environment
from ..errors import InvalidRequest
from ..jobs.record import Job, Status
from ..preview import solve
from ..service import Envlink
from ..source import Source
from . import files, mend, session, show, show_conflict
from .dry_run import dry_run
from .follow import follow
from .uses import lines


def list_environments(arguments: argparse.Namespace) -> int:
    found = session.service().environments({})
    return session.answer(arguments, found, show.listing(found))


def create(arguments: argparse.Namespace) -> int:
    service = session.service(arguments.engine)

    def plan_of(source: Source) -> dict[str, Any]:
        return solve(service.preview.proposal(source, arguments.name), arguments.refresh)

    source = mend.mended(_source(service, arguments), plan_of, arguments)
    if arguments.dry_run:
        return dry_run(arguments, plan_of(source), source)
    mend.refuse_unless_agreed(arguments)
    job = wait(service, service.life.create(source, arguments.name), arguments)
    return finish(service, job, arguments)


def _source(service: Envlink, arguments: argparse.Namespace) -> Source:
    if arguments.packages:
        return files.listed(arguments.packages, arguments.channel, arguments.name)
    if arguments.channel:
        raise InvalidRequest("--channel goes with --packages.", "A file names its channels itself.")
    return files.source(arguments.file, service.policy.reach)


def remove(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    service.policy.refuse_remove(environment)
    if not arguments.yes and not _agreed(service, environment, arguments):
        return 1
    job = wait(service, service.life.remove(environment.id, {}, force=True), arguments)
    return finish(service, job, arguments)


def attach(arguments: argparse.Namespace) -> int:
    service = session.service()
    done = service.attach(session.find(service, arguments).id, arguments.overlay)
    if isinstance(done, Job):
        return finish(service, wait(service, done, arguments), arguments)
    service.register()
    shown = service.shown(done, {})
    return session.answer(arguments, shown, show.environments([shown]))


def detach(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = service.detach(session.find(service, arguments).id)
    service.register()
    shown = service.shown(environment, {})
    return session.answer(arguments, shown, f"{environment.name} is detached; it is still at {environment.prefix}")


def _agreed(service: Envlink, environment: Environment, arguments: argparse.Namespace) -> bool:
    """Whether somebody at the terminal wants it. Raises ``InvalidRequest`` where nobody can be asked."""
    if not session.can_ask(arguments):
        raise InvalidRequest(
            f"{environment.name} was not removed: nobody was asked.", "Add --yes.", code="not-confirmed"
        )
    print(f"{environment.name} will be removed:\n  {environment.prefix}")
    for line in lines(service, environment):
        print(line)
    return session.agreed("Remove it?")


def wait(service: Envlink, job: Job, arguments: argparse.Namespace) -> Job:
    """The ended job; an interrupt at the terminal cancels it."""
    try:
        return follow(service, job, quiet=arguments.json)
    except KeyboardInterrupt:
        print("\nCancelling…", file=sys.stderr)
        service.jobs.cancel(job.id)
        raise


def finish(service: Envlink, job: Job, arguments: argparse.Namespace) -> int:
    """Say how an ended job has ended; the exit status."""
    service.register()
    if job.status is not Status.SUCCEEDED:
        session.answer(arguments, job.as_dict(), "")
        print(f"{show.failure(job)}{show_conflict.of_job(job)}", file=sys.stderr)
        return 1
    environment = service.catalog.snapshot.by_prefix.get(os.path.realpath(job.request.prefix))
    shown = service.shown(environment, {}) if environment else None
    return session.answer(arguments, {**job.as_dict(), "environment": shown}, show.done(job, shown))
