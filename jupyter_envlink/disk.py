"""Faults of the disk, in the words of ``errors``."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import DiskError
from .journal import HOME
from .sentence import joined, told


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
        message = told("There is no space left for {where}.", where=where)
        remedy = told("Free some space below {place}.", place=place)
        if _could_be_freed(place):
            remedy = joined(" ", [remedy, _CLEAN])
        return DiskError(message, remedy, code="disk-full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        message = told("{where} cannot be written: {reason}.", where=where, reason=error.strerror)
        return DiskError(message, told("Choose an environments folder that you may write to."), code="not-writable")
    if error.errno in (errno.ENOTDIR, errno.EEXIST) and HOME in Path(where).parts:
        remedy = told("Look at what it is; jupyter_envlink needs a folder there.")
        return DiskError(
            told("{where} is in the way: {reason}.", where=where, reason=error.strerror), remedy, code="in-the-way"
        )
    return error


_CLEAN = told("`jupyter envlink clean --kept` shows removed environments and earlier states that could go.")


def _could_be_freed(root: str) -> bool:
    """Whether something of ours is kept that could go."""
    for name in ("removed", "generations"):
        with suppress(OSError):
            if os.listdir(os.path.join(root, HOME, name)):
                return True
    return False


def is_usable(folder: str) -> bool:
    """Whether rights let entries be made in ``folder``, or in the nearest of its parents that exists."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
