"""How environments are shown: ``Environment`` of ``openapi.yaml``, joined from what each part knows of one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .binding import Binding
from .environment import Environment, Problem
from .exportable import formats
from .link import Link
from .menu import KernelMenu
from .policy import Policy, is_server
from .registration import Registrar
from .remedies import Remedies
from .sentence import told
from .sizes import Sizes
from .snapshot import NEVER, Snapshot
from .uses import Use, Uses

#: ``{"id", "name", "path"}`` of each kernel that runs in an environment, by environment id.
Running = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class _Known:
    """What is asked for once, however many environments are shown."""

    links: Mapping[str, Sequence[Link]]
    """By prefix."""
    said: Mapping[str, Binding]
    obstacle: Problem | None
    used: Mapping[str, Use]
    """Why nothing can be registered at all."""


@dataclass(frozen=True)
class Presentation:
    """Reads memory, and a small file for each registered kernel."""

    menu: KernelMenu
    registrar: Registrar
    policy: Policy
    remedies: Remedies
    uses: Uses
    sizes: Sizes

    def all(self, snapshot: Snapshot, running: Running) -> dict[str, Any]:
        """``{"environments", "age", "stale"}``: every one, seconds since the scan, and the folders of which an
        earlier moment is shown."""
        known = self._known()
        found = [self._shown(environment, known, running) for environment in snapshot.environments]
        return {"environments": found, "age": round(snapshot.age, 3), "stale": _stale(snapshot)}

    def one(self, environment: Environment, running: Running) -> dict[str, Any]:
        return self._shown(environment, self._known(), running)

    def _known(self) -> _Known:
        links: dict[str, list[Link]] = {}
        for link in self.menu.links():
            links.setdefault(link.environment.prefix, []).append(link)
        return _Known(links, self.menu.bindings.all(), self.registrar.obstacle(), self.uses.all())

    def _shown(self, environment: Environment, known: _Known, running: Running) -> dict[str, Any]:
        links = known.links.get(environment.prefix, [])
        own = known.said.get(environment.prefix, Binding())
        number = environment.id
        return {
            "id": number,
            "name": environment.name,
            "prefix": environment.prefix,
            "kind": environment.kind,
            "state": environment.state.value,
            "problem": as_json(environment.problem),
            "language": environment.language,
            "python_version": environment.python_version,
            "is_base": environment.is_base,
            "is_server": is_server(environment.prefix),
            "writable": environment.writable,
            "frozen": environment.frozen,
            "attached": bool(links),
            "hidden": own.hidden,
            "title": own.title,
            "variables": dict(own.variables),
            "registered": any(self.registrar.registered(link) for link in links),
            "registration_problem": as_json(self._registration_problem(number, links, known.obstacle)),
            "kernels": [
                {"name": link.name, "display_name": link.display_name, "language": link.kernel.language}
                for link in links
            ],
            "running": list(running.get(number, ())),
            "last_used": used.used if (used := known.used.get(environment.prefix)) else None,
            "overlay": environment.overlay,
            "actions": self.remedies.actions(environment),
            "exports": list(formats(environment)),
            "not_removable": self.policy.not_removable(environment),
            "not_changeable": self._not_changeable(environment),
            "size": self.sizes.size(environment),
        }

    def _not_changeable(self, environment: Environment) -> str | None:
        """A sentence that says why it may not be updated, renamed or rolled back; ``None`` when it may."""
        if environment.frozen:
            return told("it is marked as not to be changed (CEP 22).")
        return self.policy.not_removable(environment)

    def _registration_problem(
        self, environment_id: str, links: Sequence[Link], obstacle: Problem | None
    ) -> Problem | None:
        problem = self.registrar.problems.get(environment_id)
        return obstacle if problem is None and any(map(self.registrar.wants, links)) else problem


def as_json(problem: Problem | None) -> dict[str, str] | None:
    """``Problem`` of ``openapi.yaml``, or null."""
    return asdict(problem) if problem else None


def _stale(snapshot: Snapshot) -> list[dict[str, Any]]:
    now = time.monotonic()
    ages = {folder: None if seen == NEVER else round(now - seen, 3) for folder, seen in snapshot.stale.items()}
    return [{"folder": folder, "age": age} for folder, age in sorted(ages.items())]
