"""``jupyter envlink set``: what a person says about an environment's kernels."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import InvalidRequest
from . import show
from .session import answer, find, service


def add_options(part: argparse.ArgumentParser) -> None:
    """What can be set."""
    title = part.add_mutually_exclusive_group()
    title.add_argument("--title", metavar="TEXT", help="the display name in menus")
    title.add_argument("--no-title", action="store_true", help="back to the default display name")
    shown = part.add_mutually_exclusive_group()
    shown.add_argument(
        "--hide", action="store_true", help="leave it out of the menu; notebooks that name it still start"
    )
    shown.add_argument("--show", action="store_true", help="list it in the menu again")
    what = "set a variable in its kernels, literally; no secrets: Jupyter sends kernel specs to the browser"
    part.add_argument("--variable", metavar="NAME=VALUE", action="append", default=[], help=what)
    part.add_argument("--unset", metavar="NAME", action="append", default=[], help="forget such a variable")


def set_kernel(arguments: argparse.Namespace) -> int:
    wanted = _wanted(arguments)
    of = service()
    environment = of.customize(find(of, arguments).id, wanted)
    of.register()
    shown = of.shown(environment, {})
    return answer(arguments, shown, show.settings(shown))


def _wanted(arguments: argparse.Namespace) -> dict[str, Any]:
    """``KernelChange`` of ``openapi.yaml``."""
    wanted: dict[str, Any] = {}
    if arguments.title is not None or arguments.no_title:
        wanted["title"] = arguments.title
    if arguments.hide or arguments.show:
        wanted["hidden"] = bool(arguments.hide)
    variables = {**dict.fromkeys(arguments.unset), **dict(map(_pair, arguments.variable))}
    if variables:
        wanted["variables"] = variables
    if not wanted:
        raise InvalidRequest("Nothing is to be set.", "See jupyter envlink set --help.")
    return wanted


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidRequest(f"{text!r} is no variable.", "Write --variable NAME=VALUE.")
    return name, value
