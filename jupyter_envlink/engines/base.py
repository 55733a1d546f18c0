"""What an engine is: something that solves a request and installs the solution into a prefix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..channels import Channels


@dataclass(frozen=True)
class Package:
    """One package of a solution: ``Package`` of ``openapi.yaml``. ``size`` is bytes to download."""

    name: str
    version: str
    build: str
    channel: str | None
    size: int | None


@dataclass(frozen=True)
class Solution:
    """The packages of an environment, whole. ``records`` are the engine's own, opaque to everybody else."""

    packages: tuple[Package, ...]
    records: tuple[Any, ...]

    @property
    def download_bytes(self) -> int:
        return sum(package.size or 0 for package in self.packages)


@dataclass(frozen=True)
class Step:
    """How far an installation is: phase, share of it done (0 to 1), and the package or file it is at."""

    phase: str
    share: float
    message: str


Report = Callable[[Step], None]


class Engine(Protocol):
    """Solves and installs conda packages. Raises ``Unsolvable``, ``ChannelError`` or ``DiskError``."""

    name: str

    async def solve(self, channels: Channels, specs: Sequence[str], installed: str | None = None) -> Solution:
        """A set of packages that satisfies ``specs``. With ``installed`` (a prefix), all its packages stay as they are
        where that can be; else some move, but none goes, what was asked for still holds, and Python keeps its minor
        version."""
        ...

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        """Make ``target`` hold exactly the solution, with ``prefix`` written into its files."""
        ...
