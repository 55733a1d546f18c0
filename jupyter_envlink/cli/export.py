"""``jupyter envlink export``: an environment as text that others build from, or as an archive."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DiskError
from ..exportable import LOCK, OF_CONDA, OF_PYTHON, PACK
from . import session

if TYPE_CHECKING:
    from ..environment import Environment
    from ..service import Envlink

FORMATS = (*OF_CONDA, *OF_PYTHON, LOCK)


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("--format", metavar="FORMAT", default="yml", help=f"{', '.join(FORMATS)}; default: yml")
    what = "write it there; default: to the standard output, an archive (pack) into this folder"
    part.add_argument("-o", "--output", metavar="FILE", help=what)


def export(arguments: argparse.Namespace) -> int:
    service = session.service()
    environment = session.find(service, arguments)
    if arguments.format == PACK:
        return _pack(service, environment, arguments)
    done = service.export(environment.id, arguments.format)
    if arguments.output:
        _write(Path(arguments.output), done["text"])
        return session.answer(arguments, done, "")
    return session.answer(arguments, done, done["text"].removesuffix("\n"))


def _pack(service: Envlink, environment: Environment, arguments: argparse.Namespace) -> int:
    from . import commands

    folder, name = os.path.split(os.path.abspath(arguments.output)) if arguments.output else (os.getcwd(), "")
    job = service.life.pack(environment.id, folder, name or None)
    return commands.finish(service, commands.wait(service, job, arguments), arguments)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise DiskError(message, "Name a file in a folder that you may write to.") from error
