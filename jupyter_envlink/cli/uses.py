"""``jupyter envlink uses``: who uses an environment, and since when nobody does."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .. import process
from ..uses import described
from . import session
from .show import moment, printable

if TYPE_CHECKING:
    from ..environment import Environment
    from ..service import Envlink


def uses(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    found = described(service.uses, environment, ())
    running = [{"pid": pid, "command": command} for pid, command in process.running_in(environment.prefix)]
    text = "\n".join([_last(environment.name, found["last_used"], found["since"]), *lines(service, environment)])
    return session.answer(arguments, {**found, "processes": running}, text)


def lines(service: Envlink, environment: Environment) -> Iterable[str]:
    """What runs in it now, and which notebooks did lately."""
    for pid, command in process.running_in(environment.prefix):
        yield printable(f"  process {pid} runs in it: {command}")
    for each in described(service.uses, environment, ())["notebooks"]:
        yield printable(f"  {_short(each['file'])} used it last at {moment(each['used'])}")


def _last(name: str, used: str | None, since: str | None) -> str:
    if used:
        return printable(f"{name} was used last at {moment(used)}.")
    known = f"since {moment(since)}" if since else "yet"
    return printable(f"No kernel of {name} was seen {known}. What runs in a terminal is seen while it runs.")


def _short(path: str) -> str:
    home = os.path.expanduser("~") + os.sep
    return f"~{os.sep}{path[len(home) :]}" if path.startswith(home) else path
