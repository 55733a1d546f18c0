"""The names and versions that channels have, asked of rattler's gateway and kept as long as its own knowledge holds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EnvlinkError
from ..network import Network
from .rattler_errors import translate
from .rattler_index import KeptIndex
from .rattler_kept import index_age

if TYPE_CHECKING:
    from rattler import Gateway

_UNASKED = 30.0
"""Seconds for which a channel that did not answer is not asked again: a search goes on with each key."""


@dataclass(frozen=True)
class Shelf:
    """What is known of one channel: sorted ``names``, ``None`` where nothing is.

    ``problem`` is why it could not be asked; ``age`` then are the seconds since it could.
    """

    url: str
    name: str | None = None
    gateway: Gateway | None = None
    names: tuple[str, ...] | None = None
    age: float | None = None
    problem: EnvlinkError | None = None
    _versions: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)

    async def versions(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Those of each of ``names``, the newest first; of a name of which nothing can be said now, none."""
        unknown = [name for name in names if name not in self._versions]
        if unknown and self.gateway is not None:
            self._versions.update(await _versions(self.gateway, self.url, unknown))
        return {name: self._versions.get(name, []) for name in names}


class Shelves:
    """One for each channel, made anew when what ``index`` knows of it is."""

    def __init__(self, index: KeptIndex) -> None:
        self._index = index
        self._kept: dict[tuple[int, str], tuple[object, Shelf]] = {}
        self._silent: dict[str, tuple[float, EnvlinkError]] = {}

    async def shelf(self, network: Network, cache: Path | None, url: str) -> Shelf:
        """The channel at ``url``. Raises nothing that a channel may do: that is the shelf's ``problem``."""
        problem = None if network.offline else self._silence(url)
        if problem is None:
            try:
                found = await self._asked(network, cache, url)
                return replace(found, age=index_age(cache, url)) if network.offline else found
            except EnvlinkError as error:
                problem = error
                self._silent[url] = time.monotonic(), error
        try:
            kept = await self._asked(replace(network, offline=True), cache, url)
        except EnvlinkError:
            return Shelf(url, problem=problem)
        return replace(kept, age=index_age(cache, url), problem=problem)

    def _silence(self, url: str) -> EnvlinkError | None:
        since, problem = self._silent.get(url, (0.0, None))
        return problem if problem and time.monotonic() - since < _UNASKED else None

    async def _asked(self, network: Network, cache: Path | None, url: str) -> Shelf:
        gateway = self._index(network, cache, [url])
        stamp, key = self._index.stamp(gateway, url), (id(gateway), url)
        known = self._kept.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        try:
            names = await gateway.names([_channel(url)], _platforms())
        except Exception as error:  # whatever rattler raises is translated; what it is not, is raised again
            raise translate(error, [url]) from None
        made = Shelf(url, None, gateway, tuple(sorted(name.normalized for name in names)))
        self._kept[key] = stamp, made
        return made


async def _versions(gateway: Gateway, url: str, names: Sequence[str]) -> dict[str, list[str]]:
    try:
        answers = await gateway.query([_channel(url)], _platforms(), list(names), recursive=False)
    except Exception as error:  # as above
        if isinstance(translate(error, [url]), EnvlinkError):
            return {}  # a shard that is not in the cache: the name is known, and no more
        raise
    found: dict[str, set[Any]] = {name: set() for name in names}
    for record in (record for answer in answers for record in answer):
        found.setdefault(record.name.normalized, set()).add(record.version)
    return {name: [str(each) for each in sorted(versions, reverse=True)] for name, versions in found.items()}


def _channel(url: str) -> Any:
    from rattler import Channel

    return Channel(url)


def _platforms() -> list[Any]:
    from rattler.platform import Subdir

    return [Subdir.current(), Subdir("noarch")]
