"""rattler's indexes of channels, kept in memory from one solve to the next, and looked after when they grow old."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..network import Network
from .rattler_client import gateway

if TYPE_CHECKING:
    from rattler import Gateway

Index = Callable[[Network, "Path | None", Iterable[str]], "Gateway"]
"""Gives the gateway that channels at these addresses are asked through."""


def once(network: Network, cache: Path | None, urls: Iterable[str]) -> Gateway:
    """A gateway for one solve: what is on the disk is used as the channels' own ``Cache-Control`` says."""
    return gateway(network, cache)


class KeptIndex:
    """A gateway never asks again for what it has loaded (py-rattler 0.28, measured). What is older than ``fresh``
    seconds is dropped from memory here: rattler then reads its cache on the disk, which it asks the channel about
    (``If-None-Match``) unless the channel's ``Cache-Control: max-age`` says that it still holds. A channel in a folder
    is dropped as soon as its index is another file.
    """

    def __init__(self, fresh: float) -> None:
        self._fresh = fresh
        self._gateways: list[tuple[Network, Path | None, Gateway]] = []
        self._asked: dict[tuple[int, str], tuple[float, object]] = {}

    def __call__(self, network: Network, cache: Path | None, urls: Iterable[str]) -> Gateway:
        found = self._gateway(network, cache)
        for url in urls:
            self._look(found, url)
        return found

    def stamp(self, known: Gateway, url: str) -> object:
        """What is equal as long as no more is known of the channel than before."""
        return self._asked.get((id(known), url))

    def drop(self, network: Network, cache: Path | None, urls: Iterable[str]) -> None:
        """Know nothing of these channels any more, neither in memory nor on the disk."""
        from rattler import Channel

        found = self._gateway(network, cache)
        for url in urls:
            found.clear_repodata_cache(Channel(url), clear_disk=True)
            self._asked.pop((id(found), url), None)

    def _gateway(self, network: Network, cache: Path | None) -> Gateway:
        known = next((each[2] for each in self._gateways if each[:2] == (network, cache)), None)
        if known is None:
            known = gateway(network, cache)
            self._gateways.append((network, cache, known))
        return known

    def _look(self, known: Gateway, url: str) -> None:
        from rattler import Channel

        key, now, files = (id(known), url), time.monotonic(), tuple(_files(url))
        asked, seen = self._asked.get(key, (None, files))
        if asked is None:
            self._asked[key] = now, files
        elif files != seen or (not files and now - asked > self._fresh):
            known.clear_repodata_cache(Channel(url))
            self._asked[key] = now, files


def _files(url: str) -> Iterator[tuple[str, int, int]]:
    """The indexes of a channel in a folder, as the folder tells them; nothing for a channel behind a network."""
    if not url.startswith("file:"):
        return
    from urllib.request import url2pathname

    from rattler import Subdir

    folder = Path(url2pathname(urlsplit(url).path))
    for subdir in (str(Subdir.current()), "noarch"):
        for name in ("repodata.json", "repodata.json.zst", "repodata_shards.msgpack.zst"):
            path = folder / subdir / name
            try:
                status = os.stat(path)
            except OSError:
                continue
            yield str(path), status.st_mtime_ns, status.st_size
