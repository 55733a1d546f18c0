"""Environment files on the disk, read and checked; a file that cannot be read has that for its finding."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from .envfile import CODES, Diagnostic, EnvironmentFile
from .errors import EnvlinkError
from .formats import read, read_archive
from .formats.detection import is_archive_name
from .source import Source, checked_archive, read_file


def checked(path: str) -> EnvironmentFile:
    """The file at ``path``, which may be anything a command line can hold. Never raises for what it finds there."""
    try:
        if is_archive_name(path):
            return read_archive(checked_archive(os.path.abspath(path), path), path).file
        return read(read_file(path, path), path, os.path.dirname(os.path.abspath(path))).file
    except EnvlinkError as error:
        return _unread(path, error)


def checked_source(path: str, find: Callable[[], Source]) -> EnvironmentFile:
    """The same of the file that ``find`` finds, or raises an ``EnvlinkError`` for; it is told as ``path``."""
    try:
        source = find()
        return replace(read(source.content, source.path).file, path=path)
    except EnvlinkError as error:
        return _unread(path, error)


def _unread(path: str, error: EnvlinkError) -> EnvironmentFile:
    code = error.code if error.code in CODES else "unreadable"
    finding = Diagnostic(code, "error", None, None, None, None, error.message, error.remedy)
    return EnvironmentFile(path, None, None, None, None, None, None, (finding,), ())
