"""What we have left on the disk and nobody needs any more: found, and on request removed. Nothing else is touched."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from . import condarc, tree
from .catalog import Catalog
from .disk import disk_errors
from .engines.package_cache import cache_folder
from .environment import prefix_id
from .errors import EnvlinkError
from .generations import TREE, Generation, generations
from .journal import HOME, journal_dir
from .last_seen import LAST_SEEN
from .leftover import SLOW, Leftover
from .locks import lock
from .menu import KernelMenu
from .policy import Policy
from .recovery import throw_away
from .registration import Registrar
from .removal import Removal
from .removed import TREE as REMOVED_TREE
from .sentence import told
from .sizes import SIZES
from .unlinked import delete as delete_package
from .unlinked import unlinked
from .unused import unused
from .uses import Uses

_CACHE = re.compile(r"[0-9a-f]{12}\.json")
_UNFINISHED = re.compile(r"\..+\.[a-z0-9_]{8}")
_WRITTEN_WITHIN = 600
"""No file of ours takes longer to write: seconds."""


@dataclass(frozen=True)
class Cleaned:
    """What was removed, and what could not be: its ``reason`` then says why."""

    removed: tuple[Leftover, ...]
    kept: tuple[Leftover, ...]


class Cleaning:
    """The person's Jupyter data folder, as far as we write into it. Call it in a thread."""

    def __init__(
        self, catalog: Catalog, menu: KernelMenu, registrar: Registrar, removal: Removal, policy: Policy, uses: Uses
    ) -> None:
        self._catalog, self._menu, self._registrar = catalog, menu, registrar
        self._removal, self._policy, self._uses = removal, policy, uses

    @property
    def _home(self) -> Path:
        return self._registrar.specs.home

    def leftovers(self) -> tuple[Leftover, ...]:
        """What nothing stands behind any more. None before the disk was looked at. Changes nothing."""
        if not self._catalog.snapshot.is_scanned:
            return ()
        return (*self._specs(), *self._caches(), *self._of_jobs(), *self._unfinished())

    def kept(self) -> tuple[Leftover, ...]:
        """What removals and changes could be undone with: removed environments, and earlier states of others."""
        return (*self._removed(), *self._generations())

    def unused(self, days: float) -> tuple[Leftover, ...]:
        """Environments that may be removed, and that nobody has used for so many days, or whose project is gone."""
        snapshot = self._catalog.snapshot
        some = (each for each in snapshot.environments if self._policy.not_removable(each) is None and not each.frozen)
        return tuple(unused(some, self._uses.all(), self._uses.since, days, time.time()))

    def packages(self, asked: Callable[[Leftover], bool] = lambda each: True) -> tuple[Leftover, ...]:
        """Packages of our cache that no environment has, nor what is kept of one: those for which ``asked`` holds."""
        cache = cache_folder(condarc=condarc.load())
        return tuple(unlinked(cache, self._trees(), asked)) if cache else ()

    def _trees(self) -> Iterator[str]:
        """Every tree that may have packages: environments, their earlier states, and those that were removed."""
        for environment in self._catalog.snapshot.environments:
            yield environment.prefix
        for each in self._removal.all():
            yield str(each.folder / REMOVED_TREE)
        for leftover in self._generations():
            yield os.path.join(leftover.path, TREE)

    def clean(self, leftovers: Iterable[Leftover]) -> Cleaned:
        """Remove them. What cannot be removed is kept, with the reason."""
        removed, kept = [], []
        for leftover in leftovers:
            fault = self._fault_of_removing(leftover)
            if fault is None:
                removed.append(leftover)
            else:
                kept.append(replace(leftover, reason=fault))
        return Cleaned(tuple(removed), tuple(kept))

    def unregister_all(self) -> tuple[str, ...]:
        """Remove every spec of ours, and all that was kept for registering; the paths of what is still there.

        What the person has said about environments stays, and so do jobs and overlays. Raises ``DiskError``.
        """
        names = list(self._registrar.specs.all())
        if names:
            self._registrar.unregister(names)
        with disk_errors(str(self._home)):
            for path in self._files(self._home / "activation", _CACHE):
                path.unlink()
            for name in (LAST_SEEN, SIZES):
                Path(self._home, name).unlink(missing_ok=True)
        self._menu.bindings.forget_unsaid()
        self._registrar.specs.tidy()
        left = sorted(self._home.iterdir()) if self._home.is_dir() else []
        return tuple(str(path) for path in left if path.suffix != ".lock")

    def _specs(self) -> Iterator[Leftover]:
        known = self._catalog.snapshot.settled
        records = self._registrar.specs.all()
        for name in self._registrar.over(self._menu.links(), known):
            prefix = records[name]["prefix"]
            gone = told("its environment {prefix} is gone", prefix=prefix)
            reason = told("{prefix} is not to be registered by this name", prefix=prefix) if prefix in known else gone
            yield Leftover("spec", str(self._registrar.kernels_dir / name), reason)

    def _caches(self) -> Iterator[Leftover]:
        for path in self._files(self._home / "activation", _CACHE):
            if path.stem not in self._catalog.snapshot.by_id:
                yield Leftover("activation", str(path), told("its environment is not found any more"))

    def _of_jobs(self) -> Iterator[Leftover]:
        """What jobs had in hand: each writes itself down before it makes anything, and is struck off after all else."""
        snapshot = self._catalog.snapshot
        for root in (root for root in self._catalog.envs_dirs if not snapshot.is_stale(os.path.join(root, HOME))):
            for folder in (Path(root, HOME, name) for name in ("staging", "trash")):
                for path in self._children(folder):
                    if not os.path.lexists(os.path.join(journal_dir(root), f"{path.name}.json")):
                        yield Leftover("job", str(path), told("the job that it belonged to has ended"))

    def _removed(self) -> Iterator[Leftover]:
        for each in self._removal.all():
            until = told("{name} can be brought back until {until}", name=each.name, until=each.as_dict()["until"])
            yield Leftover("removed", str(each.folder), until, each.name, each.prefix)

    def _generations(self) -> Iterator[Leftover]:
        for environment in self._catalog.snapshot.environments:
            root, prefix = os.path.dirname(environment.prefix), environment.prefix
            nothing: tuple[Generation, ...] = ()
            for each in self._catalog.asked(prefix, partial(generations, root, prefix), nothing):
                folder = Path(each.tree).parent
                what = told(
                    "{name} can be rolled back to generation {number}", name=environment.name, number=each.number
                )
                yield Leftover("generation", str(folder), what, environment.name, prefix)

    def _children(self, folder: Path) -> Iterator[Path]:
        """None of a folder that is a link, or lies in one: nobody gets us to delete what it leads to."""
        with suppress(OSError):
            is_own = not (folder.is_symlink() or folder.parent.is_symlink())
            yield from sorted(folder.iterdir()) if is_own else ()

    def _unfinished(self) -> Iterator[Leftover]:
        for folder in (self._home, self._home / "activation"):
            for path in self._files(folder, _UNFINISHED):
                if time.time() - path.stat().st_mtime > _WRITTEN_WITHIN:
                    yield Leftover("unfinished", str(path), told("the program that wrote it was ended"))

    def _files(self, folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
        """The files of ``folder`` whose name is like ``pattern``; no links, and none of a folder that is a link."""
        with suppress(OSError):
            names = [] if folder.is_symlink() else sorted(os.listdir(folder))
            found = (folder / name for name in names if pattern.fullmatch(name))
            yield from (path for path in found if path.is_file() and not path.is_symlink())

    def _remove(self, leftover: Leftover) -> None:
        """It can be brought back for a while, as any that is removed."""
        environment = self._catalog.current(prefix_id(leftover.path))
        self._policy.refuse_remove(environment)
        self._removal.remove(environment, self._menu.bindings.get(environment.prefix))

    def _fault_of_removing(self, leftover: Leftover) -> str | None:
        try:
            if leftover.kind == "spec":
                self._registrar.unregister([os.path.basename(leftover.path)])
            elif leftover.kind == "environment":
                self._remove(leftover)
            elif leftover.kind in SLOW:
                delete_tree(leftover)
            else:
                os.unlink(leftover.path)
        except EnvlinkError as error:
            return error.message
        except OSError as error:
            return told("it cannot be removed: {reason}", reason=error.strerror)
        return None


def measured(leftover: Leftover) -> Leftover:
    """With what its removal frees: what it does not share with others."""
    path = leftover.path
    return leftover.measured(tree.own_bytes(path) if os.path.isdir(path) else os.lstat(path).st_size)


def delete_tree(leftover: Leftover) -> None:
    """Delete one of a kind that is ``SLOW``. Raises ``EnvlinkError`` where it may not go just now, and ``OSError``."""
    if leftover.kind == "package":
        delete_package(Path(leftover.path))
    elif leftover.kind == "removed":
        throw_away(leftover.path)
    elif leftover.kind == "generation" and leftover.prefix:
        # Not while its environment is being put back to it.
        with lock(os.path.dirname(leftover.prefix), leftover.prefix):
            throw_away(leftover.path)
    else:
        tree.delete(leftover.path)
