"""What Jupyter's kernel menu shows: the environments' kernels beside those that lie in Jupyter's own folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jupyter_core.paths import jupyter_data_dir, jupyter_path
from traitlets import Instance, TraitError, Unicode, default, validate
from traitlets.config import LoggingConfigurable

from . import own_python
from .activation import ScriptVariables
from .bindings import Bindings
from .catalog import Catalog
from .environment import Environment, prefix_id
from .errors import DiskError, NotFound
from .foreign import foreign_offers, orphans
from .inner import InnerKernels
from .kernel_dirs import NATIVE, KernelDirs, StoredSpec, native_spec
from .kernelspecs import link_all
from .link import Link
from .memory import Memory
from .menu_state import MenuState
from .offer import Offer
from .offer_maker import OfferMaker
from .preflight import absence
from .stand_ins import gone_links, unready_links
from .titles import FIELDS, TEMPLATE, check_template, listed_fields

_NO_OFFERS: Mapping[str, Offer] = MappingProxyType({})


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
        self._state: MenuState | None = None
        self._settled: MenuState | None = None
        self._unwritten = ""
        self._making = threading.Lock()
        self._memory = Memory(self.bindings)
        self._models: tuple[MenuState, str, dict[str, dict[str, Any]]] | None = None

    @cached_property
    def _offers(self) -> OfferMaker:
        return OfferMaker(self.catalog, self.scripts, self.native, self.data_dir, self.log)

    def kernel_spec(self, link: Link) -> dict[str, Any]:
        """The kernel.json of ``link``, activated. May be changed by the caller."""
        return self._offers.kernel_spec(link)

    def server_variables(self) -> Mapping[str, str]:
        """What activating the environment that this server runs in sets; nothing where it is none that was found."""
        return self._offers.server_variables()

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

        For whoever is about to start it, on an event loop even: its environment is looked at again, and of what has
        changed only that one is made anew. One that cannot start, as far as that shows, is found as a stand-in that
        says why. So is one of an environment that is gone, until another bears its name: notebooks that were open
        then may still ask for it.
        """
        name = name.lower()
        offer = self._foreign_now(name) or self._own_now(name) or self.named(name)
        return self._offers.startable(offer) if offer else self._gone(name)

    def named(self, name: str) -> Offer | None:
        """As ``find``, as it was at the last look at the disk."""
        return self._now().called(name.lower())

    def environment_of(self, name: str) -> Environment | None:
        """What the kernel of this name, or alias, runs in, where that is known. Quick, so of a moment ago, maybe."""
        offer = self._last().called(name.lower()) or self.named(name)
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

    def _models_of(self, state: MenuState, base_url: str) -> dict[str, dict[str, Any]]:
        known = self._models
        if known is None or known[0] is not state or known[1] != base_url:
            known = (state, base_url, {name: offer.model(base_url) for name, offer in state.listed.items()})
            self._models = known
        return known[2]

    def _gone(self, name: str) -> Offer | None:
        records = self._memory.unseen(self.catalog.snapshot.by_prefix)
        problems = {prefix: absence(prefix, self.catalog.locators) for prefix in records}
        links = gone_links(records, problems, self._memory.kernels, self._now().offers.keys())
        return next((self._offers.stand_in(link) for link in links if name in (link.name, *link.aliases)), None)

    def _foreign_now(self, name: str) -> Offer | None:
        """The kernel of no environment that bears ``name``, which then is no environment's."""
        stored, inner = self.kernel_dirs.all().get(name), self._inner().get(name)
        native = self.native if name == NATIVE else None
        return self._foreign({name: stored} if stored else {}, native, {name: inner} if inner else {}).get(name)

    def _own_now(self, name: str) -> Offer | None:
        """What an environment that bore ``name`` offers by it now, all others being as they were."""
        state = self._last()
        offer = state.called(name)
        if offer is None or offer.prefix is None:
            return None
        try:
            environment = self.catalog.current(prefix_id(offer.prefix))
        except NotFound:  # not any more
            return None
        return offer if self._is_true(state) else self._made_alone(environment, name, state)

    def _last(self) -> MenuState:
        """As it was made last, by whoever lists or tells of a change: the whole is not made anew for one kernel."""
        return self._state or self._now()

    def _now(self) -> MenuState:
        with self._making:  # who comes second finds it made
            state = self._state
            if state is None or not self._is_true(state):
                state = self._state = self._made()
            return state

    def _is_true(self, state: MenuState) -> bool:
        return state.stored is self.kernel_dirs.all() and state.inner is self._inner() and state.key == self._key()

    def _key(self) -> tuple[object, ...]:
        templates = (self.display_name, self.python3_display_name)
        return (self.catalog.snapshot.environments, self.bindings.version, self.scripts.version, *templates)

    def _inner(self) -> Mapping[str, Offer]:
        return self.inner.offers if self.inner else _NO_OFFERS

    def _foreign(
        self, stored: Mapping[str, StoredSpec], native: StoredSpec | None, inner: Mapping[str, Offer]
    ) -> dict[str, Offer]:
        server = own_python.server_environment(self.catalog.snapshot.by_prefix)
        return foreign_offers(stored, native, inner, server, self.python3_display_name)

    def _made(self) -> MenuState:
        key, stored, inner = self._key(), self.kernel_dirs.all(), self._inner()
        seen = self.catalog.snapshot.by_prefix
        foreign = self._foreign(stored, self.native, inner)
        titles = [offer.spec.get("display_name", "") for offer in foreign.values()]
        found, said = self.catalog.snapshot.environments, self.bindings.all()
        links = link_all(found, said, foreign.keys(), titles, self.display_name)
        self._memory.see(links)
        before = self._state.offers if self._state else _NO_OFFERS
        linked, taken = self._offers.linked(links, before), {*titles, *(link.display_name for link in links)}
        unready = unready_links(found, said, self._memory.kernels, {*foreign, *linked}, taken, self.display_name)
        broken = {link.name: self._offers.stand_in(link) for link in unready}
        offers = dict(sorted({**orphans(stored, seen, self.catalog.is_gone), **foreign, **broken, **linked}.items()))
        hidden = {link.name for link in (*links, *unready) if link.hidden}
        listed = {name: offer for name, offer in offers.items() if name not in hidden} if hidden else offers
        aliases = {alias: link.name for link in (*unready, *links) for alias in link.aliases}
        return MenuState(key, stored, inner, links, MappingProxyType(offers), MappingProxyType(listed), aliases)

    def _made_alone(self, environment: Environment, name: str, state: MenuState) -> Offer | None:
        """What ``environment`` offers by ``name``; all other names and titles are taken, as they are in ``state``."""
        prefix, said = environment.prefix, self.bindings.all()
        others = [offer for offer in state.offers.values() if offer.prefix != prefix]
        names, titles = {offer.name for offer in others}, {offer.spec.get("display_name", "") for offer in others}
        had = {(prefix, link.kernel.name): link.kernel for link in state.links if link.environment.prefix == prefix}
        links = link_all([environment], said, names, titles, self.display_name)
        known = {**self._memory.kernels, **had}
        unready = unready_links([environment], said, known, names, titles, self.display_name)
        offers = {
            **{link.name: self._offers.stand_in(link) for link in unready},
            **self._offers.linked(links, state.offers),
        }
        called = (link.name for link in (*links, *unready) if name in (link.name, *link.aliases))
        return offers.get(next(called, ""))
