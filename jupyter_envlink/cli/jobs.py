"""``jupyter envlink jobs`` and ``recover``: what is under way, what has ended, and what a crash has left."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from . import session, show
from .commands import finish, wait

if TYPE_CHECKING:
    from ..restart import Recovered


def jobs(arguments: argparse.Namespace) -> int:
    service = session.service()
    if arguments.cancel or arguments.retry:
        return _cancel(arguments) if arguments.cancel else _retry(arguments)
    if arguments.id:
        job = service.queue.store.load(arguments.id)
        entries = service.queue.store.whole_log(job.id)
        return session.answer(arguments, {**job.as_dict(), "log": entries}, show.log(job, entries))
    found = service.jobs.all()
    return session.answer(arguments, {"jobs": [job.as_dict() for job in found]}, show.jobs(found))


def recover(arguments: argparse.Namespace) -> int:
    done = session.unstarted().recover()
    session.answer(arguments, done.as_dict(), _text(done))
    return 1 if done.problems else 0


def _cancel(arguments: argparse.Namespace) -> int:
    job = session.service().jobs.cancel(_named(arguments, "--cancel"))
    return session.answer(arguments, job.as_dict(), show.jobs([job]))


def _retry(arguments: argparse.Namespace) -> int:
    service = session.service()
    job = service.life.retry(_named(arguments, "--retry"))
    return finish(service, wait(service, job, arguments), arguments)


def _named(arguments: argparse.Namespace, option: str) -> str:
    if not arguments.id:
        raise InvalidRequest("No job is named.", f"jupyter envlink jobs ID {option}")
    return str(arguments.id)


def _text(done: Recovered) -> str:
    lines = [f"{job.request.operation.value} of {job.request.name}: {job.status.value}." for job in done.jobs]
    lines += [f"The unfinished {each.operation} of {each.prefix} was brought to its end." for each in done.changes]
    lines += [f"Below {root} something is left: {message}" for root, message in done.problems]
    return show.printable_lines("\n".join(lines)) or "Nothing was left unfinished."
