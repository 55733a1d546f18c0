"""A search, answered in the process that it is asked in: what channels are known to have, and how old that is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import condarc
from ..channel_rules import refusal
from ..channels import resolve
from ..engines.package_cache import cache_folder
from ..engines.rattler_index import KeptIndex
from ..engines.rattler_names import Shelf, Shelves
from ..errors import EnvlinkError, NotFound
from ..network import network_of
from ..redaction import redact
from ..sentence import told
from .question import Search, asked_for, best
from .summaries import Summaries


class Searcher:
    """Answers searches in one process, which remembers the channels' names from one to the next."""

    def __init__(self, index: KeptIndex) -> None:
        self._shelves = Shelves(index)
        self._summaries = Summaries()

    async def answer(self, search: Search) -> dict[str, Any]:
        """``Packages`` or ``PackageVersions`` of ``openapi.yaml``; where there is none, ``{"failed": Error}``, with the
        ``kind`` of the error beside it."""
        try:
            return await self._found(search)
        except EnvlinkError as error:
            return {"failed": error.as_dict(), "kind": type(error).__name__}

    async def _found(self, search: Search) -> dict[str, Any]:
        conda = condarc.load(os.environ, prefix="")
        network, cache = network_of(conda, os.environ), cache_folder(condarc=conda)
        channels = resolve(search.channels, (), conda, os.environ)
        refused = refusal(channels.urls, search.limits.rules(conda, network))
        if refused is not None:
            raise refused
        found = await asyncio.gather(*(self._shelves.shelf(network, cache, url) for url in channels.urls))
        names = channels.names or ("",) * len(found)
        shelves = [replace(shelf, name=name or None) for shelf, name in zip(found, names, strict=True)]
        if all(shelf.names is None for shelf in shelves):
            raise shelves[0].problem or NotFound(told("No channel is asked."), told("Name one."))
        summaries = await asyncio.to_thread(self._summaries.of, cache)
        if search.whole:
            return await _versions(search.query, shelves, summaries)
        return await _packages(search, shelves, summaries)


async def _packages(search: Search, shelves: Sequence[Shelf], summaries: Mapping[str, str]) -> dict[str, Any]:
    """A package is taken from the first channel that has it, as a solve with strict priority would."""
    query = asked_for(search.query)
    homes: dict[str, Shelf] = {}
    for shelf in shelves:
        for name in shelf.names or () if query else ():
            if query in name:
                homes.setdefault(name, shelf)
    names = best(homes, query, search.limit)
    newest = await _newest(names, homes)
    packages = [
        {
            "name": name,
            "version": newest.get(name),
            "summary": summaries.get(name),
            "channel": redact(homes[name].url),
        }
        for name in names
    ]
    return {"packages": packages, "total": len(homes), "channels": [_told(shelf) for shelf in shelves]}


async def _newest(names: Sequence[str], homes: Mapping[str, Shelf]) -> dict[str, str]:
    found: dict[str, str] = {}
    for shelf in {id(shelf): shelf for shelf in homes.values()}.values():
        own = [name for name in names if homes[name] is shelf]
        versions = await shelf.versions(own)
        found.update({name: each[0] for name, each in versions.items() if each})
    return found


async def _versions(name: str, shelves: Sequence[Shelf], summaries: Mapping[str, str]) -> dict[str, Any]:
    """Raises ``NotFound`` where no channel has it."""
    home = next((shelf for shelf in shelves if name in (shelf.names or ())), None)
    if home is None:
        where = ", ".join(redact(shelf.url) for shelf in shelves)
        raise NotFound(
            told("No channel has a package {name}. Asked: {where}.", name=name, where=where),
            told("Check the spelling."),
        )
    versions = await home.versions([name])
    return {
        "name": name,
        "versions": versions.get(name, []),
        "summary": summaries.get(name),
        "channel": redact(home.url),
        "channels": [_told(shelf) for shelf in shelves],
    }


def _told(shelf: Shelf) -> dict[str, Any]:
    """``SearchedChannel`` of ``openapi.yaml``."""
    problem = shelf.problem
    return {
        "url": redact(shelf.url),
        "name": shelf.name,
        "age": shelf.age,
        "problem": problem.as_dict() if problem else None,
    }
