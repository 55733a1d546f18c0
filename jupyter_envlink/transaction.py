"""How environments change: staged beside their place, put there in one step, undone or cleaned up after any crash.

Everything is under ``ROOT/.envlink/``, ``ROOT`` being the environments folder:

``journal/JOB.json``  an open entry (see ``journal``): written before the first change, closed after the last
``staging/JOB/``      what is being made, or, after an exchange, what was there before
``trash/JOB/``        what is to be deleted, once the job has said its last word
``generations/ID/``   what environments were before they were changed (see ``generations``)
``locks/ID.lock``     held by the one process that changes the prefix with this id

A killed process frees its lock; ``recover`` then brings each open entry to its end. The exclusive steps are
renames, so an environment is at any moment as it was or as it was asked to be. One that was made new and is not
yet verified is named by its entry, by which the catalog lists it as *building*; it also carries its job's id in
``conda-meta/envlink-job`` (``.envlink-job`` where it is no conda environment), without which nothing at its place is
ever deleted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timezone

from . import generations, tree
from .disk import disk_errors
from .errors import Conflict
from .journal import Entry, staging_path
from .locks import lock_all
from .recovery import finish, mark, spare_path
from .request import Request
from .sentence import told
from .witness import Seen, seen

#: ``recover`` of another process may hold a lock for a moment, to see that there is nothing to do: seconds.
_LOOKED_AT_WITHIN = 1.0


class Transaction:
    """One job's change of one prefix. ``recovery`` knows what each step means after a crash.

    With ``keeps`` the tree that is exchanged for another becomes a generation of the environment. ``source`` is the
    prefix of one that is renamed.
    """

    def __init__(self, root: str, prefix: str, job: str, operation: str, keeps: bool = False, source: str = "") -> None:
        self.root = root
        self.prefix = prefix
        self.keeps = keeps
        self._seen: Seen | None = None
        self.entry = Entry(job, operation, prefix, staging_path(root, job, prefix), "staging", source=source)

    @property
    def staging(self) -> str:
        return self.entry.staging

    @property
    def made(self) -> str:
        """Where what is being made is now: in staging, or at its place."""
        return self.prefix if self.entry.step in ("placing", "exchanging") else self.staging

    def begin(self) -> None:
        """Before anything is read of the environment."""
        self._seen = seen(self.prefix)
        self.step("staging")

    def step(self, name: str) -> None:
        self.entry = self.entry.at(name, self.root)

    def place(self) -> None:
        """Put the finished staging tree where nothing is yet. Raises ``Conflict`` where something is."""
        mark(self.staging, self.entry.job)
        self.step("placing")
        refuse_existing(self.prefix)
        try:
            tree.rename_new(self.staging, self.prefix)
        except FileExistsError:  # somebody has just made it
            refuse_existing(self.prefix)
            raise

    def exchange(self) -> None:
        """Let the staging tree and the environment change places; the former one is then in staging.

        Raises ``Conflict`` (``changed``) where somebody who knows nothing of our locks has changed the environment
        since the transaction began: what they did would be lost.
        """
        mark(self.staging, self.entry.job)
        if self.keeps:
            self.keep(generations.next_place(self.root, self.prefix))
        self.step("exchanging")
        if self.keeps:
            entry = self.entry
            generations.describe(self.root, entry.keep, entry.job, entry.operation, _now(), self.prefix)
        self._refuse_changed(self.prefix)
        tree.exchange(self.prefix, self.staging, spare_path(self.entry))
        self._refuse_changed(self.staging)  # it comes back, then

    def _refuse_changed(self, former: str) -> None:
        if self._seen is not None and seen(former) != self._seen:
            message = told(
                "Another program has changed {prefix} meanwhile, so that this change was given up.", prefix=self.prefix
            )
            raise Conflict(message, told("Wait until it has ended, then try again."), code="changed")

    def leave(self) -> None:
        """Once what is at ``prefix`` works: take away what it was made of at ``source``, whole, until ``commit``."""
        self.step("leaving")
        os.rename(self.entry.source, self.entry.departed)

    def move_away(self) -> None:
        """Take the environment from its place, whole: until ``commit`` it can come back."""
        self.step("moving")
        os.rename(self.prefix, self.staging)

    def keep(self, place: str) -> None:
        """Once committed, the former tree goes to ``place`` (relative to ``HOME``), a folder that is there by then."""
        self.entry = replace(self.entry, keep=place)

    def commit(self) -> None:
        """From here on the change stands, whatever happens. What is left over waits in the trash.

        Where a disk fails even now, the next ``recover`` does the rest.
        """
        self.step("committed")
        self.end()

    def end(self) -> None:
        """Undo what is not committed, and leave nothing behind. Raises ``OSError`` where it cannot be undone."""
        nothing_to_undo = self.entry.step in ("staging", "committed")
        with suppress(*[OSError] * nothing_to_undo):  # what is left behind goes with the next ``recover``
            finish(self.entry, self.root)


def changing(request: Request) -> AbstractContextManager[Transaction]:
    """``change`` of the environment that a job is about, whose former tree is kept where generations are."""
    keeps = request.options.get("keep_generations", 0) > 0
    return change(request.root, request.prefix, request.id, request.operation.value, keeps)


@contextmanager
def change(
    root: str, prefix: str, job: str, operation: str, keeps: bool = False, source: str = ""
) -> Iterator[Transaction]:
    """Lock ``prefix``, open a journal entry, and bring it to its end: committed, or everything as it was before.

    ``source`` is the prefix, in the same ``root``, of an environment that is to go from there: locked as well.
    Raises ``Conflict`` where another process is changing the same prefix, and ``DiskError``.
    """
    transaction = Transaction(root, prefix, job, operation, keeps, source)
    with disk_errors(root), lock_all(root, transaction.entry.places, _LOOKED_AT_WITHIN):
        try:
            transaction.begin()
            os.makedirs(os.path.dirname(transaction.staging), exist_ok=True)
            yield transaction
        finally:
            transaction.end()


def refuse_existing(prefix: str) -> None:
    """Raises ``Conflict`` where anything at all lies at ``prefix``."""
    if os.path.lexists(prefix):
        message = told("{prefix} exists already.", prefix=prefix)
        raise Conflict(message, told("Choose another name, or remove the environment first."), code="exists")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
