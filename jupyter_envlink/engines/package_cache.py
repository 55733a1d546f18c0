"""Where rattler keeps the packages that it has extracted, and what it knows of channels."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..condarc import Condarc

FOLDER = "rattler"
"""In a folder of ``pkgs_dirs``: rattler keeps locks and an index beside its packages, and conda's ``clean`` would
remove what it has no record of."""


def cache_folder(environ: Mapping[str, str] | None = None, condarc: Condarc | None = None) -> Path | None:
    """``RATTLER_CACHE_DIR`` where it is set, else in the first of ``pkgs_dirs`` that is writable or can be made.

    ``None`` lets rattler choose: its own folder, which pixi uses, too.
    """
    configured = (os.environ if environ is None else environ).get("RATTLER_CACHE_DIR")
    if configured:
        return Path(configured)
    folders = condarc.pkgs_dirs if condarc else ()
    return next((Path(folder, FOLDER) for folder in folders if _usable(folder)), None)


def _usable(folder: str) -> bool:
    """Whether it can be written to: itself, or the nearest folder above that is there."""
    path = Path(folder)
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.is_dir() and os.access(path, os.W_OK | os.X_OK)
