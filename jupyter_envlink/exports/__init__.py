"""An environment as text that others build from: one module a format. Pure: an ``Inventory`` in, the text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..inventory import Inventory
from .conda_lock import conda_lock
from .dockerfile import dockerfile
from .explicit import explicit
from .pixi_lock import pixi_lock
from .pylock import pylock
from .requirements import requirements
from .yml import from_history, with_builds, without_builds

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True)
class Format:
    """``filename`` is what its readers look for, ``locked`` whether the index of Python packages has to be asked."""

    filename: str
    write: Callable[[Inventory], str]
    locked: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "yml": Format("environment.yml", with_builds),
        "yml-no-builds": Format("environment.yml", without_builds),
        "from-history": Format("environment.yml", from_history),
        "explicit": Format("explicit.txt", explicit),
        "conda-lock": Format("conda-lock.yml", conda_lock, locked=True),
        "pixi-lock": Format("pixi.lock", pixi_lock, locked=True),
        "dockerfile": Format("Dockerfile", dockerfile),
        "requirements": Format("requirements.txt", requirements),
        "pylock": Format("pylock.toml", pylock, locked=True),
    }
)
"""Every format that is a text, in the order of ``exportable``."""
