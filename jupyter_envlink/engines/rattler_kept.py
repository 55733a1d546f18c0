"""Where rattler keeps what it has loaded, and since when."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs


def package_folder(cache: Path | None) -> Path:
    """The extracted packages below ``cache``, the engine's folder; ``None`` is rattler's own."""
    return _root(cache) / "pkgs"


def index_age(cache: Path | None, url: str) -> float | None:
    """Seconds since what is kept of the channel at ``url`` was loaded; ``None`` where nothing is kept.

    Its files are named after the address of the index, as conda names its own.
    """
    from rattler import Subdir

    folder, moments = _root(cache) / "repodata", []
    for subdir in (str(Subdir.current()), "noarch"):
        for name in _names(f"{url.rstrip('/')}/{subdir}"):
            with suppress(OSError):
                moments.append(os.stat(folder / name).st_mtime)
    return max(0.0, time.time() - max(moments)) if moments else None


def _root(cache: Path | None) -> Path:
    return cache or Path(platformdirs.user_cache_path(), "rattler", "cache")


def _names(subdir: str) -> Iterator[str]:
    yield f"{_digest(subdir)}.info.json"
    yield f"{_digest(f'{subdir}/repodata_shards.msgpack.zst/')}.shards-cache-v1"


def _digest(address: str) -> str:
    return hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()[:8]
