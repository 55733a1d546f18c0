"""How much packages bring: what has still to be downloaded, and what they hold on the disk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from .base import Weight

if TYPE_CHECKING:
    from rattler import RepoDataRecord

RATIO = 3.5
"""Bytes on the disk for each byte of an archive, where nothing better is known: between the 2.8 of Python itself and
the 4 of most pure Python packages, as measured for 40 packages."""

_SIZE = re.compile(rb'"size_in_bytes"\s*:\s*(\d+)')


async def weigh(records: Sequence[RepoDataRecord], cache: Path | None) -> Weight:
    """What ``records`` weigh, where ``cache`` (``None``: rattler's own) may hold some of them already."""
    from rattler.package_cache import PackageCache

    folder = package_folder(cache)
    index = await PackageCache(folder).index()
    held = {record.name.normalized for record in records if index.contains_record(record)}
    known = [_extracted_size(folder, record) if record.name.normalized in held else None for record in records]
    return Weight(
        download_bytes=sum(record.size or 0 for record in records if record.name.normalized not in held),
        disk_bytes=sum(
            int((record.size or 0) * RATIO) if size is None else size
            for record, size in zip(records, known, strict=True)
        ),
        disk_exact=None not in known,
    )


def package_folder(cache: Path | None) -> Path:
    """Where extracted packages lie: ``cache`` itself, or what rattler takes where nothing is said."""
    own = Path(platformdirs.user_cache_dir("rattler", False, opinion=False), "cache", "pkgs")
    return own if cache is None else cache


def _extracted_size(folder: Path, record: RepoDataRecord) -> int | None:
    return _listed_size(folder / f"{record.name.normalized}-{record.version}-{record.build}", record.sha256)


@lru_cache(maxsize=4096)
def _listed_size(package: Path, digest: bytes | None) -> int | None:
    """Bytes of the files of an extracted package; ``None`` where it does not say (packages of before conda 4.3).

    Its list of files may have megabytes and does not change with the archive's ``digest``: it is read once.
    """
    try:
        found = _SIZE.findall((package / "info" / "paths.json").read_bytes())
    except OSError:
        return None
    return sum(map(int, found))
