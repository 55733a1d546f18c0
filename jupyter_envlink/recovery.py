"""Bringing an unfinished change to its end: undone, or, once it is committed, completed. See ``transaction``."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from . import removed, tree
from .errors import Conflict
from .files import sweep
from .generations import TREE, folder_of, is_filled, surplus, unfilled
from .journal import HOME, IGNORED, Entry, journal_dir, read_entries, read_entry
from .locks import lock, lock_all

#: Plain text on purpose: conda and rattler take every ``*.json`` in ``conda-meta`` for a package's record.
MARK = os.path.join("conda-meta", "envlink-job")
#: Where there is no ``conda-meta``, which would make a conda environment of any other.
PLAIN_MARK = ".envlink-job"


def mark(prefix: str, job: str) -> None:
    """Write into an environment which job made it."""
    path = _mark_path(prefix)
    path.unlink(missing_ok=True)  # it may be a hard link to the one of the environment it was cloned from
    path.write_text(job + "\n", encoding="utf-8")


def marked_by(prefix: str) -> str | None:
    """The job that made what lies at ``prefix``, where one of ours did."""
    try:
        return _mark_path(prefix).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def _mark_path(prefix: str) -> Path:
    path = Path(prefix, MARK)
    return path if path.parent.is_dir() else Path(prefix, PLAIN_MARK)


def recover(root: str) -> list[Entry]:
    """Bring every entry of ``root`` whose process is gone to its end; returns those.

    Raises ``OSError`` where one could not be, after all the others have been.
    """
    if os.path.islink(os.path.join(root, HOME)):  # none of ours: nobody gets us to delete what it leads to
        return []
    ended, faults = [], []
    for found in read_entries(root):
        try:
            with suppress(Conflict), lock_all(root, found.places):
                ended += _finish_again(found.job, root)
        except OSError as error:
            faults.append(error)
    _sweep(root)
    removed.sweep(root)
    if faults:
        raise faults[0]
    return ended


def tidy(root: str) -> None:
    """Take our folder away from ``root`` where nothing is going on in it: for people's projects. Raises nothing.

    A lock that somebody waits for meanwhile is none any more once its file is gone, which ``filelock`` looks for.
    """
    from filelock import FileLock, Timeout

    home = Path(root, HOME)
    if home.is_symlink():
        return
    for name in _listed(str(home / "locks")):
        with suppress(Timeout, OSError), FileLock(home / "locks" / name, timeout=0):
            (home / "locks" / name).unlink()
    for name in ("journal", "staging", "trash", "removed", "generations", "locks"):
        with suppress(OSError):
            (home / name).rmdir()
    if _listed(str(home)) == [IGNORED]:
        (home / IGNORED).unlink(missing_ok=True)
    with suppress(OSError):
        home.rmdir()


def _finish_again(job: str, root: str) -> list[Entry]:
    entry = read_entry(root, job)  # its owner may have gone on, or ended, before we held the lock
    if entry is None:
        return []
    finish(entry, root)
    return [entry]


def finish(entry: Entry, root: str) -> None:
    """Undo the entry, or, where it is committed, complete it; then close it. Repeatable at any point.

    What is left over of a change that stands only waits in the trash: deleting takes time that nobody has to wait.
    """
    if entry.step == "committed":
        _keep(entry, root)
        _bring_generations(entry, root)
    else:
        _undo(entry)
        if entry.keep:
            _discard(os.path.join(root, HOME, entry.keep), root, entry.job)
    for left_over in (entry.staging, spare_path(entry), *([entry.departed] if entry.source else [])):
        _discard(left_over, root, entry.job)
    entry.close(root)
    with suppress(OSError):
        os.rmdir(os.path.join(root, HOME, "staging", entry.job))
    if entry.step != "committed":
        empty_trash(root, entry.job)


def _keep(entry: Entry, root: str) -> None:
    """Where the folder for the former tree is gone, somebody has made room: the tree goes, too."""
    if entry.keep and os.path.lexists(entry.staging):
        folder = os.path.join(root, HOME, entry.keep)
        if os.path.isdir(folder) and not is_filled(root, entry.keep):
            os.rename(entry.staging, os.path.join(folder, TREE))


def _bring_generations(entry: Entry, root: str) -> None:
    """Those of a renamed environment; what lies where they are to lie was of one that is gone."""
    former, now = folder_of(root, entry.source), folder_of(root, entry.prefix)
    if entry.source and former.is_dir():
        _discard(str(now), root, entry.job)
        os.rename(former, now)


def empty_trash(root: str, job: str) -> str | None:
    """Delete what ``job`` has thrown away; where the rest lies, if some of it may not be deleted: each ``recover``
    tries again."""
    trash = os.path.join(root, HOME, "trash", job)
    with suppress(OSError):
        tree.delete(trash)
    return trash if os.path.lexists(trash) else None


def throw_away(folder: str) -> None:
    """Delete a folder of a generation or of a removed environment, which another process may want just now: gone at
    once and whole. None is no error. Raises ``OSError``, also where some of it may not be deleted."""
    home = folder[: folder.rindex(f"{os.sep}{HOME}{os.sep}") + len(HOME) + 1]
    trash = os.path.join(home, "trash", f"kept-{secrets.token_hex(4)}")
    os.makedirs(os.path.dirname(trash), exist_ok=True)
    with suppress(FileNotFoundError):
        os.rename(folder, trash)
    tree.delete(trash)


def thin(root: str, prefix: str, keep: int, job: str) -> None:
    """Throw away all but the ``keep`` newest generations of ``prefix``; not while somebody is changing it."""
    if not surplus(root, prefix, keep):  # before a lock is made beside a project that has been tidied
        return
    with suppress(Conflict), lock(root, prefix):
        for folder in surplus(root, prefix, keep):
            _discard(folder, root, job)


def _undo(entry: Entry) -> None:
    if entry.step == "leaving" and not os.path.lexists(entry.source) and os.path.lexists(entry.departed):
        os.rename(entry.departed, entry.source)
    if entry.step in ("placing", "leaving") and marked_by(entry.prefix) == entry.job:
        os.rename(entry.prefix, _free(entry.staging))
    elif entry.step == "exchanging":
        _undo_exchange(entry)
    elif entry.step == "moving" and not os.path.lexists(entry.prefix) and os.path.lexists(entry.staging):
        os.rename(entry.staging, entry.prefix)


def _undo_exchange(entry: Entry) -> None:
    """Put the former tree back: the one without this job's mark, wherever the crash has left it."""
    spare = spare_path(entry)
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


def spare_path(entry: Entry) -> str:
    """Where the former tree is for a moment, on systems that cannot exchange two at once."""
    return entry.staging + ".former"


def _discard(path: str, root: str, job: str) -> None:
    """Into the trash; where that cannot be, it is deleted at once. Raises ``OSError``."""
    if not os.path.lexists(path):
        return
    trash = os.path.join(root, HOME, "trash", job)
    try:
        os.makedirs(trash, exist_ok=True)
        os.rename(path, os.path.join(trash, os.path.basename(path)))
    except OSError:  # a full disk has no room for a folder
        tree.delete(path)


def _sweep(root: str) -> None:
    """Delete what lies in staging and trash and belongs to no open entry, be it one that cannot be understood."""
    for folder in ("staging", "trash"):
        parent = os.path.join(root, HOME, folder)
        for name in _listed(parent):
            if not _is_open(root, name):
                with suppress(OSError):  # another user's, in a shared folder
                    tree.delete(os.path.join(parent, name))
    _sweep_places(root)
    sweep(Path(journal_dir(root)))


def _sweep_places(root: str) -> None:
    """Delete the places for generations that nothing will come to.

    A place is named by the journal before it is there. So one that no entry names by now is either given up or filled
    meanwhile, which is looked at last.
    """
    waiting = list(unfilled(root))
    expected = {entry.keep for entry in read_entries(root)} if waiting else set()
    for place in waiting:
        if place not in expected and not is_filled(root, place):
            with suppress(OSError):
                tree.delete(os.path.join(root, HOME, place))


def _is_open(root: str, job: str) -> bool:
    return os.path.lexists(os.path.join(journal_dir(root), f"{job}.json"))


def _listed(folder: str) -> list[str]:
    """The names in a folder of ours; none where it is something else."""
    if os.path.islink(folder) or not os.path.isdir(folder):
        return []
    return os.listdir(folder)
