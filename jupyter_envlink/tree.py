"""Directory trees as a whole: clone one, exchange two, throw one away."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Collection
from contextlib import suppress

_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
#: What one call may be asked to copy: bytes.
_AT_MOST = 1 << 30


Put = Callable[["os.DirEntry[str]", str], object]
"""Brings what is no folder to a path in the clone: a file or a symbolic link."""


def clone(source: str, target: str, put: Put | None = None, leave_out: Collection[str] = ()) -> None:
    """Make ``target`` a tree like ``source`` whose files are hard links, or copies where links cannot be made.

    Whoever changes a file of the clone must replace it, not write into it: an in-place write would change the
    original. What goes while it is cloned (whoever uses an environment compiles modules) is left out. Package managers
    replace what packages bring. What lies in ``conda-meta`` is copied: they append to
    ``history``, and rattler writes into the records of packages that stay. ``put`` decides otherwise for each file,
    and what is directly in ``source`` by a name of ``leave_out`` does not come along. Raises ``OSError``.
    """
    put_here = put or (_copy_item if os.path.basename(source) == "conda-meta" else _link_item)
    os.mkdir(target)
    with os.scandir(source) as items:
        for item in items:
            if item.name in leave_out:
                continue
            try:
                _clone_item(item, f"{target}{os.sep}{item.name}", put_here, put)
            except FileNotFoundError:
                if not _went(item, target):
                    raise
    shutil.copystat(source, target)


def _went(item: os.DirEntry[str], target: str) -> bool:
    """Whether the item itself was missing: a file may be there again by now."""
    if item.is_dir(follow_symlinks=False):
        return not os.path.lexists(item.path)
    return os.path.isdir(target)


def _clone_item(item: os.DirEntry[str], target: str, put_here: Put, put: Put | None) -> None:
    if item.is_dir(follow_symlinks=False):
        clone(item.path, target, put)
    else:
        put_here(item, target)


def _copy_item(item: os.DirEntry[str], target: str) -> None:
    shutil.copy2(item.path, target, follow_symlinks=False)


def _link_item(item: os.DirEntry[str], target: str) -> None:
    if item.is_symlink():
        os.symlink(os.readlink(item.path), target)
    else:
        link(item.path, target)


def link(source: str, target: str) -> None:
    """A hard link to a file, or a copy where none can be made. Raises ``OSError``."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS):
            raise
        copy(source, target)


def copy(source: str, target: str) -> None:
    """A copy of a file, with its times and rights, that shares its blocks where the file system can. ``OSError``."""
    if not _reflink(source, target):
        shutil.copyfile(source, target)
    shutil.copystat(source, target)


def _reflink(source: str, target: str) -> bool:
    """By ``copy_file_range``, which Btrfs, XFS and NFS answer without reading a byte; whether it could."""
    if not hasattr(os, "copy_file_range"):
        return False
    try:
        with open(source, "rb") as read, open(target, "wb") as written:
            while os.copy_file_range(read.fileno(), written.fileno(), _AT_MOST):
                pass
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
            return False
        raise
    return True


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
    return _renameat2(first, second, _RENAME_EXCHANGE)


def rename_new(source: str, target: str) -> None:
    """Rename ``source``; where anything lies at ``target``, raise ``FileExistsError``. Raises ``OSError``.

    A plain rename would take the place of an empty folder, which somebody may have made to fill it.
    """
    if not _renameat2(source, target, _RENAME_NOREPLACE):
        os.rename(source, target)


def _renameat2(first: str, second: str, flags: int) -> bool:
    """Whether this was done; where system or file system do not know it, nothing has happened."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), first, None, second)


def own_bytes(path: str) -> int:
    """Bytes that deleting the tree would free: of files that lie nowhere else by a hard link."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with suppress(FileNotFoundError):  # it goes while it is looked at
                found = os.lstat(os.path.join(folder, name))
                total += found.st_size if found.st_nlink == 1 else 0
    return total


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
