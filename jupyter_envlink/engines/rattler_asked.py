"""What is asked for now, and what that says of an installed package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..addresses import same_channel
from ..channels import Channels, spec_channel

if TYPE_CHECKING:
    from rattler import MatchSpec, PrefixRecord


class Asked:
    """Specs, as the file or the configuration writes them. Raises what rattler raises for one that it cannot read."""

    def __init__(self, specs: Sequence[str], channels: Channels) -> None:
        from rattler import MatchSpec

        homes = {name: urls for name, urls in channels.groups if name}
        spelled = [channels.spelled(spec) for spec in specs]
        self._specs = [(MatchSpec(spec), _homes(spec_channel(spec), homes)) for spec in spelled]
        self.names = {name_of(spec) for spec in self.match_specs}

    @property
    def match_specs(self) -> list[MatchSpec]:
        return [spec for spec, _ in self._specs]

    def allow(self, record: PrefixRecord) -> bool:
        """Whether an installed package may stay as it is. ``matches`` does not look at the channel."""
        own = [(spec, homes) for spec, homes in self._specs if name_of(spec) == record.name.normalized]
        return all(spec.matches(record) and _is_from(record, homes) for spec, homes in own)


def _homes(channel: str | None, homes: dict[str, tuple[str, ...]]) -> Sequence[str]:
    """The addresses of a spec's channel; none where it names none."""
    return () if channel is None else homes.get(channel, (channel,))


def _is_from(record: PrefixRecord, homes: Sequence[str]) -> bool:
    return not homes or any(same_channel(home, record.channel) for home in homes)


def name_of(spec: MatchSpec) -> str:
    """The name of the package that it asks for, as records write it."""
    return str(spec.name.normalized)
