"""``jupyter envlink check --fix``: what can be mended is shown as a diff, and written where somebody agrees."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..errors import EnvlinkError
from ..rewriting import Rewriting, rewriting
from . import session, show


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("--fix", action="store_true", help="show what mends the files, and write it where you agree")
    part.add_argument("-y", "--yes", action="store_true", help="with --fix: do not ask")


def fixed(arguments: argparse.Namespace) -> dict[str, tuple[str, bool]]:
    """The diff of each file that can be mended, and whether it was written."""
    found = [each for path in dict.fromkeys(arguments.files) if (each := rewriting(path))]
    if found and not arguments.json:
        print("\n".join(show.printable_lines(each.diff) for each in found))
    agreed = bool(found) and _is_agreed(found, arguments)
    return {each.path: (each.diff, agreed and _is_written(each)) for each in found}


def _is_agreed(found: Sequence[Rewriting], arguments: argparse.Namespace) -> bool:
    if arguments.yes:
        return True
    if session.can_ask(arguments):
        return session.agreed(f"Write these changes to {len(found)} {'file' if len(found) == 1 else 'files'}?")
    print("Nothing was written: nobody was asked. Add --yes.", file=sys.stderr)
    return False


def _is_written(each: Rewriting) -> bool:
    """Whether it was; a file that cannot be written keeps none of the others from it."""
    try:
        each.write()
    except EnvlinkError as error:
        print(f"Error: {error.message}\n       {error.remedy}", file=sys.stderr)
        return False
    return True
