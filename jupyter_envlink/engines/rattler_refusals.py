"""Solutions that are not used: what conda's configuration forbids, and what is not there while offline."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ChannelError, NotAllowed
from ..sentence import shortened, told
from .rattler_sizes import package_folder

if TYPE_CHECKING:
    from rattler import RepoDataRecord


async def refuse_uncached(records: Sequence[RepoDataRecord], cache: Path | None) -> None:
    """Raises ``ChannelError`` (``offline``) naming the packages that would have to be loaded from another machine."""
    from rattler.package_cache import PackageCache

    index = await PackageCache(package_folder(cache)).index()
    far = [record for record in records if not record.url.startswith("file:") and not index.contains_record(record)]
    if far:
        names = shortened([f"{record.name.normalized} {record.version}" for record in far], 10)
        message = told(
            "offline is set in conda's configuration, and the package cache does not hold {names}.",
            names=names,
        )
        raise ChannelError(message, told("Set offline to false, or load them once while online."), code="offline")


def refuse_disallowed(records: Sequence[RepoDataRecord], specs: Sequence[str]) -> None:
    """Raises ``NotAllowed`` (``package-not-allowed``) naming the packages that ``disallowed_packages`` forbids.

    As conda does: what brings them is not looked for elsewhere. A spec that is none forbids nothing.
    """
    from rattler import MatchSpec
    from rattler.exceptions import InvalidMatchSpecError

    forbidden = []
    for spec in specs:
        with suppress(InvalidMatchSpecError):
            forbidden.append(MatchSpec(spec))
    found = [record for record in records if any(spec.matches(record) for spec in forbidden)]
    if found:
        names = ", ".join(f"{record.name.normalized} {record.version}" for record in found)
        message = told("disallowed_packages of conda's configuration forbids {names}.", names=names)
        raise NotAllowed(message, told("Take what needs it out of the file."), code="package-not-allowed")
