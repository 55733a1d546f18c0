"""Another kernel spec manager, whose kernels are listed beside those of environments.

It is somebody else's code: it may be missing, raise, be slow or hang. It is asked in a thread, its last good answer
is served, and what went wrong is logged once and kept in ``problem``.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets.utils.importstring import import_item

from .environment import Problem
from .kernel_dirs import checked_spec, ownership, resource_names
from .offer import Offer
from .sentence import told

PATIENCE = 1.0
"""Seconds that a listing waits for it."""
_NOTHING: Mapping[str, Offer] = MappingProxyType({})


class InnerKernels:
    """The kernels of one manager of the class ``kind`` (or its dotted name), made with ``options``.

    Safe to use from several threads. ``on_late`` is called, in its thread, after an answer that nobody waited for.
    """

    def __init__(self, kind: type | str, options: Mapping[str, Any], log: logging.Logger) -> None:
        self.name = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
        self.problem: Problem | None = None
        self.on_late: Callable[[], object] = lambda: None
        self._kind, self._options, self._log = kind, options, log
        self._manager: KernelSpecManager | None = None
        self._offers = _NOTHING
        self._lock = threading.Lock()
        self._asking: threading.Thread | None = None
        self._began = 0.0
        self._late = False

    @property
    def offers(self) -> Mapping[str, Offer]:
        """Its last good answer. The very same object is returned until that changes."""
        return self._offers

    @property
    def was_asked(self) -> bool:
        return self._asking is not None

    def refresh(self) -> None:
        """Ask it for its kernels, and wait ``PATIENCE`` seconds at most. Raises nothing."""
        with self._lock:
            asking = self._asking
            if asking is None or not asking.is_alive():
                asking = self._asking = threading.Thread(target=self._ask, name="envlink inner manager", daemon=True)
                self._began, self._late = time.monotonic(), False
                asking.start()
        asking.join(max(0.0, self._began + PATIENCE - time.monotonic()))
        with self._lock:
            if asking.is_alive():
                self._late = True
                self._note(
                    told("The kernel spec manager {manager} has not answered yet.", manager=self.name),
                    told("Its kernels are listed once it has."),
                    "inner-manager-slow",
                )

    def get(self, name: str) -> KernelSpec | None:
        """The spec by which it starts ``name``. ``None`` where it has none, or fails: then what it listed serves."""
        if self._manager is None:
            return None
        try:
            spec = finished(self._manager.get_kernel_spec(name))
            return spec if isinstance(spec, KernelSpec) else None
        except KeyError:  # NoSuchKernel is one
            return None
        except Exception as error:  # somebody else's code
            self._fail(told("cannot give the kernel {name}", name=name), error)
            return None

    def resource(self, offer: Offer, path: str) -> bytes | None:
        """A file of the kernel's looks, if the manager serves them itself."""
        serve = getattr(self._manager, "get_kernel_spec_resource", None)
        if serve is None:
            return None
        try:
            content = finished(serve(offer.name, path))
        except Exception as error:  # somebody else's code
            self._fail(told("cannot give {path} of the kernel {name}", path=path, name=offer.name), error)
            return None
        return content if isinstance(content, bytes) else None

    def _ask(self) -> None:
        try:
            if self._manager is None:
                self._manager = self._made()
            models = finished(self._manager.get_all_specs())
            offers = self._read(models)
        except Exception as error:  # somebody else's code
            self._fail(told("cannot list its kernels"), error)
        else:
            if offers != self._offers:
                self._offers = MappingProxyType(offers)
            self.problem = None
        with self._lock:
            late = self._late
        if late:
            self.on_late()

    def _made(self) -> KernelSpecManager:
        kind = import_item(self._kind) if isinstance(self._kind, str) else self._kind
        if not (isinstance(kind, type) and issubclass(kind, KernelSpecManager)):
            raise TypeError(f"{self.name} is no KernelSpecManager")
        if hasattr(kind, "inner_manager_class"):
            raise TypeError(f"{self.name} is envlink's own")
        return kind(**self._options)

    def _read(self, models: Mapping[str, Any]) -> dict[str, Offer]:
        """Its models with distrust: one that cannot be understood is left out."""
        found = {}
        for name, model in models.items():
            try:
                found[str(name)] = _offer(str(name), model)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                self._log.debug("envlink: the kernel %s of %s is left out: %s", name, self.name, error)
        return {name: offer for name, offer in found.items() if ownership(offer.spec, name) is None}

    def _fail(self, what: str, error: Exception) -> None:
        remedy = told("Repair it, or take it out of EnvlinkKernelSpecManager.inner_manager_class.")
        message = told(
            "The kernel spec manager {manager} {what}: {error}.",
            manager=self.name,
            what=what,
            error=str(error) or type(error).__name__,
        )
        self._note(message, remedy, "inner-manager-failed", error)

    def _note(self, message: str, remedy: str, code: str, error: Exception | None = None) -> None:
        problem = Problem(code, message, remedy)
        if problem != self.problem:
            self._log.warning("envlink: %s %s", problem.message, problem.remedy, exc_info=error)
        self.problem = problem


def finished(value: Any) -> Any:
    """``value``, or what it comes to: managers may answer by coroutines, whatever thread they are asked in."""
    if not inspect.isawaitable(value):
        return value
    with ThreadPoolExecutor(1) as pool:  # this thread may have a loop of its own
        return pool.submit(asyncio.run, _awaited(value)).result()


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


def _offer(name: str, model: Mapping[str, Any]) -> Offer:
    """``{"resource_dir", "spec"}`` of jupyter_client, or the finished model that jupyter_server passes on."""
    directory = str(model.get("resource_dir", ""))
    urls = [str(url) for url in model.get("resources", {}).values()]
    served = [os.path.basename(url.partition("?")[0]) for url in urls]
    resources = dict.fromkeys([*(resource_names(directory) if directory else ()), *served])
    return Offer(name, checked_spec(dict(model["spec"])), directory, tuple(resources))
