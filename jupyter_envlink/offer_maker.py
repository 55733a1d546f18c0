"""Links → offers: the finished kernel.json of each, activated, or the kernel that stands in for it and says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from . import activation, own_python
from .activation import ScriptVariables
from .catalog import Catalog
from .environment import Problem
from .kernel_dirs import StoredSpec, resource_names
from .kernelspecs import conda_metadata, spec
from .link import Link
from .offer import Offer
from .preflight import lost, obstacle
from .stand_in.explanation import ENCRYPTION
from .stand_ins import Surroundings, orphan_link, stand_in


class OfferMaker:
    """Makes each offer by itself: what one environment holds is nothing to the others."""

    def __init__(
        self,
        catalog: Catalog,
        scripts: ScriptVariables,
        native: StoredSpec | None,
        data_dir: str,
        log: Any,
    ) -> None:
        """``native``: the server's own kernel, which says how connections may be encrypted. ``log``: a logger."""
        self._catalog, self._scripts, self._native, self._data_dir, self._log = catalog, scripts, native, data_dir, log

    def kernel_spec(self, link: Link) -> dict[str, Any]:
        """The kernel.json of ``link``, activated. May be changed by the caller."""
        known = self._scripts.get(link.environment)
        return spec(link, activation.variables(link.environment, self._log) if known is None else known)

    def server_variables(self) -> Mapping[str, str]:
        """What activating the environment that this server runs in sets; nothing where it is none that was found."""
        own = own_python.server_environment(self._catalog.snapshot.by_prefix)
        return (self._scripts.get(own) or activation.variables(own, self._log)) if own else {}

    def stand_in(self, link: Link, problem: Problem | None = None) -> Offer:
        """What is offered in place of ``link``: for its environment's own problem, or for this one, just found."""
        encryption = self._native.spec.get("metadata", {}).get(ENCRYPTION, ()) if self._native else ()
        surroundings = Surroundings(self._data_dir, tuple(self._catalog.extra_roots), tuple(encryption))
        return stand_in(link, surroundings, problem)

    def startable(self, offer: Offer) -> Offer:
        """``offer``, or where it cannot start now, what stands in for it."""
        link = offer.link or orphan_link(offer)
        if link is None or offer.explanation:
            return offer
        look = partial(obstacle if offer.link else lost, link, offer.spec)
        problem = self._catalog.asked(link.environment.prefix, look, None)
        return self.stand_in(link, problem) if problem else offer

    def linked(self, links: Iterable[Link], before: Mapping[str, Offer]) -> dict[str, Offer]:
        """An offer for each link, by name; one that would start as ``before`` is not made again."""
        version = self._scripts.version
        made: dict[str, Offer] = {}
        for link in links:
            known = before.get(link.name)
            try:
                stale = self._catalog.snapshot.is_stale(link.environment.prefix)  # nothing of it can be read now
                made[link.name] = self._same(known, link, version, stale) or self._made(link, version)
            except Exception:  # the listing border: one environment never hurts the others
                self._log.exception("envlink: the kernel %s of %s is left out", link.name, link.environment.prefix)
        return made

    def _same(self, known: Offer | None, link: Link, version: tuple[int, int], stale: bool) -> Offer | None:
        if known is None or known.link is None:
            return None
        if stale or known.link == link:
            return known if stale or known.version == version else None
        is_same = known.version == version and known.link.start == link.start
        return replace(known, link=link, environment=link.environment) if is_same else None

    def _made(self, link: Link, version: tuple[int, int]) -> Offer:
        content = self.kernel_spec(link)
        content["metadata"] |= conda_metadata(link.environment, link.kernel)
        content.setdefault("kernel_protocol_version", "")  # so the model of Jupyter's interface is this very mapping
        directory, environment = link.kernel.resource_dir, link.environment
        return Offer(link.name, content, directory, resource_names(directory), link, None, environment, version)
