"""What every locator can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from jupyter_envlink.environment import Environment

from .evidence import Evidence
from .roots import Roots


class Found(NamedTuple):
    """An environment as it was read, and the evidence that tells whether it must be read again."""

    environment: Environment
    evidence: Evidence


@runtime_checkable
class Locator(Protocol):
    """One kind of environment. Its verbs read files only; none keeps anything between calls."""

    kind: str
    """Of the environments that it finds, in one word. A locator of several kinds has that of the plainest."""

    def discover(self, roots: Roots) -> Iterator[str]:
        """Canonical prefixes that may be environments of this kind, each once. A root that cannot be read has none."""

    def look(self, prefix: str) -> Found | None:
        """Read the environment in ``prefix`` (canonical), whole or broken; ``None`` where there is none of this kind.

        Raises ``OSError`` when the disk itself fails, which says nothing about the environment.
        """

    def identify(self, prefix: str) -> Environment | None:
        """What ``look`` finds, without its evidence."""


@runtime_checkable
class Housed(Protocol):
    """A locator whose environments lie in folders of their own, whose children they are."""

    kind: str

    def folders(self, roots: Roots) -> Iterable[str]:
        """Those folders, which need be neither canonical nor there; an empty one stands for none."""
