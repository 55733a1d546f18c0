"""One writer per prefix, among all processes of all users who share an environments folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import prefix_id
from .errors import Conflict
from .journal import HOME

if TYPE_CHECKING:
    from filelock import BaseFileLock

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
        message = f"Another job is changing {prefix}."
        raise Conflict(message, "Wait until it has ended, then try again.", code="busy") from error
    try:
        yield
    finally:
        held.release()


def _acquire(held: BaseFileLock, folder: Path) -> None:
    """Where whoever held it takes the folder away just now (``recovery.tidy``), make it again."""
    for _ in range(_TIDIED_AT_MOST):
        with suppress(FileNotFoundError, FileExistsError):  # the latter where it goes while mkdir looks at it
            folder.mkdir(parents=True, exist_ok=True)
            held.acquire()
            return
    folder.mkdir(parents=True, exist_ok=True)
    held.acquire()
