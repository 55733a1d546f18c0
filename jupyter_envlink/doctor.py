"""Explains each environment, and each folder that is none: what was found, what is wrong, and what to do about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

from . import checks, trial, unlisted
from .catalog import Catalog
from .checks import Check
from .engines.choice import Choice
from .environment import Environment, Problem
from .link import Link
from .menu import KernelMenu
from .registration import Registrar
from .searched import Search, Searched
from .sentence import told

_AT_ONCE = 2
Actions = Callable[[Environment], Sequence[str]]


@dataclass(frozen=True)
class Report:
    """One environment, or a folder that is not listed: then there is no ``id``, and ``problem`` is the reason."""

    id: str | None
    name: str
    prefix: str
    kind: str | None
    state: str | None
    problem: Problem | None
    actions: tuple[str, ...]
    """What would help now: ``install-kernel``, ``overlay``."""
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.id is not None and all(check.ok is not False for check in self.checks)


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor says: of each environment asked for, of where was searched, and of what concerns all."""

    environments: tuple[Report, ...]
    places: tuple[Searched, ...]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(report.ok for report in self.environments) and all(check.ok is not False for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """``Diagnosis`` of ``openapi.yaml``."""
        shown = asdict(self)
        for report, each in zip(self.environments, shown["environments"], strict=True):
            each["ok"] = report.ok
        return {**shown, "ok": self.ok}


class Doctor:
    """Reads names, links and small files, and runs nothing but in ``tried``, and to ask the chosen engine for its
    version. Call it in a thread."""

    def __init__(
        self, catalog: Catalog, menu: KernelMenu, registrar: Registrar, actions: Actions, engine: Choice
    ) -> None:
        self._catalog, self._menu, self._registrar, self._actions = catalog, menu, registrar, actions
        self._engine = engine

    def everything(self) -> Diagnosis:
        """Every environment that was found."""
        return self.of(self._catalog.snapshot.environments)

    def environment(self, environment_id: str) -> Diagnosis:
        """One of them. Raises ``NotFound``."""
        return self.of([self._catalog.get(environment_id)])

    def of(self, environments: Sequence[Environment]) -> Diagnosis:
        """Of ``environments``, which are all in the catalog."""
        search, links = self._catalog.search(), self._links()
        reports = [self._report(each, links.get(each.id, ()), search) for each in environments]
        return self._with_places(tuple(reports), search)

    def path(self, path: str) -> Diagnosis:
        """The environment in ``path``, or why none is listed for it. Raises ``InvalidRequest``."""
        search = self._catalog.search()
        prefix = unlisted.canonical(path, search)
        environment = self._listed(prefix, search)
        if environment is not None:
            return self.of([environment])
        return self._with_places((self._unlisted(prefix, search),), search)

    def tried(self, diagnosis: Diagnosis) -> Diagnosis:
        """The same, once the Python of each environment was started and each of its kernels imported. Blocks."""
        with ThreadPoolExecutor(_AT_ONCE, "envlink-doctor") as pool:
            return replace(diagnosis, environments=tuple(pool.map(self._tried, diagnosis.environments)))

    def _tried(self, report: Report) -> Report:
        environment = self._catalog.snapshot.by_id.get(report.id or "")
        if environment is None:
            return report
        found = [trial.python_starts(environment)]
        if found[0].ok is not False:
            links = self._links().get(environment.id, ())
            found += [trial.kernel_imports(link.name, self._menu.kernel_spec(link)) for link in links]
        return replace(report, checks=(*report.checks, *found))

    def _with_places(self, reports: tuple[Report, ...], search: Search) -> Diagnosis:
        return Diagnosis(reports, search.places(self._catalog.snapshot.by_prefix.keys()), tuple(self._common()))

    def _common(self) -> Iterator[Check]:
        """What concerns all environments."""
        for sentence in self._catalog.condarc_problems():
            yield Check("condarc", False, sentence, told("Correct it: environments that it names may be missing."))
        yield checks.engine(self._engine)
        problem = self._registrar.obstacle()
        if problem is not None:
            yield checks.of_problem("registration", problem)
        else:
            text = told(
                "Registered kernels lie in {folder}; c.Registrar.register is {register!r}.",
                folder=self._registrar.kernels_dir,
                register=self._registrar.register,
            )
            yield Check("registration", True, text)

    def _report(self, environment: Environment, links: Sequence[Link], search: Search) -> Report:
        if not search.answers(environment.prefix):
            silent = checks.of_problem("silent", unlisted.silent(environment.prefix))
            return _report(environment, environment.id, environment.problem, (), [silent])
        found = (
            checks.found_by(environment, search.finds(environment.prefix)),
            *_inside(environment),
            checks.activation(environment, self._menu),
            checks.offered(environment, self._menu),
            *checks.names(links, self._menu),
            *(checks.program(link, self._menu) for link in links),
            *(checks.registered(link, self._registrar) for link in links),
        )
        return _report(environment, environment.id, environment.problem, tuple(self._actions(environment)), found)

    def _unlisted(self, prefix: str, search: Search) -> Report:
        known = search.answers(prefix)
        environment = unlisted.identified(prefix, self._catalog.locators) if known else None
        problem = unlisted.reason(prefix, environment, search)
        if environment is None:
            return Report(None, os.path.basename(prefix), prefix, None, None, problem, (), ())
        return _report(environment, None, problem, (), tuple(_inside(environment)))

    def _listed(self, prefix: str, search: Search) -> Environment | None:
        """The environment in ``prefix``, or that in which the file ``prefix`` lies."""
        known = self._catalog.snapshot.by_prefix
        if prefix in known or not search.answers(prefix) or os.path.isdir(prefix):
            return known.get(prefix)
        parent = os.path.dirname(prefix)
        while parent not in known and os.path.dirname(parent) != parent:
            parent = os.path.dirname(parent)
        return known.get(parent) if os.path.lexists(prefix) else None

    def _links(self) -> Mapping[str, list[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self._menu.links():
            found.setdefault(link.environment.id, []).append(link)
        return found


def _inside(environment: Environment) -> Iterator[Check]:
    yield checks.state(environment)
    yield checks.python(environment)
    yield from checks.kernel_files(environment)


def _report(
    environment: Environment, own: str | None, problem: Problem | None, actions: tuple[str, ...], found: Sequence[Check]
) -> Report:
    state = environment.state.value
    return Report(own, environment.name, environment.prefix, environment.kind, state, problem, actions, tuple(found))
