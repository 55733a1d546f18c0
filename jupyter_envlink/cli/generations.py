"""``jupyter envlink generations`` and ``rollback``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import NotFound
from . import commands, session


def list_generations(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    found = service.generations(environment.id)
    return session.answer(
        arguments, found, _table(found["generations"]) or f"No earlier state of {environment.name} is kept."
    )


def roll_back(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    number = (
        arguments.to
        if arguments.to is not None
        else _newest(service.generations(environment.id)["generations"], environment.name)
    )
    job = service.roll_back(environment.id, number)
    return commands.finish(service, commands.wait(service, job, arguments), arguments)


def _newest(found: Sequence[Mapping[str, Any]], name: str) -> int:
    if not found:
        raise NotFound(
            f"No earlier state of {name} is kept.", "Nothing has changed it since it was made.", code="no-generation"
        )
    return int(found[0]["number"])


def _table(found: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(
        f"{each['number']:>4}  until {each['created']}, when {each['operation']} was done; {_told(each['changes'])}"
        for each in found
    )


def _told(changes: Mapping[str, Any]) -> str:
    """What rolling back to it would do now."""
    moved = sum(len(changes[kind]) for kind in ("upgrade", "downgrade", "rebuild"))
    counts = {"comes back": len(changes["install"]), "changes": moved, "goes": len(changes["remove"])}
    said = [f"{count} {what}" for what, count in counts.items() if count]
    return f"of the packages {', '.join(said)}" if said else "the same conda packages"
