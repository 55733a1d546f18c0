"""The embedded engine: py-rattler solves and installs, in this process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..channels import Channels, redact
from ..errors import ChannelError, Unsolvable
from ..formats.contents import LockedPackage
from .availability import Availability
from .base import Package, Report, Solution, Weight
from .rattler_availability import look_up
from .rattler_errors import translate
from .rattler_locked import complete_records, damage, identified, own_cache, record_of
from .rattler_reporter import RattlerReporter
from .rattler_sizes import weigh

if TYPE_CHECKING:
    from rattler import Client, Gateway, PrefixRecord, RepoDataRecord


class RattlerEngine:
    """``cache`` is the folder of extracted packages; ``None`` is rattler's own, shared with pixi and others.

    A download that delivers nothing for ``silence`` seconds is given up.
    """

    name = "rattler"

    def __init__(self, cache: Path | None = None, silence: float = 60.0) -> None:
        self.cache = cache
        self.silence = silence

    async def solve(self, channels: Channels, specs: Sequence[str], installed: str | None = None) -> Solution:
        try:
            return _solution(await self._solve_into(channels, specs, prefix_records(installed) if installed else []))
        except Exception as error:  # whatever rattler raises is translated; what it is not, is raised again there
            raise translate(error, channels.urls) from None

    async def exact(self, packages: Sequence[LockedPackage], channels: Channels, specs: Sequence[str]) -> Solution:
        try:
            records = [record_of(package) for package in await identified(packages, self._gateway())]
            added = await self._on_top(records, channels, specs) if specs else []
        except Exception as error:  # as above
            raise translate(error, channels.urls) from None
        return replace(_solution([*records, *added]), exact=True)

    async def _on_top(
        self, records: list[RepoDataRecord], channels: Channels, specs: Sequence[str]
    ) -> list[RepoDataRecord]:
        """What ``specs`` need beside ``records``."""
        names = {record.name.normalized for record in records}
        solved = await self._solve(channels, [*specs, *sorted(names)], {"pinned_packages": records})
        return [record for record in solved if record.name.normalized not in names]

    async def _solve_into(
        self, channels: Channels, specs: Sequence[str], records: list[PrefixRecord]
    ) -> list[RepoDataRecord]:
        """Nothing that is installed moves, where that can be (conda's ``FREEZE_INSTALLED``); else, what has to."""
        from rattler.exceptions import SolverError

        wanted = [*specs, *(record.name.normalized for record in records)]
        if records:
            with suppress(SolverError):
                return await self._solve(channels, wanted, {"pinned_packages": records})
        return await self._solve(channels, wanted, {"locked_packages": records, "constraints": _promised(records)})

    async def _solve(self, channels: Channels, specs: Sequence[str], held: Mapping[str, Any]) -> list[RepoDataRecord]:
        """Strictly by channel order first; then, as conda's *flexible* priority would, from all channels."""
        from rattler import ChannelPriority
        from rattler.exceptions import SolverError

        if channels.priority == "disabled":
            return await self._solve_once(channels, specs, held, ChannelPriority.Disabled)
        try:
            return await self._solve_once(channels, specs, held, ChannelPriority.Strict)
        except SolverError:
            if channels.priority == "strict" or len(channels.urls) < 2:
                raise
            return await self._solve_once(channels, specs, held, ChannelPriority.Disabled)

    async def _solve_once(
        self, channels: Channels, specs: Sequence[str], held: Mapping[str, Any], priority: Any
    ) -> list[RepoDataRecord]:
        from rattler import MatchSpec, VirtualPackage, solve

        return await solve(
            sources=[_channel(url) for url in channels.urls],
            specs=[MatchSpec(spec) for spec in specs],
            gateway=self._gateway(),
            virtual_packages=VirtualPackage.detect(),
            channel_priority=priority,
            **held,
        )

    async def available(self, channels: Channels, specs: Sequence[str]) -> Availability:
        try:
            return await look_up(self._gateway(), [_channel(url) for url in channels.urls], specs)
        except Exception as error:  # as above
            raise translate(error, channels.urls) from None

    def _gateway(self) -> Gateway:
        from rattler import Gateway

        return Gateway(cache_dir=self.cache / "repodata" if self.cache else None, client=client())

    async def weigh(self, solution: Solution) -> Weight:
        return await weigh(solution.records, self.cache)

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        from rattler import install

        reporter = RattlerReporter(solution, report)
        with own_cache(solution, target, self.cache) as cache:
            work = install(
                list(solution.records),
                target_prefix=target,
                cache_dir=cache,
                execute_link_scripts=False,
                client=client(),
                requested_specs=_inner(specs),
                reporter=reporter,
                alternative_target_prefix=prefix,
            )
            try:
                await _unless_silent(work, reporter, self.silence)
            except Exception as error:  # as above
                raise damage(translate(error, _channels(solution) or [prefix]), solution) from None
            if solution.exact:
                complete_records(target)


def _channels(solution: Solution) -> list[str]:
    """Where the packages come from: what a failed download is told by."""
    return list(dict.fromkeys(package.channel for package in solution.packages if package.channel))


def _inner(specs: Sequence[str]) -> list[Any]:
    """py-rattler 0.28 hands these on without unwrapping them, as it does everywhere else."""
    from rattler import MatchSpec

    return [MatchSpec(spec)._match_spec for spec in specs]


def client() -> Client:
    """A client that asks again after a passing fault and uses the tokens of rattler's own store."""
    from rattler import Client

    return Client.default_client(max_retries=2, user_agent="jupyter_envlink")


def prefix_records(prefix: str) -> list[PrefixRecord]:
    """The packages of an environment. Raises ``Unsolvable`` where a record cannot be read."""
    from rattler import PrefixRecord

    found = []
    for path in sorted(Path(prefix, "conda-meta").glob("*.json")):
        try:
            found.append(PrefixRecord.from_path(path))
        except Exception as error:  # rattler raises several kinds for a damaged record
            message = f"The record {path} of an installed package cannot be read: {error}"
            raise Unsolvable(message, "Create the environment anew from its file.", code="damaged-record") from None
    return found


def requested_specs(records: Sequence[PrefixRecord]) -> list[str]:
    """What people have asked for in an environment, by its records; conda writes ``None`` where nobody has."""
    found = (spec for record in records for spec in (*record.requested_specs, record.requested_spec))
    return list(dict.fromkeys(spec for spec in found if spec and spec != "None"))


def _promised(records: Sequence[PrefixRecord]) -> list[Any]:
    """What still holds where packages have to move: what people have asked for, and Python's minor version.

    A spec that conda understands and rattler does not is no constraint.
    """
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    python = next((str(record.version) for record in records if record.name.normalized == "python"), None)
    texts = [*requested_specs(records), *([f"python {'.'.join(python.split('.')[:2])}.*"] if python else [])]
    found = []
    for text in texts:
        with suppress(InvalidMatchSpecError):
            found.append(MatchSpec(text))
    return found


def packages(records: Sequence[RepoDataRecord]) -> tuple[Package, ...]:
    """What people want to know of each record, by name."""
    return tuple(sorted((_package(record) for record in records), key=lambda package: package.name))


def _package(record: RepoDataRecord) -> Package:
    channel = redact(record.channel) if record.channel else None
    return Package(record.name.normalized, str(record.version), str(record.build), channel, record.size)


def _solution(records: list[RepoDataRecord]) -> Solution:
    ordered = sorted(records, key=lambda record: record.name.normalized)
    return Solution(packages(ordered), tuple(ordered))


def _channel(url: str) -> Any:
    """A channel by its full URL: rattler's own idea of bare names (``defaults``, ``pkgs/main``) is not conda's."""
    from rattler import Channel

    return Channel(url)


async def _unless_silent(work: Coroutine[Any, Any, None], reporter: RattlerReporter, limit: float) -> None:
    """Await ``work``. Raises ``ChannelError`` when nothing at all has moved for ``limit`` seconds."""
    task = asyncio.ensure_future(work)
    while not (await asyncio.wait({task}, timeout=max(0.1, limit - reporter.silence)))[0]:
        if reporter.silence >= limit:
            task.cancel()
            message = f"Nothing has arrived for {limit:.0f} s: {reporter.current}."
            raise ChannelError(message, "Check the network, then try again.", code="stalled")
    await task


def cache_folder(environ: dict[str, str] | None = None) -> Path | None:
    """``RATTLER_CACHE_DIR``, where it is set; ``None`` lets rattler choose."""
    configured = (environ if environ is not None else os.environ).get("RATTLER_CACHE_DIR")
    return Path(configured) if configured else None
