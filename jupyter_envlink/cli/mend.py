"""``--mend CODE``: a file that cannot be solved is changed by what its plan offers, for this one command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import InvalidRequest
from ..source import Source
from . import session

Plan = Callable[[Source], Mapping[str, Any]]
"""The plan of a source, solved: ``Plan`` of ``openapi.yaml``."""


def add_options(part: argparse.ArgumentParser) -> None:
    what = "change what cannot be solved, as --dry-run offers it by this code; the file itself stays; repeatable"
    part.add_argument("--mend", metavar="CODE", action="append", default=[], help=what)
    part.add_argument(
        "-y", "--yes", action="store_true", help="do not ask before a mended file is used, or before an update"
    )


def mended(source: Source, plan: Plan, arguments: argparse.Namespace) -> Source:
    """``source`` after the remedies that were asked for, each shown as a diff. Raises ``InvalidRequest``."""
    for code in arguments.mend:
        remedy = _offered(plan(source), code)
        if not arguments.json:
            print(f"{remedy['title']}. {remedy['explanation']}\n{remedy['diff']}\n")
        source = replace(source, content=remedy["text"].encode())
    return source


def refuse_unless_agreed(arguments: argparse.Namespace) -> None:
    """Ask at the terminal whether a mended file is to be used. Raises ``InvalidRequest`` where nobody says so."""
    if not arguments.mend or arguments.yes:
        return
    if not session.can_ask(arguments) or not session.agreed("Go on with the changed file?"):
        message = "Nothing was made of the changed file: nobody has agreed to it."
        raise InvalidRequest(message, "Add --yes.", code="not-confirmed")


def _offered(plan: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    conflict = plan["conflict"]
    if not conflict:
        raise InvalidRequest(f"There is nothing to mend by {code}: the file can be solved.", "Leave --mend out.")
    offered = {each["code"]: each for each in conflict["details"].get("remedies", ())}
    if code not in offered:
        known = ", ".join(offered) or "nothing"
        raise InvalidRequest(f"{code!r} is not what helps here. {conflict['message']}", f"Offered are: {known}.")
    found: Mapping[str, Any] = offered[code]
    return found
