"""The packages of a conda environment, from its records' own text: what an engine would refuse hides no others."""

from __future__ import annotations

from pathlib import Path

from .channels import redact
from .engines.base import Package
from .files import read_json


def installed_packages(prefix: str) -> tuple[Package, ...]:
    """By name; none where there is no ``conda-meta``."""
    found = (_recorded(path) for path in Path(prefix, "conda-meta").glob("*.json"))
    return tuple(sorted(found, key=lambda package: package.name))


def _recorded(path: Path) -> Package:
    """One installed package; where its record cannot be read, what conda's name for the file says."""
    record = read_json(path) or {}
    parts = dict(zip(("name", "version", "build"), path.stem.rsplit("-", 2), strict=False))
    name, version, build = (str(record.get(key) or parts.get(key) or "") for key in ("name", "version", "build"))
    channel, size, subdir = (record.get(key) for key in ("channel", "size", "subdir"))
    shown = redact(channel) if isinstance(channel, str) else None
    size, subdir = size if isinstance(size, int) else None, subdir if isinstance(subdir, str) else None
    return Package(name, version, build, shown, size, subdir)
