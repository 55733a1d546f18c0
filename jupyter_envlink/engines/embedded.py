"""The engine that needs nothing but us, made for one prefix by what is configured."""

from __future__ import annotations

import os

from .. import condarc
from ..network import network_of
from .package_cache import cache_folder
from .rattler import RattlerEngine
from .rattler_index import Index, once


def embedded(prefix: str, index: Index = once) -> RattlerEngine:
    """The engine for ``prefix``, loaded: what that costs belongs to the worker's start, not to the solve."""
    import rattler  # noqa: F401

    conda = condarc.load(prefix=prefix)
    network = network_of(conda, os.environ)
    return RattlerEngine(cache_folder(condarc=conda), network=network, condarc=conda, index=index)
