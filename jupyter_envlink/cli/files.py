"""The environment file that a command works on: one here, one at an address, or a list of packages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import InvalidRequest, NotFound
from ..reach import Reach
from ..source import LARGEST, Source, from_request

DEFAULT_FILES = ("environment.yml", "environment.yaml")
OTHERS = ("conda-lock.yml", "pixi.lock", "pylock.toml", "explicit.txt", "requirements.txt", "pyproject.toml")
"""Taken only where they are named: of several in one folder nobody knows which one is meant."""

HELP = "a path, an address (https://…), or - for what is piped in; default: environment.yml, or environment.yaml, here"


def add_options(part: argparse.ArgumentParser) -> None:
    begun = part.add_mutually_exclusive_group()
    begun.add_argument("-f", "--file", metavar="FILE", help=HELP)
    what = "of these, instead of a file: numpy python=3.12"
    begun.add_argument("-p", "--packages", action="extend", nargs="+", metavar="PACKAGE", help=what)
    part.add_argument("-c", "--channel", action="append", metavar="CHANNEL", help="with --packages: take them from it")


def is_address(text: str | None) -> bool:
    """Whether it is fetched."""
    return text is not None and text.lower().startswith(("http://", "https://"))


def source(path: str | None, reach: Reach) -> Source:
    """The file at ``path``, which may be an address or ``-``, or that of this folder.

    Raises ``NotFound``, ``InvalidRequest``, and for an address ``NotAllowed`` and ``FetchError``.
    """
    if path == "-":
        return from_request({"text": sys.stdin.read(LARGEST + 1)}, None)
    if path is not None and is_address(path):
        from ..fetching.fetch import fetch

        return fetch(path, reach).source
    chosen = path or next((name for name in DEFAULT_FILES if Path(name).is_file()), None)
    if chosen is None:
        beside = next((name for name in OTHERS if Path(name).is_file()), "FILE")
        raise NotFound(
            "There is no environment.yml in this folder.", f"Name a file: jupyter envlink create -f {beside}"
        )
    return from_request({"path": chosen}, None)


def listed(packages: Sequence[str], channels: Sequence[str] | None, name: str | None) -> Source:
    """A file that lists ``packages``. Raises ``InvalidRequest``."""
    from ..composing import FILENAME, compose

    if not name:
        raise InvalidRequest("A list of packages names no environment.", "Add its name: -n NAME")
    return from_request({"text": compose(name, channels, packages), "filename": FILENAME}, None)
