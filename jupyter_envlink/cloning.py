"""A clone that is made while something else is done: by a copy of this process, where the system can copy it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import process, tree


@contextmanager
def cloning(source: str, target: str, ahead: bool = True) -> Iterator[Callable[[], None]]:
    """Begin to clone (see ``tree.clone``), where it is to be made ``ahead``. What it yields waits until the clone is
    there, and raises ``OSError`` where it cannot be made.

    What nobody has waited for ends with the block; what there is of it by then stays.
    """
    copy = process.beside(lambda: tree.clone(source, target)) if ahead else None

    def wait() -> None:
        if copy is None or not copy.is_done():
            tree.delete(target)
            tree.clone(source, target)

    try:
        yield wait
    finally:
        if copy is not None:
            copy.end()
