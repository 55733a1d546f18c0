"""``jupyter envlink search``: packages of the channels, by a part of their names; or the versions of one."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping
from typing import Any

from .. import errors
from . import session, show

_SHOWN = 20
"""Versions, of which Python alone has had hundreds."""


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("query", metavar="NAME", help="a part of the name")
    part.add_argument(
        "-c",
        "--channel",
        action="append",
        metavar="CHANNEL",
        help="search it, too, before those that are configured; nodefaults leaves them out",
    )
    part.add_argument("--limit", type=int, metavar="NUMBER", help="how many packages to show; default: 20")
    part.add_argument("--versions", action="store_true", help="the versions of the package that is called so")


def search(arguments: argparse.Namespace) -> int:
    import asyncio

    from ..engines.rattler_index import KeptIndex
    from ..search.answering import Searcher

    wanted = session.unstarted().beginnings.search(
        arguments.query, arguments.channel, arguments.limit, arguments.versions
    )
    found = asyncio.run(Searcher(KeptIndex(math.inf)).answer(wanted))
    if "failed" in found:
        raise errors.of(found["kind"], found["failed"])
    for channel in found["channels"]:
        if channel["problem"]:
            print(_aged(channel), file=sys.stderr)
    return session.answer(arguments, found, (_versions if arguments.versions else _packages)(found))


def _packages(found: Mapping[str, Any]) -> str:
    if not found["packages"]:
        return "No package has that in its name."
    head = ("NAME", "NEWEST", "CHANNEL", "")
    rows = [
        (each["name"], each["version"] or "-", each["channel"], each["summary"] or "") for each in found["packages"]
    ]
    more = found["total"] - len(rows)
    return show.table(head, rows) + (
        f"\n{more} more; --limit shows them, or a longer part of the name." if more else ""
    )


def _versions(found: Mapping[str, Any]) -> str:
    shown = found["versions"][:_SHOWN]
    more = len(found["versions"]) - len(shown)
    said = ", ".join([*shown, *([f"and {more} older ones"] if more else [])])
    return "\n".join(filter(None, [f"{found['name']} of {found['channel']}", found["summary"], said]))


def _aged(channel: Mapping[str, Any]) -> str:
    problem = show.printable(channel["problem"]["message"])
    if channel["age"] is None:
        return f"{problem} Nothing of it is known."
    return f"{problem} What it had {channel['age'] / 3600:.1f} hours ago is shown."
