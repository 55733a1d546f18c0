"""conda, mamba and micromamba as engines: their own command lines solve and install.

What was measured of them, and what is done about it (``docs/engines.md``): ``create`` deletes an environment that is
there, so only ``install`` is used, into an environment that we have made and marked; an exit code of 0 is no proof, so
the records are looked at afterwards; ``--json`` answers are read as JSON.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import process
from ..addresses import without_platform
from ..channels import Channels
from ..conda_records import publish, recorded
from ..envfile.spec import package_name
from ..errors import ChannelError, VerificationFailed
from ..redaction import redact
from ..requested import requested_in_history
from ..sentence import told
from .base import About, Keep, Package, Report, Solution, Step
from .conda_answers import failure, last_document, progress, succeeded
from .conda_command import Command, install, remove
from .conda_shadow import forget, shadow
from .orphans import orphans
from .programs import find_program, version_of
from .rattler import RattlerEngine, packages, prefix_records

NAMES = ("conda", "mamba", "micromamba")
_NO_CHANNELS = Channels((), "flexible")


@dataclass(frozen=True)
class Ordered(Solution):
    """What a tool has planned, with what it is to be told when it installs it."""

    channels: Channels = _NO_CHANNELS
    asked: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    """Packages that were asked for earlier, and are no more."""
    downloads: int = 0


class CondaTool:
    """One of the three; ``program`` is its path where it is configured. ``reader`` knows what channels say."""

    in_place = True

    def __init__(self, name: str, reader: RattlerEngine, program: str | None = None) -> None:
        self.name = name
        self._reader = reader
        self._configured = program

    def about(self) -> About:
        program = self._program()
        return About(version_of(program), program)

    async def solve(
        self,
        channels: Channels,
        specs: Sequence[str],
        installed: str | None = None,
        keep: Keep = Keep.ALL,
        constraints: Sequence[str] = (),
    ) -> Ordered:
        """What ``--dry-run`` says. ``constraints`` are not handed over: the tool reads the same ``pinned_packages``."""
        before = packages(prefix_records(installed)) if installed else ()
        forgotten = _forgotten(installed, before, specs) if installed and keep is Keep.NOTHING else ()
        actions: Mapping[str, Any] = {}
        if specs:
            with shadow(installed, forgotten) as prefix:
                command = install(self._program(), prefix, channels, specs, dry_run=True)
                answer = await self._plan(command)
            actions = answer.get("actions") or {}
        planned = _after(before, actions)
        records = await self._records(channels, planned, installed)
        ordered = tuple(_told(package, record) for package, record in zip(planned, records, strict=True))
        whole = Ordered(ordered, records, False, channels, tuple(specs), forgotten, len(actions.get("FETCH") or ()))
        return self._pruned(whole) if keep is Keep.NOTHING and installed else whole

    async def install(self, solution: Solution, target: str, prefix: str, specs: Sequence[str], report: Report) -> None:
        if not isinstance(solution, Ordered):
            raise TypeError(f"{self.name} installs what it has planned itself")
        await asyncio.to_thread(self._install, solution, target, report)

    def _install(self, order: Ordered, prefix: str, report: Report) -> None:
        forget(prefix, order.forgotten)
        if order.asked:
            command = install(self._program(), prefix, order.channels, order.asked, dry_run=False)
            self._run(command, report, order.downloads)
        extra = sorted(recorded(prefix).keys() - {package.name for package in order.packages})
        if extra:
            report(Step("installing", 0.9, told("Removing {names}", names=", ".join(extra))))
            takes_channels = self.name == "conda"
            self._run(remove(self._program(), prefix, order.channels, extra, takes_channels), report, 0)
        publish(prefix)
        self._check(prefix, order)

    def _check(self, prefix: str, order: Ordered) -> None:
        """Whatever the tool has said. Raises ``VerificationFailed``."""
        from rattler import MatchSpec

        records = {record.name.normalized: record for record in prefix_records(prefix)}
        missing = sorted({package.name for package in order.packages} - records.keys())
        wrong = [
            spec
            for spec in order.asked
            if (name := package_name(spec)) in records
            and not MatchSpec(spec.rpartition("::")[2]).matches(records[name])
        ]
        left = sorted(records.keys() - {package.name for package in order.packages})
        for what, words in (
            (told("does not hold"), missing),
            (told("does not satisfy"), wrong),
            (told("still holds"), left),
        ):
            if words:
                message = told(
                    "{name} said that it had done it, but {prefix} {what} {words}.",
                    name=self.name,
                    prefix=prefix,
                    what=what,
                    words=redact(", ".join(words)),
                )
                raise VerificationFailed(message, told("Look into the log; what was changed was not kept."))

    async def _plan(self, asked: AbstractContextManager[Command]) -> Mapping[str, Any]:
        """The tool's answer. When nobody waits for it any more, the tool is killed."""
        started: list[process.Started] = []
        try:
            return await asyncio.to_thread(self._run, asked, _ignore, 0, started.append)
        except asyncio.CancelledError:
            for each in started:
                asyncio.get_running_loop().run_in_executor(None, process.kill_group, each.pid, each.created)
            raise

    def _run(
        self,
        asked: AbstractContextManager[Command],
        report: Report,
        downloads: int,
        on_start: Callable[[process.Started], object] | None = None,
    ) -> Mapping[str, Any]:
        """The tool's answer. Raises what has gone wrong. It stays in this process's session, and ends with it."""
        heard = _Told(report, downloads)
        with asked as command:
            folder = command.argv[command.argv.index("--prefix") + 1]
            code = process.stream(command.argv, env=command.env, cwd=folder, on_line=heard.hear, on_start=on_start)
        answer = last_document(heard.text)
        if not succeeded(code, answer) or answer is None:
            raise failure(self.name, code, answer, heard.text)
        return answer

    async def _records(self, channels: Channels, planned: Sequence[Package], installed: str | None) -> tuple[Any, ...]:
        """rattler's of each package, from the environment or the channels; ``None`` where neither has it: then a plugin
        of the tool knows more of the channel than we do."""
        kept = prefix_records(installed) if installed else []
        own = {(each.name.normalized, str(each.version), str(each.build)): each for each in kept}
        new = [each for each in planned if (each.name, each.version, each.build) not in own]
        try:
            found = await self._reader.records(channels, new)
        except ChannelError:
            found = [None] * len(new)
        by_name = {package.name: record for package, record in zip(new, found, strict=True)}
        return tuple(own.get((each.name, each.version, each.build)) or by_name.get(each.name) for each in planned)

    def _pruned(self, order: Ordered) -> Ordered:
        unknown = [each.name for each, record in zip(order.packages, order.records, strict=True) if record is None]
        if unknown:
            message = told(
                "What {unknown} would need cannot be told, and so not what can go.", unknown=", ".join(unknown)
            )
            raise ChannelError(message, told("Update without pruning."), code="prune-unknown")
        pairs = list(zip(order.packages, order.records, strict=True))
        depends = {package.name: list(record.depends) for package, record in pairs}
        gone = orphans(depends, [package_name(spec) for spec in order.asked])
        stays = [(package, record) for package, record in pairs if package.name not in gone]
        return replace(order, packages=tuple(each[0] for each in stays), records=tuple(each[1] for each in stays))

    def _program(self) -> str:
        return find_program(self.name, self._configured, os.environ, Path.home())


class _Told:
    """What a tool prints: all of it, and what it tells of its downloads as it comes."""

    def __init__(self, report: Report, downloads: int) -> None:
        self._report, self._downloads = report, max(downloads, 1)
        self._done: set[str] = set()
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def hear(self, line: str) -> None:
        found = progress(line)
        if found is None:
            self._lines.append(line)
            return
        name, share = found["fetch"], found.get("progress")
        if found.get("finished") is True:
            self._done.add(name)
            share = 0
        part = float(share) if isinstance(share, int | float) else 0.0
        self._report(Step("downloading", min(1.0, (len(self._done) + part) / self._downloads), redact(name)))
        if len(self._done) >= self._downloads:
            self._report(Step("installing", 0.1, told("All packages are here")))


def _ignore(step: Step) -> None:
    """A plan has no progress."""


def _forgotten(prefix: str, before: Sequence[Package], specs: Sequence[str]) -> tuple[str, ...]:
    """What was asked for earlier, and is not now."""
    earlier = map(package_name, requested_in_history(prefix, (package.name for package in before)))
    now = set(map(package_name, specs))
    return tuple(name for name in earlier if name not in now)


def _told(package: Package, record: Any) -> Package:
    """As the record has it, which says more."""
    return packages([record])[0] if record is not None else package


def _after(before: Sequence[Package], actions: Mapping[str, Any]) -> tuple[Package, ...]:
    """The packages of an environment once ``actions`` are done."""
    found = {package.name: package for package in before}
    sizes = {each.get("name"): each.get("size") for each in _entries(actions, "FETCH")}
    for entry in _entries(actions, "UNLINK"):
        found.pop(str(entry.get("name")), None)
    for entry in _entries(actions, "LINK"):
        package = _package(entry, sizes)
        found[package.name] = package
    return tuple(sorted(found.values(), key=lambda package: package.name))


def _entries(actions: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [entry for entry in actions.get(kind) or () if isinstance(entry, dict)]


def _package(entry: Mapping[str, Any], sizes: Mapping[Any, Any]) -> Package:
    """``base_url`` is conda's, ``url`` mamba's; both have ``name``, ``version`` and ``build_string``."""
    name, version = str(entry["name"]), str(entry["version"])
    build = str(entry.get("build_string") or entry.get("build") or "")
    channel = entry.get("base_url") or os.path.dirname(str(entry.get("url") or "")) or entry.get("channel")
    size = entry.get("size") or sizes.get(name)
    shown = redact(without_platform(str(channel))) if channel else None
    return Package(name, version, build, shown, size if isinstance(size, int) else None)
