"""What holds packages that are installed where they are while more is asked for: the attempts, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .base import Keep
from .rattler_asked import Asked

if TYPE_CHECKING:
    from rattler import MatchSpec, PrefixRecord


@dataclass(frozen=True)
class Attempt:
    """One way to ask the solver: the specs, and its further arguments."""

    specs: Sequence[str]
    held: Mapping[str, Any] = field(default_factory=dict)

    def within(self, limits: Asked) -> Attempt:
        """The same, with further constraints."""
        constraints = [*self.held.get("constraints", ()), *limits.match_specs]
        return replace(self, held={**self.held, "constraints": constraints})


def attempts(
    records: Sequence[PrefixRecord],
    requested: Mapping[str, str],
    specs: Sequence[str],
    keep: Keep,
    asked: Asked,
) -> Iterator[Attempt]:
    """The best outcome first: nothing moves but what ``specs`` move (conda's ``FREEZE_INSTALLED``); then what has to;
    then, where only what people have asked for has to stay, the others may go too.

    ``requested`` are the specs of earlier requests by name. What ``specs`` (``asked``) say of a name takes the place of
    those.
    """
    if not records:
        yield Attempt(specs)
        return
    whole = specs if keep is Keep.NOTHING else [*specs, *(record.name.normalized for record in records)]
    pinned = [record for record in records if asked.allow(record)]
    python = _same_python(records, asked, keep)
    yield Attempt(whole, {"pinned_packages": pinned, "constraints": python})
    earlier = {} if keep is Keep.NOTHING else _still_true(records, requested, asked)
    held = {"locked_packages": records, "constraints": [*earlier.values(), *python]}
    yield Attempt(whole, held)
    if keep is Keep.REQUESTED:
        installed = {record.name.normalized for record in records}
        yield Attempt([*specs, *(name for name in requested if name in installed)], held)


def _still_true(records: Sequence[PrefixRecord], requested: Mapping[str, str], asked: Asked) -> Mapping[str, MatchSpec]:
    """Earlier requests that hold now, and that nothing is asked instead of.

    A spec that conda understands and rattler does not is no constraint.
    """
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    found = {}
    for record in records:
        name = record.name.normalized
        if name in requested and name not in asked.names:
            with suppress(InvalidMatchSpecError):
                spec = MatchSpec(requested[name])
                if spec.matches(record):
                    found[name] = spec
    return found


def _same_python(records: Sequence[PrefixRecord], asked: Asked, keep: Keep) -> list[MatchSpec]:
    """Python keeps its minor version: what pip has installed belongs to it. Another one may be asked for only where not
    everything has to stay."""
    from rattler import MatchSpec

    if "python" in asked.names and keep is not Keep.ALL:
        return []
    versions = [str(record.version) for record in records if record.name.normalized == "python"]
    return [MatchSpec(f"python {'.'.join(version.split('.')[:2])}.*") for version in versions]
