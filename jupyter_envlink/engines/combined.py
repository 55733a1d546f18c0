"""A tool as a whole engine: it solves and installs, and the embedded engine does all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..channels import Channels
from ..errors import EnvlinkError, Unsolvable
from ..formats.contents import LockedPackage
from ..sentence import told
from .availability import Availability
from .base import Keep, Package, Report, Solution, Tool, Weight
from .rattler import RattlerEngine
from .rattler_sizes import RATIO


class CombinedEngine:
    """What a lock file names exactly is installed by the embedded engine, too: there is nothing to solve, and it looks
    at every hash."""

    def __init__(self, tool: Tool, embedded: RattlerEngine) -> None:
        self.name = tool.name
        self._tool = tool
        self._embedded = embedded

    @property
    def embedded(self) -> RattlerEngine:
        return self._embedded

    def in_place(self, solution: Solution) -> bool:
        return self._tool.in_place and not solution.exact

    async def solve(
        self,
        channels: Channels,
        specs: Sequence[str],
        installed: str | None = None,
        keep: Keep = Keep.ALL,
        constraints: Sequence[str] = (),
    ) -> Solution:
        try:
            return await self._tool.solve(channels, specs, installed, keep, constraints)
        except Unsolvable as error:
            raise await self._reasons(error, channels, specs, installed, keep, constraints) from None

    async def _reasons(self, error: Unsolvable, *asked: Any) -> Unsolvable:
        """The embedded solver's chain of reasons, which the lines of a file can be found by; ``error`` as it is where
        that finds none."""
        try:
            await self._embedded.solve(*asked)
        except Unsolvable as found:
            said = {"engine": self.name, "said": error.message}
            return Unsolvable(found.message, found.remedy, code=found.code, details={**found.details, **said})
        except EnvlinkError:
            return error
        remedy = told("{remedy} The engine rattler finds a solution.", remedy=error.remedy)
        return Unsolvable(error.message, remedy, code=error.code, details=error.details)

    def installed(self, prefix: str) -> tuple[Package, ...]:
        return self._embedded.installed(prefix)

    async def weigh(self, solution: Solution) -> Weight:
        """What the channels' records say; a package without one by what the tool says, which may be nothing."""
        from rattler import RepoDataRecord

        known = tuple(isinstance(record, RepoDataRecord) for record in solution.records)
        pairs = list(zip(solution.packages, solution.records, known, strict=True))
        weight = await self._embedded.weigh(
            Solution(tuple(each[0] for each in pairs if each[2]), tuple(each[1] for each in pairs if each[2]))
        )
        if all(known):
            return weight
        size = sum(package.size or 0 for package, _, is_known in pairs if not is_known)
        return replace(
            weight,
            download_bytes=weight.download_bytes + size,
            disk_bytes=weight.disk_bytes + int(size * RATIO),
            disk_exact=False,
        )

    async def available(self, channels: Channels, specs: Sequence[str]) -> Availability:
        return await self._embedded.available(channels, specs)

    async def exact(self, packages: Sequence[LockedPackage], channels: Channels, specs: Sequence[str]) -> Solution:
        return await self._embedded.exact(packages, channels, specs)

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        by: Any = self._embedded if solution.exact else self._tool
        await by.install(solution, target, prefix, specs, report)
