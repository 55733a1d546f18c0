"""Everything that the locators find, as one snapshot in memory that is kept true."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.paths import jupyter_data_dir
from traitlets import Float, List, Unicode, default
from traitlets.config import LoggingConfigurable

from . import condarc
from .bindings import is_gone
from .disk import is_usable
from .environment import Environment
from .errands import Beat, Errands
from .errors import NotFound
from .last_seen import LAST_SEEN, LastSeen
from .listing import listed
from .locators import Locator, Roots, all_locators, find_roots
from .locators.changes import ticks
from .locators.roots import Resolve
from .overlay import dressed, read_overlays
from .searched import Search, search
from .sentence import told
from .snapshot import Change, Snapshot, difference
from .survey import Survey

__all__ = ["Catalog", "Change", "Snapshot"]

T = TypeVar("T")


class Catalog(LoggingConfigurable):
    """The environments of this machine. Every method may be called from any thread.

    Nothing is read before the first :meth:`refresh`; until then the snapshot is empty and ``is_scanned`` is false.
    Each folder that holds environments is a place of its own. One that does not answer within ``patience_seconds``
    keeps no other waiting: what was seen there last stays, and what it has comes when it answers.
    """

    extra_roots = List(
        Unicode(),
        help="""Further folders whose children are environments, beside those that conda's own configuration,
        `~/.conda/environments.txt` and the usual install places name.""",
    ).tag(config=True)

    project_roots = List(
        Unicode(),
        help="""Folders in which, to a bounded depth, projects lie whose environments are listed: `.venv`, `.conda`,
        `.pixi` and the like. By default the folder that a server serves, else the current one; empty for none.""",
    ).tag(config=True)

    @default("project_roots")
    def _project_roots(self) -> list[str]:
        here = _served(self.parent) or os.getcwd()
        return [here] if self._environ is None else []

    recheck_seconds = Float(
        1.0,
        help="""Seconds between two looks for changes that the file system does not announce, such as a package
        installed into an existing environment. A look costs a few stats per environment; a folder in which it takes
        long is looked at less often.""",
    ).tag(config=True)

    patience_seconds = Float(
        1.0,
        help="""Seconds without a sign of life after which a folder, such as a network mount whose server is away, is
        left out of a look at the disk. What was seen there last stays listed.""",
    ).tag(config=True)

    data_dir = Unicode(
        help="Jupyter's data folder; in its folder `envlink` lies what the next server has not to read again. Empty: "
        "nothing is kept."
    ).tag(config=True)

    @default("data_dir")
    def _data_dir(self) -> str:
        return jupyter_data_dir() if self._environ is None else ""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
        **kwargs: Any,
    ) -> None:
        """``environ`` and ``home`` stand in for the process's own."""
        super().__init__(**kwargs)
        self._environ, self._home = environ, home
        self._errands = Errands(lambda: self._stir(), self.log, self.patience_seconds)
        kept = Path(self.data_dir, "envlink", LAST_SEEN) if self.data_dir else None
        last = LastSeen(kept, lambda: self.locators, self.log)
        self._survey = Survey(self._find_roots, lambda: self.locators, self._errands, last, self.log)
        self._scanning, self._publishing = threading.Lock(), threading.Lock()
        self._shown: Sequence[object] = ()
        self._snapshot = Snapshot()
        self._listeners: list[Callable[[Change], object]] = []
        self._stir: Callable[[], object] = lambda: None

    @cached_property
    def locators(self) -> tuple[Locator, ...]:
        """Ours and those of third parties, found when they are first needed."""
        return all_locators(self.log)

    @property
    def snapshot(self) -> Snapshot:
        """The last good look at the disk. From memory."""
        return self._snapshot

    def get(self, environment_id: str) -> Environment:
        """From memory. Raises ``NotFound``."""
        environment = self._snapshot.by_id.get(environment_id)
        if environment is None:
            raise NotFound(
                told("There is no environment with the id {environment_id}.", environment_id=environment_id),
                told("It may have been removed: refresh the list."),
                details={"id": environment_id},
            )
        return environment

    def current(self, environment_id: str) -> Environment:
        """As ``get``, for whoever is about to use the environment: as it is on the disk this moment.

        Costs a few stats, and a reading of this one environment where they say that it has changed; what is found
        is then in the snapshot and told. Where the disk does not answer it is the last good view. Raises ``NotFound``,
        also for an environment that is gone.
        """
        self._survey.look_again(self.get(environment_id).prefix)
        self._publish()
        return self.get(environment_id)

    def refresh(self) -> Change:
        """Look at the disk and take a new snapshot; what is unchanged is not read again. One look at a time.

        Blocks for milliseconds, and for at most twice ``patience_seconds`` where places do not answer, so call it in
        a thread. Where looking fails the old view stays and grows older, and the failure is logged.
        """
        return self._refreshed(everywhere=True)

    def first_look(self) -> None:
        """``refresh``, unless that has been done; waits for one that is under way."""
        if self._snapshot.is_scanned:
            return
        with self._scanning:
            if not any(view.taken for view in self._survey.views):
                self._look(everywhere=True)
        self._publish()

    def on_change(self, callback: Callable[[Change], object]) -> Callable[[], None]:
        """Call ``callback`` after each look that found a difference, *in the thread that looked*.

        Returns what ends that.
        """
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    @property
    def envs_dirs(self) -> tuple[str, ...]:
        """Canonical folders whose children are environments, whether they exist or not. May read the disk."""
        return self._roots().envs_dirs

    @property
    def envs_dir(self) -> str | None:
        """Where a new environment goes: the first of ``envs_dirs`` that is writable, or can be made. Reads the disk.

        It is not made: who creates an environment makes it. ``None`` where nothing is writable.
        """
        folders, usable = self.envs_dirs, set[str]()

        def note(folder: str, beat: Beat) -> None:
            if is_usable(folder):
                usable.add(folder)

        self._errands.run({folder: partial(note, folder) for folder in folders})
        return next((folder for folder in folders if folder in usable), None)

    def search(self) -> Search:
        """What is searched, and which setting says so. Reads the disk."""
        searched = search(self._roots(), self.extra_roots, self.locators, self._survey.resolve)
        return replace(searched, silent=frozenset(self._snapshot.stale))

    def condarc_problems(self) -> tuple[str, ...]:
        """Sentences about what conda's configuration says and cannot be used. Reads the disk."""
        roots = self._roots()
        return condarc.load(roots.environ, Path(roots.home)).problems

    def asked(self, prefix: str, question: Callable[[], T], otherwise: T) -> T:
        """What ``question`` says, which touches the disk at ``prefix``; ``otherwise`` where nothing answers there."""
        place, answers = os.path.dirname(prefix), [otherwise]
        if not self._snapshot.is_stale(prefix):
            self._errands.run({place: lambda beat: answers.append(question())})
        return answers[-1]

    def is_gone(self, prefix: str) -> bool:
        """Whether the environment is certainly no more."""
        return self.asked(prefix, partial(is_gone, prefix), False)

    def keep(self) -> None:
        """Write down for the next process what is seen now, where that is worth it. Raises nothing."""
        self._survey.keep()

    async def watch(self) -> None:
        """Refresh, in a thread, whenever something may have changed. Endless: cancel it.

        Folders of environments are watched for children. What changes *inside* an environment, and in the folders of
        projects, is found by stats every ``recheck_seconds``: two watches per environment would use up inotify's
        limit (8192 a user on many systems), restart the whole stream of macOS at each, and see nothing of what
        another node does on NFS.
        """
        loop, changed = asyncio.get_running_loop(), asyncio.Event()
        self._stir = lambda: None if loop.is_closed() else loop.call_soon_threadsafe(changed.set)
        async with aclosing(ticks(self._watched, self.recheck_seconds, changed, self.log)) as moments:
            async for announced in moments:
                await asyncio.to_thread(self._refreshed, everywhere=announced)
                await asyncio.to_thread(self.keep)

    def _watched(self) -> list[str]:
        return [folder for view in self._survey.views for folder in view.watchable]

    def _roots(self) -> Roots:
        return self._survey.roots if self._snapshot.is_scanned else self._survey.find_roots()

    def _find_roots(self, resolve: Resolve) -> Roots:
        return find_roots(self._environ, self._home, self.extra_roots, self.project_roots, resolve)

    def _refreshed(self, everywhere: bool) -> Change:
        with self._scanning:
            self._look(everywhere)
        return self._publish()

    def _look(self, everywhere: bool) -> None:
        self._survey.find_roots()
        self._survey.look(everywhere)

    def _publish(self) -> Change:
        """Make the snapshot of what the places show, and tell by what it differs."""
        with self._publishing:
            before, now = self._snapshot, self._listed()
            self._snapshot = now
            change = Change() if now.environments is before.environments else difference(before, now)
        if change:
            self._tell(change)
        return change

    def _listed(self) -> Snapshot:
        before, views, bases, now = self._snapshot, self._survey.views, self._survey.roots.bases, time.monotonic()
        taken, stale = max((view.taken for view in views), default=now) or now, self._survey.stale(now)
        overlays = read_overlays()
        shown = [bases, overlays, *(view.found for view in views), *(view.jobs for view in views)]
        if before.is_scanned and shown == self._shown:
            return before.again(taken, stale)
        self._shown = shown
        environments = tuple(dressed(environment, overlays) for environment in listed(views, bases, before))
        same = before.is_scanned and environments == before.environments
        return before.again(taken, stale) if same else before.next(environments, taken, stale)

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(change)
            except Exception:  # one listener never hurts the others, nor the catalog
                self.log.exception("A listener to changes of the environments failed.")


def _served(configurable: Any) -> str | None:
    """The folder that the server serves of which ``configurable`` is a part."""
    while configurable is not None and not hasattr(configurable, "root_dir"):
        configurable = configurable.parent
    return os.path.abspath(os.path.expanduser(configurable.root_dir)) if configurable else None
