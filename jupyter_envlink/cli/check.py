"""``jupyter envlink check``: what is wrong in files. It reads these files, and what conda's configuration says of
channels: no service, and no network but for a file at an address. The administrator's own limits of channels are a
server's, and hold where something is made."""

from __future__ import annotations

import argparse

from ..channel_judge import ChannelJudge
from ..channel_rules import NO_LIMITS
from ..checking import checked, checked_source
from ..envfile import EnvironmentFile
from . import fix, session, show
from .files import is_address


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("files", nargs="+", metavar="FILE", help="a path or an address (https://…)")
    fix.add_options(part)
    part.set_defaults(refuse=part.error)


def check(arguments: argparse.Namespace) -> int:
    if arguments.yes and not arguments.fix:
        arguments.refuse("--yes goes with --fix")
    if arguments.fix and any(map(is_address, arguments.files)):
        arguments.refuse("--fix writes files that lie here")
    fixed = fix.fixed(arguments) if arguments.fix else None
    judge = ChannelJudge(NO_LIMITS)
    files = [judge.judged(_checked(path)).checked() for path in arguments.files]
    for file in files if fixed is not None else ():
        file["diff"], file["fixed"] = (fixed or {}).get(file["path"], (None, False))
    session.answer(arguments, {"files": files}, show.checked(files))
    return 0 if all(file["ok"] for file in files) else 1


def _checked(path: str) -> EnvironmentFile:
    if not is_address(path):
        return checked(path)
    from ..fetching.fetch import fetch
    from ..policy import Policy

    reach = Policy(config=session.configuration()).reach
    return checked_source(path, lambda: fetch(path, reach).source)
