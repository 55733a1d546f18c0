"""``jupyter envlink generations`` and ``rollback``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import NotFound
from . import commands, session
from .show import moment, table

Shown = Mapping[str, Any]
_WORDS = (("install", "to install"), ("upgrade", "to upgrade"), ("downgrade", "to downgrade"),
          ("rebuild", "to rebuild"), ("remove", "to remove"))  # fmt: skip


def list_generations(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    found = service.life.generations(environment.id)
    nothing = f"No earlier state of {environment.name} is kept."
    return session.answer(arguments, found, _table(found["generations"]) or nothing)


def roll_back(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    kept = service.life.generations(environment.id)["generations"] if arguments.to is None else []
    number = _newest(kept, environment.name) if arguments.to is None else arguments.to
    job = service.life.roll_back(environment.id, number)
    return commands.finish(service, commands.wait(service, job, arguments), arguments)


def _newest(found: Sequence[Shown], name: str) -> int:
    if not found:
        remedy = "Nothing has changed it since it was made, or generations are not kept."
        raise NotFound(f"No earlier state of {name} is kept.", remedy, code="no-generation")
    return int(found[0]["number"])


def _table(found: Sequence[Shown]) -> str:
    rows = [(str(each["number"]), moment(each["created"]), each["operation"], _told(each["changes"])) for each in found]
    return table(("NUMBER", "UNTIL", "REPLACED BY", "TO GO BACK"), rows) if rows else ""


def _told(changes: Shown) -> str:
    """What rolling back to it would do now."""
    said = [f"{len(changes[kind])} {words}" for kind, words in _WORDS if changes[kind]]
    return ", ".join(said) or "no conda package changes"
