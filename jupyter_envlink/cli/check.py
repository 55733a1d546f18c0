"""``jupyter envlink check``: what is wrong in files. It reads these files and nothing else: no service, no network."""

from __future__ import annotations

import argparse

from ..checking import checked
from . import session, show


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("files", nargs="+", metavar="FILE")


def check(arguments: argparse.Namespace) -> int:
    files = [checked(path).checked() for path in arguments.files]
    session.answer(arguments, {"files": files}, show.checked(files))
    return 0 if all(file["ok"] for file in files) else 1
