"""Where an environment's disk goes: by package, and whether it is its own or shared by hard links."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .disk_walk import Entry, Pause, walk
from .distributions import Distribution
from .file_systems import shares_blocks
from .generations import Generation, generations
from .jobs.record import now
from .records import Record, conda_records, installed_files, of_installers, python_metadata

Owner = tuple[str, str, str]
"""Manager, name, version. Of what belongs to no package, an empty manager and what it is: ``bytecode``, ``records``,
``folders``, ``other``."""
UNIQUE, CACHE, GENERATIONS, ELSEWHERE = "unique", "cache", "generations", "elsewhere"


@dataclass
class Share:
    """Bytes of one owner, by where else they are: nowhere (``unique``), in a package ``cache``, in kept ``generations``
    of this environment, or ``elsewhere``, which mostly is another environment."""

    unique: int = 0
    cache: int = 0
    generations: int = 0
    elsewhere: int = 0

    @property
    def total(self) -> int:
        return self.unique + self.cache + self.generations + self.elsewhere

    def add(self, kind: str, size: int) -> None:
        setattr(self, kind, getattr(self, kind) + size)

    def as_dict(self) -> dict[str, int]:
        return {"total": self.total, **vars(self)}


@dataclass(frozen=True)
class Usage:
    """``DiskUsage`` of ``openapi.yaml``."""

    measured: str
    whole: Share
    owners: Mapping[Owner, Share]
    kept: Sequence[tuple[Generation, int]]
    """Each kept generation with the bytes that nothing but it needs."""
    exact: bool
    """Whether hard links are the only way in which this file system shares."""
    unreadable: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        found = sorted(self.owners.items(), key=lambda item: (-item[1].total, item[0]))
        return {
            "measured": self.measured,
            **self.whole.as_dict(),
            "packages": [{"name": of[1], "version": of[2], "manager": of[0], **share.as_dict()}
                         for of, share in found if of[0]],
            "rest": [{"kind": of[1], **share.as_dict()} for of, share in found if not of[0]],
            "kept": [{"number": each.number, "created": each.created, "bytes": size} for each, size in self.kept],
            "exact": self.exact,
            "unreadable": list(self.unreadable),
        }  # fmt: skip


@dataclass
class _Linked:
    """A file that more than one name leads to."""

    entry: Entry
    owner: Owner | None
    """``None`` where it is in generations only."""
    generation: int
    seen: int = 0
    here: int = 0


@dataclass
class _Tally:
    """What is known once everything was walked through."""

    owners: dict[Owner, Share] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    linked: dict[tuple[int, int], _Linked] = field(default_factory=dict)

    def see(self, entry: Entry, owner: Owner | None, generation: int = 0) -> None:
        if not entry.is_folder and entry.links > 1:
            known = self.linked.setdefault(entry.inode, _Linked(entry, owner, generation))
            known.seen += 1
            known.here += owner is not None
        else:
            self.put(owner, generation, UNIQUE, entry.bytes)

    def put(self, owner: Owner | None, generation: int, kind: str, size: int) -> None:
        if owner is not None:
            self.owners.setdefault(owner, Share()).add(kind, size)
        elif kind == UNIQUE:
            self.kept[generation] = self.kept.get(generation, 0) + size


def measure(prefix: str, caches: Iterable[str], pause: Pause = lambda: None) -> Usage:
    """Walk through the environment, its kept generations, and of the folders ``caches`` what its packages came from.

    ``pause`` is called for each folder; what it raises ends the work. Raises ``OSError`` where there is no ``prefix``.
    """
    unreadable: list[str] = []
    records = list(conda_records(prefix))
    owner_of = dict(_owned(prefix, records))
    tally = _Tally()
    for entry in walk(prefix, pause, unreadable):
        tally.see(entry, owner_of.get(entry.path) or _nobody(entry))
    kept = generations(os.path.dirname(prefix), prefix)
    for generation in kept:
        for entry in walk(generation.tree, pause, unreadable):
            tally.see(entry, None, generation.number)
    cached = set(_inodes(records, caches, tally, pause))
    for inode, each in tally.linked.items():
        tally.put(each.owner, each.generation, _kind(each, inode in cached), each.entry.bytes)
    sizes = [(generation, tally.kept.get(generation.number, 0)) for generation in kept]
    return Usage(now(), _whole(tally.owners), tally.owners, sizes, not shares_blocks(prefix), tuple(unreadable))


def _owned(prefix: str, records: Sequence[Record]) -> Iterator[tuple[str, Owner]]:
    """What of a distribution conda's packages have brought stays theirs: the last word on a path counts."""
    own = (path for record in records for path in python_metadata(record))
    paths = frozenset(os.path.normcase(os.path.join(prefix, *path.split("/"))) for path in own)
    for one in of_installers(prefix, paths).found:
        yield from _files_of(prefix, one)
    for record in records:
        owner = ("conda", record.name, record.version)
        yield f"conda-meta/{os.path.basename(record.path)}", owner
        for path, _ in record.files:
            yield path, owner


def _files_of(prefix: str, one: Distribution) -> Iterator[tuple[str, Owner]]:
    for path, _ in installed_files(prefix, one):
        yield path, ("pip", one.name, one.version)


def _nobody(entry: Entry) -> Owner:
    if entry.is_folder:
        return ("", "folders", "")
    if entry.path.endswith(".pyc"):
        return ("", "bytecode", "")
    return ("", "records" if entry.path.startswith("conda-meta/") else "other", "")


def _inodes(records: Sequence[Record], caches: Iterable[str], tally: _Tally, pause: Pause) -> Iterator[tuple[int, int]]:
    """Those of the packages in the caches that some file here may be linked to."""
    shared = {each.owner for each in tally.linked.values() if each.owner and each.seen < each.entry.links}
    folders = [f"{record.name}-{record.version}-{record.build}" for record in records
               if ("conda", record.name, record.version) in shared]  # fmt: skip
    for cache in caches:
        for folder in folders:
            path = os.path.join(cache, folder)
            if os.path.isdir(path):
                yield from (entry.inode for entry in walk(path, pause, []) if not entry.is_folder)


def _kind(linked: _Linked, is_cached: bool) -> str:
    if linked.seen < linked.entry.links:
        return CACHE if is_cached else ELSEWHERE
    return UNIQUE if linked.here in (0, linked.seen) else GENERATIONS


def _whole(owners: Mapping[Owner, Share]) -> Share:
    whole = Share()
    for share in owners.values():
        for kind, size in vars(share).items():
            whole.add(kind, size)
    return whole
