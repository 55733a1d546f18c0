"""What an engine is: something that solves a request and installs the solution into a prefix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, runtime_checkable

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
    subdir: str | None = None
    """The platform that it is for, ``noarch`` among them; ``None`` where that is not known."""

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


@dataclass(frozen=True)
class About:
    """What is known of a tool without asking it to do anything. ``path`` is its program's, if it has one."""

    version: str | None
    path: str | None = None


@runtime_checkable
class Tool(Protocol):
    """All that an engine from outside has to be: it solves, and installs what it has solved. See ``docs/engines.md``.

    Everything else (what is installed, what channels have, what packages weigh, lock files) is the embedded engine's,
    whichever tool is chosen. Raises ``EngineMissing``, ``Unsolvable``, ``ChannelError``, ``DiskError``, or another
    ``EnvlinkError``, with no secret in it.
    """

    name: str
    in_place: bool
    """It writes ``target`` into files, and so has to work where the environment will stay: ``target`` then is
    ``prefix``, a conda environment already (``conda-meta/history``), empty or a clone of what was there. It is gone, or
    the former one again, when the tool fails or its process is killed. Else ``target`` is
    another folder, missing or a clone, which takes its place at ``prefix`` when all is done."""

    def about(self) -> About:
        """Raises ``EngineMissing`` where it cannot be used on this machine. May start a process: not on a loop."""
        ...

    async def solve(
        self,
        channels: Channels,
        specs: Sequence[str],
        installed: str | None = None,
        keep: Keep = Keep.ALL,
        constraints: Sequence[str] = (),
    ) -> Solution:
        """As ``Engine.solve``, without touching ``installed``. What ``install`` has to know beyond the packages goes
        into a subclass of ``Solution``."""
        ...

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        """As ``Engine.install``. A tool that works in place keeps ``conda-meta/history`` itself. Its processes stay in
        the session of ours (``process.stream``), so that a cancelled job ends them."""
        ...


class Engine(Protocol):
    """Solves and installs conda packages. Raises ``Unsolvable``, ``ChannelError`` or ``DiskError``."""

    name: str

    @property
    def embedded(self) -> Engine:
        """The one that asks no other program, and so answers soon: for trying out many things."""
        ...

    def in_place(self, solution: Solution) -> bool:
        """Whether ``install`` of it has to work where the environment will stay: see ``Tool.in_place``."""
        ...

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
