"""One writer per prefix, among all processes of all users who share an environments folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import prefix_id
from .errors import Conflict
from .journal import HOME
from .sentence import told

if TYPE_CHECKING:
    from filelock import BaseFileLock

_FOLDERS = ("locks", "journal", "staging", "trash", "removed", "generations")
_OTHERS = stat.S_IWGRP | stat.S_IWOTH

#: How often in one moment a folder is made again that others take away.
_TIDIED_AT_MOST = 20


@contextmanager
def lock_all(root: str, prefixes: Iterable[str], wait: float = 0) -> Iterator[None]:
    """``lock`` each of them, in an order that is the same for everybody. Raises ``Conflict`` and ``OSError``."""
    with ExitStack() as held:
        for prefix in sorted(prefixes):
            held.enter_context(lock(root, prefix, wait))
        yield


@contextmanager
def lock(root: str, prefix: str, wait: float = 0) -> Iterator[None]:
    """Be the only one, among all processes of all users, who changes ``prefix``. Waits ``wait`` seconds.

    Raises ``Conflict`` (``busy``) and ``OSError``.
    """
    from filelock import FileLock, Timeout

    folder = Path(root, HOME, "locks")
    place = os.path.join(os.path.realpath(os.path.dirname(prefix)), os.path.basename(prefix))
    held = FileLock(folder / f"{prefix_id(place)}.lock", timeout=wait)
    try:
        _acquire(held, folder)
    except Timeout as error:
        message = told("Another job is changing {prefix}.", prefix=prefix)
        raise Conflict(message, told("Wait until it has ended, then try again."), code="busy") from error
    try:
        yield
    finally:
        held.release()


def _acquire(held: BaseFileLock, folder: Path) -> None:
    """Where whoever held it takes the folder away just now (``recovery.tidy``), make it again."""
    for _ in range(_TIDIED_AT_MOST):
        with suppress(FileNotFoundError, FileExistsError):  # the latter where it goes while mkdir looks at it
            _take(held, folder)
            return
    _take(held, folder)


def _take(held: BaseFileLock, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _share(folder.parent)
    held.acquire()
    _open_to_those_of(folder, Path(held.lock_file))


def _share(home: Path) -> None:
    """Where others may write into the environments folder, they may into ours: each to what is theirs."""
    if os.name == "posix" and home.parent.stat().st_mode & _OTHERS:
        for folder in (home, *(home / name for name in _FOLDERS)):
            with suppress(FileExistsError):
                folder.mkdir()
            # Nobody holds a lock that is another one's file in a sticky folder: filelock sees a trap in it.
            not_taken = stat.S_ISVTX if folder.name == "locks" else 0
            _change_mode(folder, stat.S_IMODE(home.parent.stat().st_mode) & ~not_taken)


def _open_to_those_of(folder: Path, file: Path) -> None:
    """Whoever may make a lock there may hold this one; it is empty."""
    if os.name == "posix" and folder.stat().st_mode & _OTHERS:
        _change_mode(file, 0o600 | folder.stat().st_mode & 0o066)


def _change_mode(path: Path, mode: int) -> None:
    with suppress(PermissionError):  # another user's, who has done so
        if stat.S_IMODE(path.stat().st_mode) != mode:
            path.chmod(mode)
