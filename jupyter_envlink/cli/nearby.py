"""``jupyter envlink files``: the environment files here and above, and what an update from each would change."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from ..errors import NotFound
from . import session, show


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("folder", nargs="?", metavar="DIR", default=".", help="default: this one")


def files(arguments: argparse.Namespace) -> int:
    folder = os.path.abspath(arguments.folder)
    if not os.path.isdir(folder):
        raise NotFound(f"There is no folder {arguments.folder!r}.", "Look at the path.")
    found = session.service().files(folder, None, lambda name: not name.startswith("."))
    shown = [(each["path"], _environment(each), _state(each)) for each in found["files"]]
    nothing = f"There is no environment file in {show.printable(folder)}, nor above it."
    return session.answer(arguments, found, show.table(("FILE", "ENVIRONMENT", ""), shown) if shown else nothing)


def _environment(each: show.Shown) -> str:
    return each["environment"] or "-"


def _state(each: show.Shown) -> str:
    if each["errors"]:
        return f"has {each['errors']} error(s): jupyter envlink check {Path(each['path']).name}"
    if each["environment"] is None:
        return "not created"
    if each["changes"] is None:
        return str(each["obstacle"] or "")
    return f"update: {each['changes']} change(s)" if each["changes"] else "up to date"
