"""What Jupyter's kernel menu shows: the environments' kernels beside those that lie in Jupyter's own folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jupyter_core.paths import jupyter_data_dir, jupyter_path
from traitlets import Instance, TraitError, Unicode, default, validate
from traitlets.config import LoggingConfigurable

from . import activation, own_python
from .activation import ScriptVariables
from .bindings import Bindings
from .catalog import Catalog
from .environment import Environment, Problem, prefix_id
from .errors import DiskError, NotFound
from .foreign import foreign_offers, orphans
from .inner import InnerKernels
from .kernel_dirs import KernelDirs, StoredSpec, native_spec, resource_names
from .kernelspecs import conda_metadata, link_all, spec
from .link import Link
from .memory import Memory
from .offer import Offer
from .preflight import absence, lost, obstacle
from .stand_in.explanation import ENCRYPTION
from .stand_ins import Surroundings, gone_links, orphan_link, stand_in, unready_links
from .titles import FIELDS, TEMPLATE, check_template, listed_fields

_NO_OFFERS: Mapping[str, Offer] = MappingProxyType({})


@dataclass(frozen=True)
class _State:
    """What the menu was made of, so that it is made anew only when one of these is another."""

    key: tuple[object, ...]
    stored: Mapping[str, StoredSpec]
    inner: Mapping[str, Offer]
    links: tuple[Link, ...]
    offers: Mapping[str, Offer]
    listed: Mapping[str, Offer]
    aliases: Mapping[str, str]


class KernelMenu(LoggingConfigurable):
    """Joins the catalog, the person's bindings, Jupyter's folders and activation. Safe to use from several threads."""

    display_name = Unicode(
        TEMPLATE,
        help="What kernels of environments are called in menus. Fields: "
        + listed_fields(FIELDS)
        + ". Where two would be called the same, what tells them apart is added.",
    ).tag(config=True)

    python3_display_name = Unicode(
        own_python.TITLE,
        help="What the kernel `python3`, which runs on the server's own Python, is called. Fields: "
        + listed_fields(own_python.TITLE_FIELDS)
        + ". By default its title stays as it is, because notebooks keep it and travel with it; which environment "
        "that is stands in its metadata. `{title} [{environment}]` shows it in menus, too.",
    ).tag(config=True)

    catalog = Instance(Catalog)
    data_dir = Unicode(help="Jupyter's data folder; what envlink remembers lies in its folder `envlink`.")
    bindings = Instance(Bindings)
    kernel_dirs = Instance(KernelDirs)
    scripts = Instance(ScriptVariables)
    native = Instance(StoredSpec, allow_none=True)
    inner = Instance(InnerKernels, allow_none=True)

    @default("catalog")
    def _catalog_default(self) -> Catalog:
        return Catalog(parent=self)

    @default("data_dir")
    def _data_dir_default(self) -> str:
        return jupyter_data_dir()

    @default("bindings")
    def _bindings_default(self) -> Bindings:
        return Bindings(Path(self.data_dir, "envlink"), self.log)

    @default("kernel_dirs")
    def _kernel_dirs_default(self) -> KernelDirs:
        return KernelDirs(jupyter_path("kernels"), self.log)

    @default("scripts")
    def _scripts_default(self) -> ScriptVariables:
        return ScriptVariables(Path(self.data_dir, "envlink", "activation"), self.log)

    @default("native")
    def _native_default(self) -> StoredSpec | None:
        return native_spec()

    @validate("display_name", "python3_display_name")
    def _template_valid(self, proposal: Any) -> str:
        name, template = proposal["trait"].name, str(proposal["value"])
        try:
            used = check_template(template, FIELDS if name == "display_name" else own_python.TITLE_FIELDS)
        except ValueError as e:
            raise TraitError(f"KernelMenu.{name}: {e}") from e
        if not used and name == "display_name":
            raise TraitError(f"KernelMenu.{name}: {template!r} has no field, so all would be called the same.")
        return template

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._state: _State | None = None
        self._settled: _State | None = None
        self._unwritten = ""
        self._making = threading.Lock()
        self._memory = Memory(self.bindings)
        self._models: tuple[_State, str, dict[str, dict[str, Any]]] | None = None

    def links(self) -> tuple[Link, ...]:
        """Every link, by name. From memory, after a few stats."""
        return self._now().links

    def offers(self) -> Mapping[str, Offer]:
        """Every kernel that the menu shows, by name, in the order of names."""
        return self._now().listed

    def models(self, base_url: str = "/") -> dict[str, dict[str, Any]]:
        """The finished models that jupyter_server passes on as they are. The values are shared."""
        return dict(self._models_of(self._now(), base_url))

    def settled_models(self, base_url: str = "/") -> dict[str, dict[str, Any]]:
        """``settle`` and ``models`` with one look at the disk."""
        self.settle()
        return dict(self._models_of(self._settled or self._now(), base_url))

    def find(self, name: str) -> Offer | None:
        """The kernel called ``name``, in any case, or known by it as an alias; hidden ones too.

        For whoever is about to start it: its environment is looked at again. One that cannot start, as far as that
        shows, is found as a stand-in that says why. So is one of an environment that is gone, until another bears its
        name: notebooks that were open then may still ask for it.
        """
        offer = self.named(name)
        if offer and (prefix := offer.prefix):
            with suppress(NotFound):  # not any more
                self.catalog.current(prefix_id(prefix))
            offer = self.named(name)
        return self._startable(offer) if offer else self._gone(name.lower())

    def named(self, name: str) -> Offer | None:
        """As ``find``, as it was at the last look at the disk."""
        state, name = self._now(), name.lower()
        return state.offers.get(state.aliases.get(name, name))

    def environment_of(self, name: str) -> Environment | None:
        """What the kernel of this name, or alias, runs in, where that is known."""
        offer = self.named(name)
        return offer.environment if offer else None

    def attach(self, environment_id: str) -> None:
        """Offer the environment's kernels and register them. ``NotFound``, ``DiskError``."""
        self.bindings.set_attached(self.catalog.get(environment_id).prefix, True)
        self.settle()

    def detach(self, environment_id: str) -> None:
        """Offer its kernels no more. ``NotFound``, ``DiskError``."""
        self.bindings.set_attached(self.catalog.get(environment_id).prefix, False)

    def forget(self, prefix: str) -> None:
        """An environment was removed: its name is free again. ``DiskError``."""
        self._memory.forget([prefix, os.path.realpath(prefix)])

    def settle(self) -> tuple[Link, ...]:
        """``links``, once environments that are gone are forgotten and the new ones have their names for good.

        Writes one small file, and only after a change. Where it cannot be written that is logged once, and names
        may change with the next environment.
        """
        state = self._now()
        if state is not self._settled:
            try:
                if self.catalog.snapshot.is_scanned:
                    self._memory.release_gone(self.catalog.snapshot.by_prefix, self.catalog.is_gone)
                self._memory.keep(self.links())
                self._unwritten = ""
            except DiskError as e:
                if e.message != self._unwritten:  # once, not with each change
                    self.log.warning("envlink: %s %s", e.message, e.remedy)
                self._unwritten = e.message
            state = self._settled = self._now()
        return state.links

    def prepare(self) -> tuple[Link, ...]:
        """``settle``, and run the activation scripts that have not been run yet: for a thread, before registering."""
        for link in self.settle():
            if link.is_own:
                self.scripts.compute(link.environment)
        return self.links()

    def kernel_spec(self, link: Link) -> dict[str, Any]:
        """The kernel.json of ``link``, activated. May be changed by the caller."""
        known = self.scripts.get(link.environment)
        return spec(link, activation.variables(link.environment, self.log) if known is None else known)

    def server_variables(self) -> Mapping[str, str]:
        """What activating the environment that this server runs in sets; nothing where it is none that was found."""
        own = own_python.server_environment(self.catalog.snapshot.by_prefix)
        return (self.scripts.get(own) or activation.variables(own, self.log)) if own else {}

    def _models_of(self, state: _State, base_url: str) -> dict[str, dict[str, Any]]:
        known = self._models
        if known is None or known[0] is not state or known[1] != base_url:
            known = (state, base_url, {name: offer.model(base_url) for name, offer in state.listed.items()})
            self._models = known
        return known[2]

    def _startable(self, offer: Offer) -> Offer:
        """``offer``, or where it cannot start now, what stands in for it."""
        link = offer.link or orphan_link(offer)
        if link is None or offer.explanation:
            return offer
        look = partial(obstacle if offer.link else lost, link, offer.spec)
        problem = self.catalog.asked(link.environment.prefix, look, None)
        return self._stand_in(link, problem) if problem else offer

    def _gone(self, name: str) -> Offer | None:
        records = self._memory.unseen(self.catalog.snapshot.by_prefix)
        problems = {prefix: absence(prefix, self.catalog.locators) for prefix in records}
        links = gone_links(records, problems, self._memory.kernels, self._now().offers.keys())
        return next((self._stand_in(link) for link in links if name in (link.name, *link.aliases)), None)

    def _stand_in(self, link: Link, problem: Problem | None = None) -> Offer:
        encryption = self.native.spec.get("metadata", {}).get(ENCRYPTION, ()) if self.native else ()
        surroundings = Surroundings(self.data_dir, tuple(self.catalog.extra_roots), tuple(encryption))
        return stand_in(link, surroundings, problem)

    def _now(self) -> _State:
        key = (self.catalog.snapshot.environments, self.bindings.version, self.scripts.version, *self._templates())
        stored, inner = self.kernel_dirs.all(), self.inner.offers if self.inner else _NO_OFFERS
        with self._making:  # who comes second finds it made
            state = self._state
            if state is None or state.stored is not stored or state.inner is not inner or state.key != key:
                state = self._state = self._made(key, stored, inner)
            return state

    def _templates(self) -> tuple[str, str]:
        return (self.display_name, self.python3_display_name)

    def _made(self, key: tuple[object, ...], stored: Mapping[str, StoredSpec], inner: Mapping[str, Offer]) -> _State:
        seen = self.catalog.snapshot.by_prefix
        foreign = foreign_offers(
            stored, self.native, inner, own_python.server_environment(seen), self.python3_display_name
        )
        titles = [offer.spec.get("display_name", "") for offer in foreign.values()]
        found, said = self.catalog.snapshot.environments, self.bindings.all()
        links = link_all(found, said, foreign.keys(), titles, self.display_name)
        self._memory.see(links)
        linked, taken = self._linked(links), {*titles, *(link.display_name for link in links)}
        unready = unready_links(found, said, self._memory.kernels, {*foreign, *linked}, taken, self.display_name)
        broken = {link.name: self._stand_in(link) for link in unready}
        offers = dict(sorted({**orphans(stored, seen, self.catalog.is_gone), **foreign, **broken, **linked}.items()))
        hidden = {link.name for link in (*links, *unready) if link.hidden}
        listed = {name: offer for name, offer in offers.items() if name not in hidden} if hidden else offers
        aliases = {alias: link.name for link in (*unready, *links) for alias in link.aliases}
        return _State(key, stored, inner, links, MappingProxyType(offers), MappingProxyType(listed), aliases)

    def _linked(self, links: tuple[Link, ...]) -> dict[str, Offer]:
        """An offer for each link; one that would start as it did is not made again."""
        version, before = self.scripts.version, self._state.offers if self._state else _NO_OFFERS
        made: dict[str, Offer] = {}
        for link in links:
            known = before.get(link.name)
            try:
                stale = self.catalog.snapshot.is_stale(link.environment.prefix)  # nothing of it can be read now
                made[link.name] = self._same(known, link, version, stale) or self._linked_offer(link, version)
            except Exception:  # the listing border: one environment never hurts the others
                self.log.exception("envlink: the kernel %s of %s is left out", link.name, link.environment.prefix)
        return made

    def _same(self, known: Offer | None, link: Link, version: tuple[int, int], stale: bool) -> Offer | None:
        if known is None or known.link is None:
            return None
        if stale or known.link == link:
            return known if stale or known.version == version else None
        is_same = known.version == version and known.link.start == link.start
        return replace(known, link=link, environment=link.environment) if is_same else None

    def _linked_offer(self, link: Link, version: tuple[int, int]) -> Offer:
        content = self.kernel_spec(link)
        content["metadata"] |= conda_metadata(link.environment, link.kernel)
        content.setdefault("kernel_protocol_version", "")  # so the model of Jupyter's interface is this very mapping
        directory, environment = link.kernel.resource_dir, link.environment
        return Offer(link.name, content, directory, resource_names(directory), link, None, environment, version)
