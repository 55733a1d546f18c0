"""What channels say of packages that another engine has chosen, asked of rattler's gateway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..addresses import same_channel
from .base import Package

if TYPE_CHECKING:
    from rattler import Gateway, RepoDataRecord


async def find_records(
    gateway: Gateway, sources: Sequence[Any], packages: Sequence[Package]
) -> list[RepoDataRecord | None]:
    """The record of each of ``packages``, on this platform; ``None`` where no channel has it."""
    from rattler.platform import Subdir

    platforms = [Subdir.current(), Subdir("noarch")]
    names = sorted({package.name for package in packages})
    answers = await gateway.query(list(sources), platforms, names, recursive=False) if names else []
    found: dict[tuple[str, str, str], list[RepoDataRecord]] = {}
    for record in (record for answer in answers for record in answer):
        key = (record.name.normalized, str(record.version), str(record.build))
        found.setdefault(key, []).append(record)
    return [_of(package, found.get((package.name, package.version, package.build), [])) for package in packages]


def _of(package: Package, candidates: Sequence[RepoDataRecord]) -> RepoDataRecord | None:
    """The one of its channel, or else the first: a tool may call a channel by another address."""
    own = (record for record in candidates if package.channel and same_channel(record.channel, package.channel))
    return next(own, next(iter(candidates), None))
