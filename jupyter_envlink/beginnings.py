"""Where an environment file comes from that lies nowhere yet: an address, a list of packages, the channels' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .policy import Policy

if TYPE_CHECKING:
    from .search.question import Search

_FETCHES = 4
"""How many files are fetched at once."""


class Beginnings:
    """Under one policy. Nothing here has a side effect."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, url: str) -> Future[dict[str, Any]]:
        """``Fetched`` of ``openapi.yaml``: the environment file at an address. That takes as long as the network, up to
        half a minute, in threads of its own: slow addresses keep nothing else waiting. The future raises
        ``InvalidRequest``, ``NotAllowed``, ``FetchError``: see ``fetching``."""
        return self._fetches.submit(self._fetched, url)

    def compose(self, wanted: Mapping[str, Any]) -> dict[str, str]:
        """``Composed`` of ``openapi.yaml``: a file that lists packages. Raises ``InvalidRequest``."""
        from .composing import FILENAME, compose

        text = compose(wanted.get("name"), wanted.get("channels"), wanted["packages"])
        return {"filename": FILENAME, "text": text}

    def search(
        self, query: str, channels: Sequence[str] | None, limit: int | None = None, whole: bool = False
    ) -> Search:
        """What the planner is to be asked about packages. Raises ``InvalidRequest``."""
        from .search.question import USUAL, Search

        named = None if channels is None else tuple(channels)
        return Search(query, USUAL if limit is None else limit, named, whole, self._policy.limits)

    def _fetched(self, url: str) -> dict[str, Any]:
        from .fetching.fetch import fetch

        return fetch(url, self._policy.reach).as_dict()

    @cached_property
    def _fetches(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_FETCHES, "envlink-fetch")
