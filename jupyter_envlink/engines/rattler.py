"""The embedded engine: py-rattler solves and installs, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..channels import Channels, redact, spec_channel
from ..condarc import Condarc
from ..envfile.spec import package_name
from ..errors import ChannelError, Unsolvable
from ..formats.contents import LockedPackage
from ..network import Network
from ..requested import requested_in_history
from ..sentence import told
from .availability import Availability
from .base import Keep, Package, Report, Solution, Weight
from .package_cache import cache_folder as cache_folder
from .rattler_asked import Asked
from .rattler_availability import look_up
from .rattler_client import client, config
from .rattler_errors import translate
from .rattler_found import find_records
from .rattler_held import Attempt, attempts
from .rattler_index import Index, once
from .rattler_locked import complete_records, damage, identified, own_cache, record_of
from .rattler_met import is_met
from .rattler_refusals import refuse_disallowed, refuse_uncached
from .rattler_reporter import RattlerReporter
from .rattler_sizes import weigh

if TYPE_CHECKING:
    from rattler import Channel, ChannelPriority, Gateway, PrefixRecord, RepoDataRecord
    from rattler.repo_data.multi_source import MultiSource


class RattlerEngine:
    """``cache`` is the folder of extracted packages; ``None`` is rattler's own, shared with pixi and others.

    A download that delivers nothing for ``silence`` seconds is given up. ``network`` says how channels are reached;
    of ``condarc`` only what concerns solving and linking is heeded. ``index`` gives what is known of the channels.
    """

    name = "rattler"

    def __init__(
        self,
        cache: Path | None = None,
        silence: float = 60.0,
        network: Network | None = None,
        condarc: Condarc | None = None,
        index: Index = once,
    ) -> None:
        self.index = index
        self.cache = cache
        self.silence = silence
        self.network = network or Network()
        self.condarc = condarc or Condarc()

    @property
    def embedded(self) -> RattlerEngine:
        return self

    def in_place(self, solution: Solution) -> bool:
        return False

    async def solve(
        self,
        channels: Channels,
        specs: Sequence[str],
        installed: str | None = None,
        keep: Keep = Keep.ALL,
        constraints: Sequence[str] = (),
    ) -> Solution:
        records = prefix_records(installed) if installed else []
        earlier = requested_by_name(installed, records) if installed else {}
        try:
            asked, limits = Asked(specs, channels), Asked(constraints, channels)
            if is_met(records, asked, limits, keep, self.condarc.add_pip_as_python_dependency):
                return await self._allowed(_solution(records), records)
            possible = attempts(records, earlier, specs, keep, asked)
            return await self._allowed(_solution(await self._first(channels, list(possible), limits)), records)
        except Exception as error:  # whatever rattler raises is translated; what it is not, is raised again there
            raise translate(error, channels.urls) from None

    async def exact(self, packages: Sequence[LockedPackage], channels: Channels, specs: Sequence[str]) -> Solution:
        try:
            records = [record_of(package) for package in await identified(packages, self._gateway(channels))]
            added = await self._on_top(records, channels, specs) if specs else []
        except Exception as error:  # as above
            raise translate(error, channels.urls) from None
        return await self._allowed(replace(_solution([*records, *added]), exact=True))

    async def _allowed(self, solution: Solution, installed: Sequence[PrefixRecord] = ()) -> Solution:
        """``solution``. Raises ``NotAllowed`` and ``ChannelError`` where it may not, or cannot, be used."""
        refuse_disallowed(solution.records, self.condarc.disallowed_packages)
        if self.network.offline:
            there = {record.file_name for record in installed}
            coming = [record for record in solution.records if record.file_name not in there]
            await refuse_uncached(coming, self.cache)
        return solution

    async def _on_top(
        self, records: list[RepoDataRecord], channels: Channels, specs: Sequence[str]
    ) -> list[RepoDataRecord]:
        """What ``specs`` need beside ``records``."""
        names = {record.name.normalized for record in records}
        solved = await self._solve(channels, [*specs, *sorted(names)], {"pinned_packages": records})
        return [record for record in solved if record.name.normalized not in names]

    async def _first(self, channels: Channels, possible: Sequence[Attempt], limits: Asked) -> list[RepoDataRecord]:
        """The first that succeeds; where none does, the last one's error, which asks for least."""
        from rattler.exceptions import SolverError

        *better, last = [attempt.within(limits) for attempt in possible]
        for attempt in better:
            with suppress(SolverError):
                return await self._solve(channels, attempt.specs, attempt.held)
        return await self._solve(channels, last.specs, last.held)

    async def _solve(self, channels: Channels, specs: Sequence[str], held: Mapping[str, Any]) -> list[RepoDataRecord]:
        """rattler's flexible priority is conda's: versions of a channel go before all versions of the next one.

        The variables ``CONDA_OVERRIDE_CUDA``, ``…_GLIBC``, ``…_OSX`` and ``…_ARCHSPEC`` are heeded.
        """
        from rattler import MatchSpec, VirtualPackage, VirtualPackageOverrides, solve

        return await solve(
            sources=_sources(channels),
            specs=[MatchSpec(channels.spelled(spec)) for spec in _exhaustive(channels, specs)],
            gateway=self._gateway(channels),
            virtual_packages=VirtualPackage.detect(VirtualPackageOverrides.from_env()),
            channel_priority=_priority(channels.priority),
            add_pip_as_python_dependency=self.condarc.add_pip_as_python_dependency,
            **held,
        )

    async def available(self, channels: Channels, specs: Sequence[str]) -> Availability:
        try:
            return await look_up(self._gateway(channels), _sources(channels), specs)
        except Exception as error:  # as above
            raise translate(error, channels.urls) from None

    async def records(self, channels: Channels, packages: Sequence[Package]) -> list[RepoDataRecord | None]:
        """What the channels say of each of ``packages``; ``None`` where none has it."""
        try:
            return await find_records(self._gateway(channels), _sources(channels), packages)
        except Exception as error:  # as above
            raise translate(error, channels.urls) from None

    def _gateway(self, channels: Channels) -> Gateway:
        return self.index(self.network, self.cache, channels.urls)

    def installed(self, prefix: str) -> tuple[Package, ...]:
        return packages(prefix_records(prefix))

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
                client=client(self.network),
                config=config(self.network, copies=self.condarc.always_copy),
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


def prefix_records(prefix: str, names: Collection[str] | None = None) -> list[PrefixRecord]:
    """The packages of an environment, or, since a record may have megabytes, only those of ``names`` (lower case).

    Raises ``Unsolvable`` where a record cannot be read.
    """
    from rattler import PrefixRecord

    found = []
    for path in sorted(Path(prefix, "conda-meta").glob("*.json")):
        if names is not None and path.stem.rsplit("-", 2)[0].lower() not in names:
            continue
        try:
            found.append(PrefixRecord.from_path(path))
        except Exception as error:  # rattler raises several kinds for a damaged record
            message = told("The record {path} of an installed package cannot be read: {error}", path=path, error=error)
            raise Unsolvable(
                message, told("Create the environment anew from its file."), code="damaged-record"
            ) from None
    return found


def requested_specs(records: Sequence[PrefixRecord]) -> list[str]:
    """What people have asked for in an environment, by its records; conda writes ``None`` where nobody has."""
    found = (spec for record in records for spec in (*record.requested_specs, record.requested_spec))
    return list(dict.fromkeys(spec for spec in found if spec and spec != "None"))


def requested_by_name(prefix: str, records: Sequence[PrefixRecord]) -> dict[str, str]:
    """The spec that was asked for last of each package, by name: as the history says, or else the records."""
    in_history = requested_in_history(prefix, (record.name.normalized for record in records))
    written = {record.name.normalized: specs[0] for record in records if (specs := requested_specs([record]))}
    return {**written, **{package_name(spec): spec for spec in in_history}}


def packages(records: Sequence[RepoDataRecord]) -> tuple[Package, ...]:
    """What people want to know of each record, by name."""
    shown = {channel: redact(channel) if channel else None for channel in {record.channel for record in records}}
    found = (_package(record, shown[record.channel]) for record in records)
    return tuple(sorted(found, key=lambda package: package.name))


def _package(record: RepoDataRecord, channel: str | None) -> Package:
    name, version, build = record.name.normalized, str(record.version), str(record.build)
    return Package(name, version, build, channel, record.size, record.subdir)


def _solution(records: Sequence[RepoDataRecord]) -> Solution:
    ordered = sorted(records, key=lambda record: record.name.normalized)
    return Solution(packages(ordered), tuple(ordered))


def _sources(channels: Channels) -> list[Channel | MultiSource]:
    """Channels by their full URLs: rattler's own idea of bare names (``defaults``, ``pkgs/main``) is not conda's.

    A named group is what a spec such as ``defaults::numpy`` finds; all its members have one and the same priority.
    """
    from rattler import Channel
    from rattler.repo_data.multi_source import MultiSource

    groups = ((name, [Channel(url) for url in urls]) for name, urls in channels.groups)
    return [MultiSource(name, members) if name else members[0] for name, members in groups]


def _priority(word: str) -> ChannelPriority:
    from rattler import ChannelPriority

    words = {"strict": ChannelPriority.Strict, "disabled": ChannelPriority.Disabled}
    return words.get(word, ChannelPriority.Flexible)


def _exhaustive(channels: Channels, specs: Sequence[str]) -> list[str]:
    """``specs``, under strict priority with each bare name beside: rattler loads of a package only what is asked for,
    and would not see that a higher channel has it in another version."""
    if channels.priority != "strict" or len(channels.groups) < 2:
        return list(specs)
    return [*specs, *(name for spec in specs if (name := package_name(spec)) and not spec_channel(spec))]


async def _unless_silent(work: Coroutine[Any, Any, None], reporter: RattlerReporter, limit: float) -> None:
    """Await ``work``. Raises ``ChannelError`` when nothing at all has moved for ``limit`` seconds."""
    task = asyncio.ensure_future(work)
    while not (await asyncio.wait({task}, timeout=max(0.1, limit - reporter.silence)))[0]:
        if reporter.silence >= limit:
            task.cancel()
            message = told("Nothing has arrived for {limit:.0f} s: {current}.", limit=limit, current=reporter.current)
            raise ChannelError(message, told("Check the network, then try again."), code="stalled")
    await task
