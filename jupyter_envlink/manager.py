"""Jupyter's kernel spec manager, with every environment among its kernels."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets import Any as AnyTrait
from traitlets import Instance, TraitError, default, validate

from .catalog import Catalog
from .errors import NotAllowed
from .inner import InnerKernels
from .kernel_dirs import KernelDirs
from .leaks import LOCAL, PROVISIONER, without_leaks
from .menu import KernelMenu
from .offer import Offer
from .sentence import told


class EnvlinkKernelSpecManager(KernelSpecManager):
    """Answers from memory. Whatever goes wrong with environments, Jupyter's own kernels stay.

    ``get_kernel_spec`` is synchronous, because a kernel's start calls it so.
    """

    inner_manager_class = AnyTrait(
        None,
        allow_none=True,
        help="""A further kernel spec manager (a class, or its dotted name) whose kernels are listed beside those of
        environments, under the names that it gives them and started by the specs that it gives, such as
        `nb_conda_kernels.CondaKernelSpecManager`. When it fails, what else there is stays listed.""",
    ).tag(config=True)

    catalog = Instance(Catalog)
    menu = Instance(KernelMenu)
    inner = Instance(InnerKernels, allow_none=True)

    @default("catalog")
    def _catalog_default(self) -> Catalog:
        return Catalog(parent=self.parent) if self.parent else Catalog(config=self.config)

    @default("menu")
    def _menu_default(self) -> KernelMenu:
        options: dict[str, Any] = {} if self.ensure_native_kernel else {"native": None}
        return KernelMenu(
            parent=self,
            catalog=self.catalog,
            data_dir=self.data_dir,
            kernel_dirs=KernelDirs(self.kernel_dirs, self.log),
            inner=self.inner,
            **options,
        )

    @default("inner")
    def _inner_default(self) -> InnerKernels | None:
        if self.inner_manager_class is None:
            return None
        options = {name: getattr(self, name) for name in _FOLDERS}
        above = {"parent": self.parent} if self.parent else {"config": self.config}
        return InnerKernels(self.inner_manager_class, {**options, **above}, self.log)

    @validate("inner_manager_class")
    def _inner_manager_class_valid(self, proposal: Any) -> Any:
        value = proposal["value"] or None
        if value is not None and not isinstance(value, str | type):
            raise TraitError("EnvlinkKernelSpecManager.inner_manager_class is neither a class nor the name of one")
        return value

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._scanning = threading.Lock()
        self._stale = False

    def get_all_specs(self) -> Any:
        """Finished models by name; in a running event loop an awaitable of them, as jupyter_server allows.

        The first call waits for the first look at the disk: in an event loop, in a thread.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._models()
        return asyncio.to_thread(self._models)

    def find_kernel_specs(self) -> dict[str, str]:
        """Folder by name, of all allowed kernels."""
        try:
            found = {
                name: offer.directory
                for name, offer in self._listed().offers().items()
                if self._has_provisioner(offer.name, offer.spec)
            }
        except Exception:  # the listing border: Jupyter's own kernels stay
            self.log.exception("envlink: cannot list environments, only Jupyter's own kernels are offered")
            return super().find_kernel_specs()
        return {name: directory for name, directory in found.items() if self._allows(name)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """A new ``KernelSpec``, also for an alias. ``NoSuchKernel`` where there is none."""
        offer = self._find(kernel_name)
        if self.inner and (offer is None or self._is_inner(offer)):
            given = self.inner.get(offer.name if offer else kernel_name)
            if given is not None:
                return given
        if offer is None:
            return self._stock_spec(kernel_name)
        if not self._has_provisioner(offer.name, offer.spec):
            raise NoSuchKernel(kernel_name)
        return self._made(offer)

    async def get_kernel_spec_resource(self, kernel_name: str, path: str) -> bytes | None:
        """A logo, ``kernel.js`` or ``kernel.css`` of the kernel; ``None`` for whatever else is asked for."""
        return await asyncio.to_thread(self._resource, kernel_name, path)

    def remove_kernel_spec(self, name: str) -> str:
        """Remove a spec from Jupyter's folders, never from an environment. ``KeyError``; ``NotAllowed``."""
        stored = self.menu.kernel_dirs.all().get(name.lower())
        offer = self._find(name, again=False)
        if offer is not None and offer.link is not None:
            raise NotAllowed(
                told("{name} is the environment {prefix}", name=name, prefix=offer.link.environment.prefix),
                told("Detach the environment."),
            )
        if stored is None or not self._allows(stored.name):
            raise NoSuchKernel(name)
        if os.path.islink(stored.directory):
            os.remove(stored.directory)
        else:
            shutil.rmtree(stored.directory)
        return stored.directory

    def inner_manager(self) -> dict[str, Any] | None:
        """``InnerManager`` of ``openapi.yaml``; ``None`` without one."""
        if self.inner is None:
            return None
        problem = self.inner.problem
        return {"name": self.inner.name, "problem": asdict(problem) if problem else None}

    def invalidate_discovery_cache(self) -> None:
        """Look at the disk again before the next listing."""
        self._stale = True

    def _models(self) -> dict[str, Any]:
        if self._is_overridden():
            return super().get_all_specs()
        try:
            models = self._listed().settled_models(getattr(self.parent, "base_url", "/"))
        except Exception:  # the listing border: Jupyter's own kernels stay
            self.log.exception("envlink: cannot list environments, only Jupyter's own kernels are offered")
            return self._stock().get_all_specs()
        return {
            name: model
            for name, model in models.items()
            if self._allows(name) and self._has_provisioner(name, model["spec"])
        }

    def _is_overridden(self) -> bool:
        """Whether a subclass says what there is by the two older methods alone, as jupyter_client's contract allows."""
        own, ours = type(self), EnvlinkKernelSpecManager
        return (own.find_kernel_specs, own.get_kernel_spec) != (ours.find_kernel_specs, ours.get_kernel_spec)

    def _listed(self) -> KernelMenu:
        """The menu, once the disk and the inner manager have been asked."""
        if self.inner:
            self.inner.refresh()
        return self._scanned()

    def _scanned(self) -> KernelMenu:
        """The menu, once the disk has been looked at."""
        if self._stale or not self.catalog.snapshot.is_scanned:
            with self._scanning:
                if self._stale:
                    self._stale = False
                    self.catalog.refresh()
                self.catalog.first_look()
        return self.menu

    def _find(self, name: str, again: bool = True) -> Offer | None:
        """``again``: its environment is looked at again, as its kernel is to start."""
        try:
            if self.inner and not self.inner.was_asked:
                self.inner.refresh()
            menu = self._scanned()
            return menu.find(name) if again else menu.named(name)
        except Exception:  # the listing border: Jupyter's own kernels stay
            self.log.exception("envlink: cannot look for the kernel %s among environments", name)
            return None

    def _made(self, offer: Offer) -> KernelSpec:
        spec = offer.copied_spec()
        if offer.link is not None and not offer.explanation and self._is_started_here():
            spec = without_leaks(spec, offer.link.environment.prefix, self.menu.server_variables(), os.environ)
        return self.kernel_spec_class(resource_dir=offer.directory, **{"name": offer.name, **spec})

    def _is_started_here(self) -> bool:
        """Whether kernels are started as jupyter_client does by itself: no provisioner was chosen for all of them."""
        factory = KernelProvisionerFactory.instance(parent=self.parent)
        return factory.default_provisioner_name == LOCAL and PROVISIONER in factory.get_provisioner_entries()

    def _stock(self) -> KernelSpecManager:
        """What Jupyter would use without us."""
        shared = {name: getattr(self, name) for name in _SHARED}
        return KernelSpecManager(parent=self.parent, **shared) if self.parent else KernelSpecManager(**shared)

    def _stock_spec(self, name: str) -> KernelSpec:
        """One that came this very moment, or that Jupyter cannot read either."""
        try:
            return self._stock().get_kernel_spec(name)
        except (OSError, ValueError, TypeError, TraitError) as e:
            self.log.warning("envlink: the kernel spec %s cannot be read: %s", name, e)
            raise NoSuchKernel(name) from e

    def _resource(self, name: str, path: str) -> bytes | None:
        offer = self._find(name, again=False)
        if offer is None or path not in offer.resources:
            return None
        if self.inner and self._is_inner(offer) and (content := self.inner.resource(offer, path)) is not None:
            return content
        try:
            with open(os.path.join(offer.directory, path), "rb") as file:
                return file.read()
        except OSError:
            return None

    def _is_inner(self, offer: Offer) -> bool:
        return self.inner is not None and self.inner.offers.get(offer.name) is offer

    def _has_provisioner(self, name: str, spec: Mapping[str, Any]) -> bool:
        """Whether what starts the kernel is installed; jupyter_client lists no other, and says so in the log."""
        if "kernel_provisioner" not in spec.get("metadata", {}):
            return True
        made = self.kernel_spec_class(**{"name": name, **spec})
        return bool(KernelProvisionerFactory.instance(parent=self.parent).is_provisioner_available(made))

    def _allows(self, name: str) -> bool:
        return not self.allowed_kernelspecs or name in self.allowed_kernelspecs


_FOLDERS = ("data_dir", "user_kernel_dir", "kernel_dirs")
_SHARED = ("kernel_spec_class", "ensure_native_kernel", "allowed_kernelspecs", *_FOLDERS)
