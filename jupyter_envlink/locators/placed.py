"""What the locators of project tools have in common: virtual environments in a place of the tool's own."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from jupyter_envlink.environment import Environment

from .base import Found
from .folders import inside
from .labels import shown
from .roots import Roots
from .venv import look_at_venv


class PlacedLocator(ABC):
    """A locator that knows its tool's folders, and by a path alone what is its own.

    Which program the tool has make the environment (venv, virtualenv, uv) is no matter. What the tools make in a
    project's ``.venv`` is no different from what that program itself makes there, and is of that program's kind.
    """

    kind: str

    @abstractmethod
    def folders(self, roots: Roots) -> Iterable[str]:
        """Folders whose children are environments; they need be neither canonical nor there."""

    @abstractmethod
    def name(self, prefix: str) -> str | None:
        """What an environment of this tool is called; ``None`` for what is not its own. Mostly touches no file."""

    def discover(self, roots: Roots) -> Iterator[str]:
        return inside(folder for folder in self.folders(roots) if folder)

    def look(self, prefix: str) -> Found | None:
        name = self.name(prefix)
        return look_at_venv(prefix, self.kind, shown(name)) if name else None

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None
