"""What is remembered of environments from one look at the disk to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from .binding import Binding
from .bindings import Bindings
from .environment import Kernel
from .link import Link
from .stand_ins import languages


class Memory:
    """Keeps ``bindings`` in line with what is linked; what was dropped there it still knows while the process runs."""

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self._dropped: dict[str, Binding] = {}
        self._linked: Collection[Link] = ()
        self.kernels: dict[tuple[str, str], Kernel] = {}
        """Those that are linked no more, but were while the process runs, by prefix and name, as they were last."""

    def see(self, links: Collection[Link]) -> None:
        """These are all now; remember the kernels of those that were."""
        now = {(link.environment.prefix, link.kernel.name) for link in links}
        before = {(link.environment.prefix, link.kernel.name): link.kernel for link in self._linked}
        self.kernels |= {key: kernel for key, kernel in before.items() if key not in now}
        self._linked = links

    def keep(self, links: Iterable[Link]) -> None:
        """The names of new environments, and which kernels each has: known should they break. ``DiskError``."""
        known = self._bindings.all()
        linked = {link.environment.prefix: link for link in links}
        new = {prefix: link.base_name for prefix, link in linked.items() if not known.get(prefix, Binding()).name}
        if new:
            self._bindings.bind(new)
        kernels = {prefix: languages(link.environment) for prefix, link in linked.items()}
        changed = {prefix: had for prefix, had in kernels.items() if known.get(prefix, Binding()).kernels != had}
        if changed:
            self._bindings.remember(changed)

    def release_gone(self, listed: Collection[str], is_gone: Callable[[str], bool]) -> None:
        """Free the names of environments that are not listed and certainly gone. ``DiskError``."""
        known = self._bindings.all().items()
        gone = [p for p, b in known if p not in listed and (b.name or not b.is_set) and is_gone(p)]
        if gone:
            self._drop(gone)
            self._bindings.release(gone)

    def forget(self, prefixes: Collection[str]) -> None:
        """These were removed: their names are free again, and nothing that was set for them stays. ``DiskError``."""
        self._drop(prefixes)
        self._bindings.forget(prefixes)

    def unseen(self, listed: Collection[str]) -> Mapping[str, Binding]:
        """What is known of environments that are not listed, also of those whose names are free again."""
        named = {prefix: record for prefix, record in self._bindings.all().items() if record.name}
        return {prefix: record for prefix, record in {**self._dropped, **named}.items() if prefix not in listed}

    def _drop(self, prefixes: Collection[str]) -> None:
        records = self._bindings.all()
        self._dropped |= {prefix: records[prefix] for prefix in prefixes if prefix in records}
