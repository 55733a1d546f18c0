"""``jupyter envlink check``: what is wrong in files. It reads these files, and what conda's configuration says of
channels: no service, no network. The administrator's own limits are a server's, and hold where something is made."""

from __future__ import annotations

import argparse

from ..channel_judge import ChannelJudge
from ..channel_rules import NO_LIMITS
from ..checking import checked
from . import fix, session, show


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("files", nargs="+", metavar="FILE")
    fix.add_options(part)
    part.set_defaults(refuse=part.error)


def check(arguments: argparse.Namespace) -> int:
    if arguments.yes and not arguments.fix:
        arguments.refuse("--yes goes with --fix")
    fixed = fix.fixed(arguments) if arguments.fix else None
    judge = ChannelJudge(NO_LIMITS)
    files = [judge.judged(checked(path)).checked() for path in arguments.files]
    for file in files if fixed is not None else ():
        file["diff"], file["fixed"] = (fixed or {}).get(file["path"], (None, False))
    session.answer(arguments, {"files": files}, show.checked(files))
    return 0 if all(file["ok"] for file in files) else 1
