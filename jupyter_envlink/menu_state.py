"""What the menu holds at one moment. A value only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .kernel_dirs import StoredSpec
from .link import Link
from .offer import Offer


@dataclass(frozen=True)
class MenuState:
    """Every kernel, and what all are made of (``key``, ``stored``, ``inner``): made anew once one of these differs."""

    key: tuple[object, ...]
    stored: Mapping[str, StoredSpec]
    inner: Mapping[str, Offer]
    links: tuple[Link, ...]
    offers: Mapping[str, Offer]
    listed: Mapping[str, Offer]
    aliases: Mapping[str, str]

    def called(self, name: str) -> Offer | None:
        """The offer of that name or alias (in lower case), hidden ones too."""
        return self.offers.get(self.aliases.get(name, name))
