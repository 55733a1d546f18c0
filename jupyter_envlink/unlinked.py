"""Packages in our package cache that no environment has: what could be fetched again, and needs its room meanwhile."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import tree
from .errors import Conflict
from .leftover import Leftover
from .sentence import told

_TRASH = ".envlink-trash-"


def unlinked(
    cache: Path, prefixes: Iterable[str], asked: Callable[[Leftover], bool] = lambda each: True
) -> Iterator[Leftover]:
    """Those of our engine's ``cache`` that none of ``prefixes`` records and no other tree shares files with, as far as
    they are ``asked`` for."""
    candidates = _owned(cache)
    known = installed(prefixes) if candidates else frozenset()
    for name in candidates:
        leftover = Leftover("package", str(cache / name), told("no environment has it"), name)
        if name not in known and asked(leftover) and not is_linked(cache / name):
            yield leftover


def installed(prefixes: Iterable[str]) -> frozenset[str]:
    """``NAME-VERSION-BUILD`` of each package that one of these trees records."""
    found: set[str] = set()
    for prefix in prefixes:
        with suppress(OSError):
            found.update(name.removesuffix(".json") for name in os.listdir(os.path.join(prefix, "conda-meta")))
    return frozenset(found)


def is_linked(package: Path) -> bool:
    """Whether a file of it lies somewhere else, too, by a hard link: an environment has it, be it one that we do not
    know."""
    for folder, _, names in os.walk(package):
        for name in names:
            with suppress(FileNotFoundError):
                if os.lstat(os.path.join(folder, name)).st_nlink > 1:
                    return True
    return False


def delete(package: Path) -> None:
    """Delete one from the cache. Raises ``Conflict`` where somebody uses it by now, and ``OSError``.

    rattler's lock of it stays: others may wait for that, and find out that it has to be fetched again.
    """
    if not _is_package(package):
        raise Conflict(
            told("{package} is no package of the cache any more.", package=package), told("Look again."), code="gone"
        )
    with _held(Path(f"{package}.lock")):
        if is_linked(package):
            raise Conflict(
                told("An environment has {name} by now.", name=package.name), told("Look again."), code="in-use"
            )
        trash = package.parent / f"{_TRASH}{secrets.token_hex(4)}"
        os.rename(package, trash)
    tree.delete(str(trash))


def _owned(folder: Path) -> Collection[str]:
    """What is a package, and this person's; of a folder that is a link there are none."""
    if folder.is_symlink():
        return ()
    with suppress(OSError):
        return [name for name in sorted(os.listdir(folder)) if _is_package(folder / name)]
    return ()


def _is_package(path: Path) -> bool:
    mine = not hasattr(os, "getuid") or (os.path.lexists(path) and path.lstat().st_uid == os.getuid())
    return mine and not path.is_symlink() and (path / "info" / "index.json").is_file()


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """rattler's lock of a package, which it holds while it fetches or links it. Raises ``Conflict``."""
    if sys.platform == "win32" or not lock.is_file():
        yield
        return
    import fcntl

    with open(lock, "rb+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = told("{value} is being installed just now.", value=lock.name.removesuffix(".lock"))
            raise Conflict(message, told("Wait until that is done."), code="busy") from error
        yield
