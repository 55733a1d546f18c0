"""Earlier states of an environment, kept whole where it was changed: what it can be rolled back to.

``ROOT/.envlink/generations/ID/NUMBER/`` holds ``env``, the former tree, and ``generation.json``, written before the
change that replaced it was committed. The tree has the environment's path of then in its files and shares most of them
with its successor by hard links: keeping it costs what has changed since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .environment import prefix_id
from .errors import NotFound
from .files import read_json, write_json
from .journal import HOME
from .sentence import told

TREE = "env"
_RECORD = "generation.json"


@dataclass(frozen=True)
class Generation:
    """What there was until ``created`` (ISO 8601, UTC), when ``job`` did ``operation``."""

    number: int
    created: str
    job: str
    operation: str
    tree: str
    """Where it lies."""
    prefix: str
    """The path in its files: where the environment was then."""

    def as_dict(self) -> dict[str, Any]:
        """``Generation`` of ``openapi.yaml``, less what rolling back would change."""
        return {name: value for name, value in asdict(self).items() if name not in ("tree", "prefix")}


def next_place(root: str, prefix: str) -> str:
    """Where the next generation of ``prefix``, which is locked, is to lie: relative to ``HOME``, as the journal has
    it."""
    number = 1 + max(_numbers(folder_of(root, prefix)), default=0)
    return f"generations/{_id(root, prefix)}/{number}"


def describe(root: str, place: str, job: str, operation: str, created: str, prefix: str) -> None:
    """Make ``place``, for the tree of ``prefix`` to come. The journal must name it by now. Raises ``OSError``."""
    folder = Path(root, HOME, place)
    folder.mkdir(parents=True)
    write_json(folder / _RECORD, {"created": created, "job": job, "operation": operation, "prefix": prefix})


def generations(root: str, prefix: str) -> tuple[Generation, ...]:
    """Those that are kept, the newest first."""
    folder = folder_of(root, prefix)
    found = (_read(folder, number) for number in sorted(_numbers(folder), reverse=True))
    return tuple(generation for generation in found if generation)


def kept(root: str, prefix: str, number: int) -> Generation:
    """Raises ``NotFound``."""
    found = next((each for each in generations(root, prefix) if each.number == number), None)
    if found is None:
        message = told(
            "Generation {number} of {prefix} is kept no more.", number=number, prefix=os.path.basename(prefix)
        )
        raise NotFound(message, told("The list of its generations shows those that are."), code="no-generation")
    return found


def surplus(root: str, prefix: str, keep: int) -> list[str]:
    """The folders of all but the ``keep`` newest, and of those whose change never came to its end.

    The prefix must be locked.
    """
    folder = folder_of(root, prefix)
    stay = {generation.number for generation in generations(root, prefix)[:keep]}
    return [str(folder / str(number)) for number in _numbers(folder) if number not in stay]


def unfilled(root: str) -> Iterator[str]:
    """Each place below ``root``, relative to ``HOME``, that waits for a former tree."""
    home = Path(root, HOME, "generations")
    for name in () if home.is_symlink() else _names(home):
        for number in _numbers(home / name):
            place = f"generations/{name}/{number}"
            if not is_filled(root, place):
                yield place


def is_filled(root: str, place: str) -> bool:
    """Whether a former tree lies at ``place``."""
    return os.path.lexists(os.path.join(root, HOME, place, TREE))


def _read(folder: Path, number: int) -> Generation | None:
    record = read_json(folder / str(number) / _RECORD)
    tree = folder / str(number) / TREE
    if not isinstance(record, dict) or tree.is_symlink() or not tree.is_dir():
        return None
    created, job, operation, prefix = (str(record.get(key, "")) for key in ("created", "job", "operation", "prefix"))
    return Generation(number, created, job, operation, str(tree), prefix)


def folder_of(root: str, prefix: str) -> Path:
    """Where those of ``prefix`` lie, if there are any."""
    return Path(root, HOME, "generations", _id(root, prefix))


def _id(root: str, prefix: str) -> str:
    return prefix_id(os.path.join(os.path.realpath(root), os.path.basename(prefix)))


def _numbers(folder: Path) -> list[int]:
    if folder.is_symlink():  # none of ours
        return []
    return [int(name) for name in _names(folder) if name.isdecimal() and name.isascii()]


def _names(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []
