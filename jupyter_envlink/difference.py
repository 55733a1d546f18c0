"""What changes between two lists of packages: pure, nothing is read and nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .addresses import same_channel
from .engines.base import Package


@dataclass(frozen=True)
class Move:
    """One package that is replaced by another of its name."""

    before: Package
    after: Package

    def as_dict(self) -> dict[str, Any]:
        return {"from": self.before.as_dict(), "to": self.after.as_dict()}


@dataclass(frozen=True)
class Difference:
    """Each part is sorted by name; every package of the two lists is in exactly one of them, or unchanged."""

    install: tuple[Package, ...] = ()
    upgrade: tuple[Move, ...] = ()
    downgrade: tuple[Move, ...] = ()
    rebuild: tuple[Move, ...] = ()
    """The same version, but another build or another channel."""
    remove: tuple[Package, ...] = ()
    unchanged: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.coming or self.remove)

    @property
    def going(self) -> tuple[Package, ...]:
        """What is there and will not be."""
        moves = (*self.upgrade, *self.downgrade, *self.rebuild)
        return (*self.remove, *(move.before for move in moves))

    @property
    def coming(self) -> tuple[Package, ...]:
        """What has to be there that is not yet."""
        moves = (*self.upgrade, *self.downgrade, *self.rebuild)
        return (*self.install, *(move.after for move in moves))

    def as_dict(self) -> dict[str, Any]:
        """``Changes`` of ``openapi.yaml``."""
        return {
            "install": [package.as_dict() for package in self.install],
            "upgrade": [move.as_dict() for move in self.upgrade],
            "downgrade": [move.as_dict() for move in self.downgrade],
            "rebuild": [move.as_dict() for move in self.rebuild],
            "remove": [package.as_dict() for package in self.remove],
            "unchanged": self.unchanged,
        }


def difference(before: Sequence[Package], after: Sequence[Package]) -> Difference:
    """What turns ``before`` into ``after``; in each of them a name occurs once, as in every conda environment."""
    old = {package.name: package for package in before}
    new = {package.name: package for package in after}
    kept = [Move(old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    moves = [move for move in kept if not _same(move)]
    directions = [_direction(move) for move in moves]

    def moved(wanted: int) -> tuple[Move, ...]:
        return tuple(move for move, direction in zip(moves, directions, strict=True) if direction == wanted)

    return Difference(
        install=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        upgrade=moved(1),
        downgrade=moved(-1),
        rebuild=moved(0),
        remove=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        unchanged=len(kept) - len(moves),
    )


def _same(move: Move) -> bool:
    before, after = move.before, move.after
    same_build = (before.version, before.build) == (after.version, after.build)
    return same_build and same_channel(before.channel, after.channel)


def _direction(move: Move) -> int:
    """1 for a higher version, -1 for a lower one, 0 for the same, as conda orders them."""
    before, after = _version(move.before.version), _version(move.after.version)
    return int(after > before) - int(after < before)


def _version(text: str) -> Any:
    from rattler import Version

    return Version(text)
