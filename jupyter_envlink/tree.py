"""Directory trees as a whole: clone one, exchange two, throw one away."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def clone(source: str, target: str) -> None:
    """Make ``target`` a tree like ``source`` whose files are hard links, or copies where links cannot be made.

    Whoever changes a file of the clone must replace it, not write into it: an in-place write would change the
    original. Package managers replace; ``conda-meta/history``, to which they append, is copied.
    """
    os.mkdir(target)
    with os.scandir(source) as items:
        for item in items:
            _clone_item(item, os.path.join(target, item.name))
    shutil.copystat(source, target)


def _clone_item(item: os.DirEntry[str], target: str) -> None:
    if item.is_symlink():
        os.symlink(os.readlink(item.path), target)
    elif item.is_dir():
        clone(item.path, target)
    elif item.name == "history" and os.path.basename(os.path.dirname(item.path)) == "conda-meta":
        shutil.copy2(item.path, target)
    else:
        _link(item.path, target)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS):
            raise
        shutil.copy2(source, target)


def exchange(first: str, second: str, spare: str) -> None:
    """Let two trees change places, in one step where the system can (Linux: ``renameat2``).

    Elsewhere by three renames over ``spare``, a path that does not exist: a caller that may be killed between
    them finds ``first`` missing and ``spare`` there.
    """
    if not _exchange_at_once(first, second):
        os.rename(first, spare)
        os.rename(second, first)
        os.rename(spare, second)


def _exchange_at_once(first: str, second: str) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), first)


def delete(path: str) -> None:
    """Delete a tree, also one whose folders have been made read-only. A missing one is no error. Raises ``OSError``."""
    if not os.path.lexists(path):
        return
    if os.path.islink(path) or not os.path.isdir(path):
        os.unlink(path)
        return
    try:
        shutil.rmtree(path)
    except PermissionError:
        _open_folders(path)
        shutil.rmtree(path)


def _open_folders(path: str) -> None:
    os.chmod(path, stat.S_IRWXU)
    for folder, names, _ in os.walk(path):
        for child in (os.path.join(folder, name) for name in names):
            if not os.path.islink(child):
                os.chmod(child, stat.S_IRWXU)
