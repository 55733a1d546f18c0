"""What an engine is: something that solves a request and installs the solution into a prefix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from ..channels import Channels
from ..formats.contents import LockedPackage
from .availability import Availability


@dataclass(frozen=True)
class Package:
    """One package of a solution: ``Package`` of ``openapi.yaml``. ``size`` is bytes to download."""

    name: str
    version: str
    build: str
    channel: str | None
    size: int | None

    def as_dict(self) -> dict[str, Any]:
        """Its JSON. Plans hold a thousand of them: ``asdict`` takes twenty times as long."""
        return dict(vars(self))


@dataclass(frozen=True)
class Solution:
    """The packages of an environment, by name. ``records`` are the engine's own for each, opaque to everybody else."""

    packages: tuple[Package, ...]
    records: tuple[Any, ...]
    exact: bool = False
    """Named one by one, not solved for: each package must be the very one that was named."""

    @property
    def archive_bytes(self) -> int:
        """Of all archives, whether they have to be downloaded or not."""
        return sum(package.size or 0 for package in self.packages)

    def only(self, names: Collection[str]) -> Solution:
        """The part of it that has these names."""
        pairs = zip(self.packages, self.records, strict=True)
        chosen = [(package, record) for package, record in pairs if package.name in names]
        return Solution(tuple(package for package, _ in chosen), tuple(record for _, record in chosen))


@dataclass(frozen=True)
class Weight:
    """Bytes of some packages. ``disk_exact`` is false where some were not at hand, and what they hold is estimated."""

    download_bytes: int
    """Of the archives that no cache holds."""
    disk_bytes: int
    """Of the files; a package that is in the cache shares its own with it, where the file system can."""
    disk_exact: bool


@dataclass(frozen=True)
class Step:
    """How far an installation is: phase, share of it done (0 to 1), and the package or file it is at."""

    phase: str
    share: float
    message: str
    bytes: tuple[int, int] | None = None
    """How many have arrived, and of how many that have to: of downloads alone, what a cache holds is none."""


Report = Callable[[Step], None]


class Keep(Enum):
    """What of an environment has to be there still, in this version or another, once more is in it."""

    ALL = "all"
    REQUESTED = "requested"
    """What people have asked for, and what that needs; the rest stays where it can."""
    NOTHING = "nothing"
    """What is not needed for what is asked for now goes: *prune*."""


class Engine(Protocol):
    """Solves and installs conda packages. Raises ``Unsolvable``, ``ChannelError`` or ``DiskError``."""

    name: str

    async def solve(
        self,
        channels: Channels,
        specs: Sequence[str],
        installed: str | None = None,
        keep: Keep = Keep.ALL,
        constraints: Sequence[str] = (),
    ) -> Solution:
        """A set of packages that satisfies ``specs``, and ``constraints`` as far as it holds their packages.

        With ``installed`` (a prefix), its packages stay as they are where that can be; else some move. What was asked
        for earlier still holds where ``specs`` do not say otherwise and ``keep`` is not ``NOTHING``; Python keeps its
        minor version unless ``specs`` name another.
        """
        ...

    def installed(self, prefix: str) -> tuple[Package, ...]:
        """The packages of an environment, by name. Raises ``Unsolvable`` where a record cannot be read."""
        ...

    async def weigh(self, solution: Solution) -> Weight:
        """What its packages weigh, with what lies in the package cache now."""
        ...

    async def available(self, channels: Channels, specs: Sequence[str]) -> Availability:
        """What the channels have for each of ``specs`` on this platform, and the names of all that they have."""
        ...

    async def exact(self, packages: Sequence[LockedPackage], channels: Channels, specs: Sequence[str]) -> Solution:
        """``packages`` as they are, and what ``specs`` need on top of them, which moves none. Raises ``ChannelError``
        (``hash-mismatch``), too."""
        ...

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        """Make ``target`` hold exactly the solution, with ``prefix`` written into its files."""
        ...
