"""One writer per prefix, among all processes of all users who share an environments folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .environment import prefix_id
from .errors import Conflict
from .journal import HOME


@contextmanager
def lock(root: str, prefix: str, wait: float = 0) -> Iterator[None]:
    """Be the only one, among all processes of all users, who changes ``prefix``. Waits ``wait`` seconds.

    Raises ``Conflict`` (``busy``) and ``OSError``.
    """
    from filelock import FileLock, Timeout

    folder = Path(root, HOME, "locks")
    folder.mkdir(parents=True, exist_ok=True)
    place = os.path.join(os.path.realpath(os.path.dirname(prefix)), os.path.basename(prefix))
    held = FileLock(folder / f"{prefix_id(place)}.lock", timeout=wait)
    try:
        held.acquire()
    except Timeout as error:
        message = f"Another job is changing {prefix}."
        raise Conflict(message, "Wait until it has ended, then try again.", code="busy") from error
    try:
        yield
    finally:
        held.release()
