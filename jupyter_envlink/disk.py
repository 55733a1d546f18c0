"""Faults of the disk, in the words of ``errors``."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import DiskError
from .journal import HOME


@contextmanager
def disk_errors(root: str) -> Iterator[None]:
    """Raises ``DiskError`` for each ``OSError`` that is one, and the ``OSError`` itself for all others."""
    try:
        yield
    except OSError as error:
        translated = disk_error(error, root)
        if translated is error:
            raise
        raise translated from error


def disk_error(error: OSError, place: str) -> DiskError | OSError:
    """``error`` as ``DiskError`` where rights or room are the reason; the error itself where they are not."""
    where = error.filename or place
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"There is no space left for {where}."
        return DiskError(message, f"Free some space below {place}.{_freed(place)}", code="disk-full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        message = f"{where} cannot be written: {error.strerror}."
        return DiskError(message, "Choose an environments folder that you may write to.", code="not-writable")
    if error.errno in (errno.ENOTDIR, errno.EEXIST) and HOME in Path(where).parts:
        remedy = "Look at what it is; jupyter_envlink needs a folder there."
        return DiskError(f"{where} is in the way: {error.strerror}.", remedy, code="in-the-way")
    return error


def _freed(root: str) -> str:
    """What would make room, where something of ours would."""
    for name in ("removed", "generations"):
        with suppress(OSError):
            if os.listdir(os.path.join(root, HOME, name)):
                return " `jupyter envlink clean --kept` shows removed environments and earlier states that could go."
    return ""


def is_usable(folder: str) -> bool:
    """Whether rights let entries be made in ``folder``, or in the nearest of its parents that exists."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
