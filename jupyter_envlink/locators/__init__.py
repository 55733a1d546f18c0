"""One file per kind of environment. A locator reads files, runs nothing, and reports what is broken."""

from __future__ import annotations

from .base import Found, Locator
from .conda import CondaLocator
from .roots import Roots, find_roots

__all__ = ["LOCATORS", "Found", "Locator", "Roots", "find_roots"]

LOCATORS: tuple[Locator, ...] = (
    # conda-meta/ is unmistakable and nothing else makes it, so it goes first: a pixi prefix also has one, and will
    # have to stand before it; a venv made inside a conda prefix has a pyvenv.cfg, and will have to stand after it.
    CondaLocator(),
)
"""The first that identifies a prefix has it."""
