"""Kill a process at every single change that an operation makes to the disk: ``python -m tests.crashes SCENARIO DIR``.

One process per crash, forked from this one, which dies by SIGKILL before its n-th change (Python's audit events); n
grows until the operation comes to its end. After each crash another one is killed the same way in the middle of
``recover``, and a last ``recover`` must then leave what the operation promises. Prints how many crashes there were.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from jupyter_envlink import tree
from jupyter_envlink.generations import generations
from jupyter_envlink.recovery import MARK, PLAIN_MARK, empty_trash, recover, thin
from jupyter_envlink.transaction import Transaction, change, refuse_existing

from .writing import litter

JOB = "20260101-000000-abcdef01"
OLD = {"bin/python": "old", "conda-meta/history": "old", MARK: "an earlier job\n", "lib/same.py": "same"}
NEW = {"bin/python": "new", "conda-meta/history": "new", MARK: f"{JOB}\n", "lib/same.py": "same", "lib/new.py": "x"}
RENAMED = OLD | {MARK: f"{JOB}\n"}
IN_PLACE = {"bin/python": "new", "pyvenv.cfg": "home = /usr/bin", "lib/new.py": "x"}
MADE_IN_PLACE = IN_PLACE | {PLAIN_MARK: f"{JOB}\n"}
_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "ctypes.dlopen")
_DIED, _ENDED = 9, 0


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def content(folder: Path) -> dict[str, str] | None:
    """Every file of a tree; ``None`` where there is none."""
    if not os.path.lexists(folder):
        return None
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def make(transaction: Transaction) -> None:
    write(Path(transaction.staging), {name: text for name, text in NEW.items() if name != MARK})


def create(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "create") as transaction:
        refuse_existing(transaction.prefix)
        make(transaction)
        transaction.place()
        transaction.commit()
    empty_trash(str(root), JOB)


def failing_create(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "create") as transaction:
        make(transaction)
        transaction.place()
        raise KeyError("the verification fails")


def create_in_place(root: Path) -> None:
    """As a virtual environment is made: its place is taken first, since it cannot be moved."""
    with change(str(root), str(root / "env"), JOB, "create") as transaction:
        refuse_existing(transaction.prefix)
        os.mkdir(transaction.staging)
        transaction.place()
        write(Path(transaction.prefix), IN_PLACE)
        Path(transaction.prefix, "requirements.txt").write_text("x")
        Path(transaction.prefix, "requirements.txt").unlink()
        transaction.commit()
    empty_trash(str(root), JOB)


def failing_create_in_place(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "create") as transaction:
        os.mkdir(transaction.staging)
        transaction.place()
        write(Path(transaction.prefix), IN_PLACE)
        raise KeyError("uv finds no such package")


def update(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "install-kernel") as transaction:
        tree.clone(transaction.prefix, transaction.staging)
        for name in ("bin/python", "conda-meta/history"):
            Path(transaction.staging, name).unlink()
        make(transaction)
        transaction.exchange()
        transaction.commit()
    empty_trash(str(root), JOB)


def keeping_update(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "update", keeps=True) as transaction:
        make(transaction)
        transaction.exchange()
        transaction.commit()
    thin(str(root), str(root / "env"), 1, JOB)
    empty_trash(str(root), JOB)


def failing_update(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "install-kernel", keeps=True) as transaction:
        make(transaction)
        transaction.exchange()
        raise KeyError("the verification fails")


def remove(root: Path) -> None:
    with change(str(root), str(root / "env"), JOB, "remove") as transaction:
        transaction.move_away()
        transaction.commit()
    empty_trash(str(root), JOB)


def rename(root: Path) -> None:
    """A clone beside it first; then what it was goes."""
    with change(str(root), str(root / "renamed"), JOB, "rename", source=str(root / "env")) as transaction:
        refuse_existing(transaction.prefix)
        tree.clone(str(root / "env"), transaction.staging)
        transaction.place()
        transaction.leave()
        transaction.commit()
    empty_trash(str(root), JOB)


def failing_rename(root: Path) -> None:
    with change(str(root), str(root / "renamed"), JOB, "rename", source=str(root / "env")) as transaction:
        tree.clone(str(root / "env"), transaction.staging)
        transaction.place()
        raise KeyError("the verification fails")


#: What happens, what there is before, and what there may be afterwards: the last one where nobody dies.
Scenario = tuple[Callable[[Path], None], dict[str, str] | None, tuple[dict[str, str] | None, ...]]
SCENARIOS: dict[str, Scenario] = {
    "create": (create, None, (None, NEW)),
    "create-over": (create, OLD, (OLD,)),
    "failing-create": (failing_create, None, (None,)),
    "create-in-place": (create_in_place, None, (None, MADE_IN_PLACE)),
    "create-in-place-over": (create_in_place, OLD, (OLD,)),
    "failing-create-in-place": (failing_create_in_place, None, (None,)),
    "update": (update, OLD, (OLD, NEW)),
    "keeping-update": (keeping_update, OLD, (OLD, NEW)),
    "failing-update": (failing_update, OLD, (OLD,)),
    "remove": (remove, OLD, (OLD, None)),
    "rename": (rename, OLD, (OLD, RENAMED)),
    "failing-rename": (failing_rename, OLD, (OLD,)),
}


def dying(work: Callable[[], object], at: int) -> int:
    """Do ``work`` in a process that dies before its change number ``at``; how it ended."""
    child = os.fork()
    if child == 0:
        _die_at(at)
        try:
            work()
        except Exception:  # the scenarios that fail on purpose
            os._exit(_ENDED)
        os._exit(_ENDED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die_at(at: int) -> None:
    left = at

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        written = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in _CHANGES or written:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def prepare(root: Path, before: dict[str, str] | None) -> None:
    shutil.rmtree(root, ignore_errors=True)
    write(root / "other", OLD)
    if before is not None:
        write(root / "env", before)


def check(root: Path, allowed: tuple[dict[str, str] | None, ...], where: str) -> None:
    at_old, at_new = content(root / "env"), content(root / "renamed")
    assert at_old is None or at_new is None, f"{where}: there are two"
    found = at_old if at_new is None else at_new
    assert found in allowed, f"{where}: {found}"
    assert content(root / "other") == OLD, where
    assert litter(root) == [], where
    _check_generations(root, found, where)


def _check_generations(root: Path, now: dict[str, str] | None, where: str) -> None:
    """Where the update stands, what was there before it is kept, whole."""
    kept = [content(Path(each.tree)) for each in generations(str(root), str(root / "env"))]
    assert kept == ([OLD] if "keeping" in where and now == NEW else []), f"{where}: {kept}"


def run(name: str, root: Path, interrupt_every: int) -> int:
    """Every crash of one scenario; how many there were. The clean-up after every so many is killed as well."""
    work, before, allowed = SCENARIOS[name]
    crashes = 0
    for at in range(1, 1000):
        for recovery in (_straight, _interrupted) if at % interrupt_every == 0 else (_straight,):
            prepare(root, before)
            if dying(lambda: work(root), at) == _ENDED:
                check(root, allowed[-1:], f"{name}, no crash")
                return crashes
            crashes += 1 + recovery(root)
            check(root, allowed, f"{name}, crash {at}, {recovery.__name__}")
            assert recover(str(root)) == [], f"{name}, crash {at}: recovered twice"
    raise AssertionError(f"{name} has no end")


def _straight(root: Path) -> int:
    recover(str(root))
    return 0


def _interrupted(root: Path) -> int:
    """Recover again and again, each time killed one change later than before, until one comes to its end."""
    at = 1
    while dying(lambda: recover(str(root)), at) == -_DIED:
        at += 1
    return at - 1


def main() -> None:
    name, folder, *options = sys.argv[1:]
    if "--three-renames" in options:  # as where the system cannot exchange two folders at once
        tree.exchange_at_once = lambda first, second: False
    print(run(name, Path(folder, "envs"), 1 if "--all" in options else 5))


if __name__ == "__main__":
    main()
