"""A clone that is made while something else is done: by a copy of this process, where the system can copy it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import process, tree


@contextmanager
def cloning(source: str, target: str) -> Iterator[Callable[[], None]]:
    """Begin to clone (see ``tree.clone``). What it yields waits until the clone is there, and raises ``OSError`` where
    it cannot be made.

    What nobody has waited for ends with the block; what there is of it by then stays.
    """
    copy = process.beside(lambda: tree.clone(source, target))

    def wait() -> None:
        if not copy.is_done():
            tree.delete(target)
            tree.clone(source, target)

    try:
        yield wait
    finally:
        copy.end()
