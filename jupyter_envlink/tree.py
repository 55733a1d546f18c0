"""Directory trees as a whole: clone one, exchange two, throw one away."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def clone(source: str, target: str) -> None:
    """Make ``target`` a tree like ``source`` whose files are hard links, or copies where links cannot be made.

    Whoever changes a file of the clone must replace it, not write into it: an in-place write would change the
    original. What goes while it is cloned (whoever uses an environment compiles modules) is left out. Package managers
    replace what packages bring. What lies in ``conda-meta`` is copied: they append to
    ``history``, and rattler writes into the records of packages that stay. Raises ``OSError``.
    """
    put = shutil.copy2 if os.path.basename(source) == "conda-meta" else _link
    os.mkdir(target)
    with os.scandir(source) as items:
        for item in items:
            try:
                _clone_item(item, os.path.join(target, item.name), put)
            except FileNotFoundError:
                if not _went(item, target):
                    raise
    shutil.copystat(source, target)


def _went(item: os.DirEntry[str], target: str) -> bool:
    """Whether the item itself was missing: a file may be there again by now."""
    if item.is_dir(follow_symlinks=False):
        return not os.path.lexists(item.path)
    return os.path.isdir(target)


def _clone_item(item: os.DirEntry[str], target: str, put: Callable[[str, str], object]) -> None:
    if item.is_symlink():
        os.symlink(os.readlink(item.path), target)
    elif item.is_dir():
        clone(item.path, target)
    else:
        put(item.path, target)


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
    them finds ``first`` missing and ``spare`` there. Raises ``OSError``.
    """
    if not exchange_at_once(first, second):
        os.lstat(second)  # before anything is moved
        os.rename(first, spare)
        os.rename(second, first)
        os.rename(spare, second)


def exchange_at_once(first: str, second: str) -> bool:
    """Whether system and file system could exchange them in one step; if not, nothing has happened."""
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
    while os.path.lexists(path):
        with suppress(FileNotFoundError):  # another process deletes it too
            _delete_once(path)


def _delete_once(path: str) -> None:
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
