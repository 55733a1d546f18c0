"""``jupyter envlink export``: an environment as text that others build from."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import DiskError
from ..exportable import LOCK, OF_CONDA, OF_PYTHON
from . import session

FORMATS = (*OF_CONDA, *OF_PYTHON, LOCK)


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("--format", metavar="FORMAT", default="yml", help=f"{', '.join(FORMATS)}; default: yml")
    part.add_argument("-o", "--output", metavar="FILE", help="write it there; default: to the standard output")


def export(arguments: argparse.Namespace) -> int:
    service = session.service()
    done = service.export(session.find(service, arguments).id, arguments.format)
    if arguments.output:
        _write(Path(arguments.output), done["text"])
        return session.answer(arguments, done, "")
    return session.answer(arguments, done, done["text"].removesuffix("\n"))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise DiskError(message, "Name a file in a folder that you may write to.") from error
