"""The modules of the package, as they are found on disk."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import jupyter_envlink

__all__ = ["modules"]


def modules() -> Iterator[ModuleType]:
    """Every public module of the package, imported, in the order of their names. Raises what an import raises."""
    yield jupyter_envlink
    for found in pkgutil.walk_packages(jupyter_envlink.__path__, prefix="jupyter_envlink."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield importlib.import_module(found.name)
