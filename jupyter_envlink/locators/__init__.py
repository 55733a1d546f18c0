"""One file per kind of environment. A locator reads files, runs nothing, and reports what is broken."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from .base import Found, Locator
from .candidates import distinct
from .conda import CondaLocator
from .hatch import HatchLocator
from .pdm import PdmLocator
from .pipenv import PipenvLocator
from .pixi import PixiLocator
from .poetry import PoetryLocator
from .pyenv import PyenvLocator
from .roots import Roots, find_roots
from .third_party import third_party_locators
from .venv import VenvLocator

__all__ = ["LOCATORS", "Found", "Locator", "Roots", "all_locators", "discover", "find_roots", "look"]

LOCATORS: tuple[Locator, ...] = (
    # pixi's prefixes have a conda-meta/ as conda's do, and a mark of pixi in it: before conda.
    PixiLocator(),
    # conda-meta/ is unmistakable and nothing else makes it. Before pyenv, as pyenv installs Miniforge among its
    # versions; before venv, for a conda prefix over which somebody ran `python -m venv`, as conda still governs it.
    CondaLocator(),
    # A version of pyenv has no pyvenv.cfg, and what has one among the versions is left to those below: no conflict.
    PyenvLocator(),
    # The tools keep virtual environments in places of their own, and only the place tells whose they are: before venv.
    # Among them each asks for more than its successor, so no name of one is taken for another's: Hatch and PDM for a
    # whole path, Poetry for the end of a name, Pipenv for a hash that fits.
    HatchLocator(),
    PdmLocator(),
    PoetryLocator(),
    PipenvLocator(),
    # Every other pyvenv.cfg, told apart by what it says (uv, virtualenv, venv): the most general, hence last.
    VenvLocator(),
)
"""The first that identifies a prefix has it."""


def all_locators(log: logging.Logger) -> tuple[Locator, ...]:
    """Those of third parties, by name, and then ours: who writes one knows a kind that ours would take for its like.

    Reads the metadata of every installed distribution and runs what third parties bring: to be called once.
    """
    return (*third_party_locators(log), *LOCATORS)


def discover(roots: Roots, locators: Sequence[Locator] = LOCATORS) -> Iterator[str]:
    """Canonical prefixes that may be environments of any kind, each once, whichever locators name it."""
    return distinct(prefix for locator in locators for prefix in locator.discover(roots))


def look(prefix: str, locators: Sequence[Locator] = LOCATORS) -> Found | None:
    """What the first locator that identifies ``prefix`` (canonical) finds there; ``None`` where none does.

    Raises ``OSError`` when the disk itself fails, which says nothing about the environment.
    """
    for locator in locators:
        found = locator.look(prefix)
        if found:
            return found
    return None
