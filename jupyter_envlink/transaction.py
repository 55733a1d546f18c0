"""How environments change: staged beside their place, put there in one step, undone or cleaned up after any crash.

Everything is under ``ROOT/.envlink/``, ``ROOT`` being the environments folder:

``journal/JOB.json``  an open entry (see ``journal``): written before the first change, closed after the last
``staging/JOB/``      what is being made, or, after an exchange, what was there before
``trash/JOB/``        what is being deleted
``locks/ID.lock``     held by the one process that changes the prefix with this id

A killed process frees its lock; ``recover`` then brings each open entry to its end. The exclusive steps are
renames, so an environment is at any moment as it was or as it was asked to be. One that was made new and is not
yet verified is named by its entry, by which the catalog lists it as *building*; it also carries its job's id in
``conda-meta/envlink-job``, without which nothing at its place is ever deleted.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import tree
from .environment import prefix_id
from .errors import Conflict, DiskError
from .journal import HOME, Entry, journal_dir, read_entries, read_entry, staging_path

#: Plain text on purpose: conda and rattler take every ``*.json`` in ``conda-meta`` for a package's record.
MARK = os.path.join("conda-meta", "envlink-job")

#: No journal entry takes longer to write: seconds.
_WRITTEN_WITHIN = 600

#: ``recover`` of another process may hold a lock for a moment, to see that there is nothing to do: seconds.
_LOOKED_AT_WITHIN = 1.0


class Transaction:
    """One job's change of one prefix. ``step`` names: see the three context managers below."""

    def __init__(self, root: str, prefix: str, job: str, operation: str) -> None:
        self.root = root
        self.prefix = prefix
        self.entry = Entry(job, operation, prefix, staging_path(root, job, prefix), "staging")

    @property
    def staging(self) -> str:
        return self.entry.staging

    def step(self, name: str) -> None:
        self.entry = self.entry.at(name, self.root)

    def place(self) -> None:
        """Put the finished staging tree where nothing is yet. Raises ``Conflict`` where something is."""
        mark(self.staging, self.entry.job)
        self.step("placing")
        refuse_existing(self.prefix)
        os.rename(self.staging, self.prefix)

    def exchange(self) -> None:
        """Let the staging tree and the environment change places; the former one is then in staging."""
        mark(self.staging, self.entry.job)
        self.step("exchanging")
        tree.exchange(self.prefix, self.staging, _spare(self.entry))

    def move_away(self) -> None:
        """Take the environment from its place, whole: until ``commit`` it can come back."""
        self.step("moving")
        os.rename(self.prefix, self.staging)

    def commit(self) -> str | None:
        """From here on the change stands, whatever happens; what is left over is deleted.

        Returns where the rest lies, if some of it may not be deleted: each ``recover`` tries again.
        """
        self.step("committed")
        finish(self.entry, self.root)
        rest = os.path.join(self.root, HOME, "trash", self.entry.job)
        return rest if os.path.lexists(rest) else None


@contextmanager
def change(root: str, prefix: str, job: str, operation: str) -> Iterator[Transaction]:
    """Lock ``prefix``, open a journal entry, and bring it to its end: committed, or everything as it was before.

    Raises ``Conflict`` where another process is changing the same prefix, and ``DiskError``.
    """
    with _disk_errors(root), lock(root, prefix, _LOOKED_AT_WITHIN):
        transaction = Transaction(root, prefix, job, operation)
        try:
            transaction.step("staging")
            os.makedirs(os.path.dirname(transaction.staging), exist_ok=True)
            yield transaction
        finally:
            finish(transaction.entry, root)


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


def refuse_existing(prefix: str) -> None:
    """Raises ``Conflict`` where anything at all lies at ``prefix``."""
    if os.path.lexists(prefix):
        message = f"{prefix} exists already."
        raise Conflict(message, "Choose another name, or remove the environment first.", code="exists")


def mark(prefix: str, job: str) -> None:
    """Write into an environment which job made it."""
    path = Path(prefix, MARK)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a hard link to the one of the environment it was cloned from
    path.write_text(job + "\n", encoding="utf-8")


def marked_by(prefix: str) -> str | None:
    """The job that made what lies at ``prefix``, where one of ours did."""
    try:
        return Path(prefix, MARK).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def recover(root: str) -> list[Entry]:
    """Bring every entry of ``root`` whose process is gone to its end; returns those.

    Raises ``OSError`` where one could not be, after all the others have been.
    """
    if os.path.islink(os.path.join(root, HOME)):  # none of ours: nobody gets us to delete what it leads to
        return []
    ended, faults = [], []
    for found in read_entries(root):
        try:
            with suppress(Conflict), lock(root, found.prefix):
                ended += _finish_again(found.job, root)
        except OSError as error:
            faults.append(error)
    _sweep(root)
    if faults:
        raise faults[0]
    return ended


def _finish_again(job: str, root: str) -> list[Entry]:
    entry = read_entry(root, job)  # its owner may have gone on, or ended, before we held the lock
    if entry is None:
        return []
    finish(entry, root)
    return [entry]


def finish(entry: Entry, root: str) -> None:
    """Undo the entry, or, where it is committed, complete it; then close it. Repeatable at any point."""
    if entry.step != "committed":
        _undo(entry)
    for left_over in (entry.staging, _spare(entry)):
        _discard(left_over, root, entry.job)
    entry.close(root)
    for folder in ("staging", "trash"):
        with suppress(OSError):
            os.rmdir(os.path.join(root, HOME, folder, entry.job))


def _undo(entry: Entry) -> None:
    if entry.step == "placing" and marked_by(entry.prefix) == entry.job:
        os.rename(entry.prefix, _free(entry.staging))
    elif entry.step == "exchanging":
        _undo_exchange(entry)
    elif entry.step == "moving" and not os.path.lexists(entry.prefix) and os.path.lexists(entry.staging):
        os.rename(entry.staging, entry.prefix)


def _undo_exchange(entry: Entry) -> None:
    """Put the former tree back: the one without this job's mark, wherever the crash has left it."""
    spare = _spare(entry)
    places = (entry.prefix, spare, entry.staging)
    former = next((each for each in places if os.path.lexists(each) and marked_by(each) != entry.job), None)
    if former is None or former == entry.prefix:
        return
    if os.path.lexists(entry.prefix):
        if tree.exchange_at_once(entry.prefix, former):
            return
        os.rename(entry.prefix, _free(spare if former == entry.staging else entry.staging))
    os.rename(former, entry.prefix)


def _free(path: str) -> str:
    tree.delete(path)
    return path


def _spare(entry: Entry) -> str:
    return entry.staging + ".former"


def _discard(path: str, root: str, job: str) -> None:
    """Delete a tree by way of the trash, where what cannot be deleted now waits for the next ``recover``."""
    if not os.path.lexists(path):
        return
    trash = os.path.join(root, HOME, "trash", job)
    try:
        os.makedirs(trash, exist_ok=True)
        os.rename(path, os.path.join(trash, os.path.basename(path)))
    except OSError:  # a full disk has no room for a folder
        tree.delete(path)
    with suppress(OSError):
        tree.delete(trash)


def _sweep(root: str) -> None:
    """Delete what lies in staging and trash and belongs to no open entry, be it one that cannot be understood."""
    for folder in ("staging", "trash"):
        parent = os.path.join(root, HOME, folder)
        for name in _listed(parent):
            if not os.path.lexists(os.path.join(journal_dir(root), f"{name}.json")):
                with suppress(OSError):  # another user's, in a shared folder
                    tree.delete(os.path.join(parent, name))
    for name in _listed(journal_dir(root)):
        if name.startswith("."):
            _delete_if_old(os.path.join(journal_dir(root), name))


def _listed(folder: str) -> list[str]:
    """The names in a folder of ours; none where it is something else."""
    if os.path.islink(folder) or not os.path.isdir(folder):
        return []
    return os.listdir(folder)


def _delete_if_old(path: str) -> None:
    """A file that its writer was killed over; a young one may still be written."""
    with suppress(OSError):
        if time.time() - os.lstat(path).st_mtime > _WRITTEN_WITHIN:
            os.unlink(path)


@contextmanager
def _disk_errors(root: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        translated = disk_error(error, root)
        if translated is error:
            raise
        raise translated from error


def disk_error(error: OSError, place: str) -> DiskError | OSError:
    """``error`` as ``DiskError`` where rights or room are the reason; the error itself where they are not."""
    where = error.filename or place
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError(f"There is no space left for {where}.", f"Free some space below {place}.", code="disk-full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        message = f"{where} cannot be written: {error.strerror}."
        return DiskError(message, "Choose an environments folder that you may write to.", code="not-writable")
    if error.errno in (errno.ENOTDIR, errno.EEXIST) and HOME in Path(where).parts:
        remedy = "Look at what it is; jupyter_envlink needs a folder there."
        return DiskError(f"{where} is in the way: {error.strerror}.", remedy, code="in-the-way")
    return error
