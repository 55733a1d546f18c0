"""Working without a network: what has to be there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ChannelError
from .rattler_sizes import package_folder

if TYPE_CHECKING:
    from rattler import RepoDataRecord


async def refuse_uncached(records: Sequence[RepoDataRecord], cache: Path | None) -> None:
    """Raises ``ChannelError`` (``offline``) naming the packages that would have to be loaded from another machine."""
    from rattler.package_cache import PackageCache

    index = await PackageCache(package_folder(cache)).index()
    far = [record for record in records if not record.url.startswith("file:") and not index.contains_record(record)]
    if far:
        names = ", ".join(f"{record.name.normalized} {record.version}" for record in far[:10])
        more = f" and {len(far) - 10} more" if len(far) > 10 else ""
        message = f"offline is set in conda's configuration, and the package cache does not hold {names}{more}."
        raise ChannelError(message, "Set offline to false, or load them once while online.", code="offline")
