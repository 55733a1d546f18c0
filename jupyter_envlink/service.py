"""The facade: every capability once, for the routes and the command line alike. Synchronous; call it in threads."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Enum, Float, Instance, Int, Unicode, default
from traitlets.config import LoggingConfigurable

from . import __version__
from .beginnings import Beginnings
from .catalog import Catalog, Change
from .customization import customized
from .engines.choice import EMBEDDED, Choice
from .environment import Environment, State
from .errors import Conflict, InvalidRequest
from .job_follower import JobFollower
from .jobs.launchers.local import LocalLauncher
from .jobs.queue import JobQueue
from .jobs.record import Job
from .jobs.retention import Retention
from .jobs.store import JobStore
from .lifecycle import Lifecycle, refuse_used
from .menu import KernelMenu
from .overlay import drop, drop_over
from .planner.client import Planner
from .policy import Policy
from .presentation import Presentation, Running, as_json
from .registration import Registrar
from .remedies import Remedies
from .removal import Removal
from .sentence import told
from .sizes import Sizes
from .source import Source
from .uses import Uses

if TYPE_CHECKING:
    from .cleaning import Cleaning
    from .doctor import Doctor
    from .preview import Preview, Proposal
    from .restart import Recovered

_NOTHING: Running = MappingProxyType({})


class Envlink(LoggingConfigurable):
    """Environments, kernels and jobs of one user on one machine."""

    max_jobs = Int(2, min=1, help="How many jobs may run at once; further ones wait.").tag(config=True)
    keep_generations = Int(
        3,
        min=0,
        help="How many earlier states of an environment are kept when it is changed, to roll back to. They share files "
        "with what follows them: one costs what has changed since.",
    ).tag(config=True)

    compile = Bool(
        True,
        help="Compile the Python modules of environments that are made or changed: what a kernel's start imports at "
        "once, so that the first start is a fast one, the rest afterwards in the background. Otherwise Python does "
        "it at their first use.",
    ).tag(config=True)

    keep_jobs_days = Float(
        30, min=1, help="Days after which the record and the log of a job that has ended are deleted."
    ).tag(config=True)

    keep_jobs_mb = Float(
        100,
        min=1,
        help="Megabytes that the records and logs of jobs may need. Beyond that the oldest of those that have ended "
        "go, failed ones last.",
    ).tag(config=True)

    undo_seconds = Float(
        3600,
        min=0,
        help="Seconds for which a removed environment can be brought back. It needs its room on the disk for so long; "
        "0 keeps none.",
    ).tag(config=True)

    engine = Unicode(
        EMBEDDED,
        help="What solves and installs conda packages: 'rattler', which is built in; 'conda', 'mamba' or 'micromamba', "
        "each by its own command line; or one that another distribution brings (entry points of the group "
        "jupyter_envlink.engines).",
    ).tag(config=True)
    engine_program = Unicode(
        None,
        allow_none=True,
        help="The absolute path of the chosen engine's program. By default it is looked for as a shell would: "
        "CONDA_EXE, MAMBA_EXE, PATH, and then in the usual places of base installations.",
    ).tag(config=True)

    pip = Enum(
        ["uv", "pip"],
        "uv",
        help="Who installs the pip part of a file: uv, or the environment's own pip, which is slower. Where uv cannot "
        "(a Python or an option that it does not know), the environment's own pip does it in any case.",
    ).tag(config=True)

    catalog = Instance(Catalog)
    menu = Instance(KernelMenu)
    registrar = Instance(Registrar)
    policy = Instance(Policy)
    planner = Instance(Planner)
    sizes = Instance(Sizes)

    @default("catalog")
    def _catalog(self) -> Catalog:
        return Catalog(parent=self)

    @default("menu")
    def _menu(self) -> KernelMenu:
        return KernelMenu(parent=self, catalog=self.catalog)

    @default("registrar")
    def _registrar(self) -> Registrar:
        return Registrar(parent=self, scripts=self.menu.scripts, is_gone=self.catalog.is_gone)

    @default("planner")
    def _planner(self) -> Planner:
        return Planner(parent=self)

    @default("sizes")
    def _sizes(self) -> Sizes:
        return Sizes(parent=self, catalog=self.catalog, data_dir=self.menu.data_dir)

    @default("policy")
    def _policy(self) -> Policy:
        return Policy(parent=self)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        folder = Path(jupyter_data_dir(), "envlink", "jobs")
        self.queue = JobQueue(JobStore(folder), LocalLauncher(), self.max_jobs, os.environ)
        self._listeners: list[Callable[[Change], object]] = []
        retention = Retention(self.keep_jobs_days, self.keep_jobs_mb)
        self.jobs = JobFollower(self.queue, self.catalog, self.menu, retention, self._tell)

    @cached_property
    def preview(self) -> Preview:
        """Checks, names and plans. Imported when it is first needed: it brings the reader and the engine's words."""
        from .preview import Preview

        return Preview(self.catalog, self.policy, self.engine_choice)

    @property
    def engine_choice(self) -> Choice:
        """As it is configured; it may not be on this machine."""
        return Choice(self.engine, self.engine_program)

    @cached_property
    def doctor(self) -> Doctor:
        """Explains environments, and folders that are none."""
        from .doctor import Doctor

        return Doctor(self.catalog, self.menu, self.registrar, self.remedies.actions, self.engine_choice)

    @cached_property
    def remedies(self) -> Remedies:
        """What helps an environment that has no kernel."""
        return Remedies(self.policy)

    @cached_property
    def presentation(self) -> Presentation:
        """How environments are shown."""
        return Presentation(self.menu, self.registrar, self.policy, self.remedies, self.uses, self.sizes)

    @cached_property
    def life(self) -> Lifecycle:
        """What makes, changes and removes environments."""
        return Lifecycle(self)

    @cached_property
    def uses(self) -> Uses:
        """Which notebooks have used which environment."""
        return Uses(Path(jupyter_data_dir(), "envlink"), self.log)

    @cached_property
    def removal(self) -> Removal:
        """Removing environments, and bringing them back."""
        return Removal(self.queue, self.jobs, self.catalog, self.undo_seconds)

    @cached_property
    def beginnings(self) -> Beginnings:
        """Where files come from that lie nowhere yet."""
        return Beginnings(self.policy)

    @cached_property
    def cleaning(self) -> Cleaning:
        """What we have left on the disk, and its removal."""
        from .cleaning import Cleaning

        return Cleaning(self.catalog, self.menu, self.registrar, self.removal, self.policy, self.uses)

    # environments

    def environments(self, running: Running, refresh: bool = False) -> dict[str, Any]:
        """``{"environments", "age", "stale"}``: each as ``Environment`` of ``openapi.yaml``, seconds since the scan,
        and the folders of which an earlier moment is shown.
        """
        if refresh:
            self.catalog.refresh()
        return self.presentation.all(self.catalog.snapshot, running)

    def environment(self, environment_id: str, running: Running) -> dict[str, Any]:
        """``EnvironmentDetail`` of ``openapi.yaml``: one environment with all that it holds. Raises ``NotFound``."""
        from .detail import detail

        environment = self.catalog.get(environment_id)
        return {**self.shown(environment, running), **detail(environment, self.menu, self.registrar)}

    def why(self, environment_id: str, package: str) -> dict[str, Any]:
        """``Why`` of ``openapi.yaml``: why a package is there. Raises ``NotFound``."""
        from .detail import read_holdings
        from .why import why

        return why(read_holdings(self.catalog.get(environment_id).prefix), package).as_dict()

    def disk(
        self, environment_id: str, refresh: bool = False, pause: Callable[[], object] = lambda: None
    ) -> dict[str, Any]:
        """``DiskUsage`` of ``openapi.yaml``: where its disk goes, for seconds, maybe. Raises ``NotFound``, ``OSError``,
        and what ``pause``, which is called again and again meanwhile, raises."""
        environment = self.catalog.get(environment_id)
        before = self.sizes.size(environment)
        usage = self.sizes.usage(environment, pause, refresh)
        if self.sizes.size(environment) != before:
            self._tell(environment)
        return usage.as_dict()

    def shown(self, environment: Environment, running: Running) -> dict[str, Any]:
        """``Environment`` of ``openapi.yaml``."""
        return self.presentation.one(environment, running)

    def terminal(self, environment_id: str, shell: Sequence[str]) -> tuple[list[str], str]:
        """What starts ``shell`` with the environment activated: see ``terminal``. Raises ``NotFound``, ``Conflict``,
        ``DiskError``."""
        from .terminal import command

        return command(self.catalog.get(environment_id), self.menu.scripts, shell)

    def environment_of(self, kernel: str) -> str | None:
        """The id of the environment that the kernel of this name, or alias, runs in; ``None`` for others' kernels."""
        environment = self.menu.environment_of(kernel)
        return environment.id if environment else None

    def diagnose(self, environment_id: str | None = None, path: str | None = None) -> dict[str, Any]:
        """``Diagnosis`` of ``openapi.yaml``: of one environment, of the folder ``path``, or of every environment.

        Raises ``NotFound``, and ``InvalidRequest`` for both at once and for what is no absolute path.
        """
        if environment_id is not None and path is not None:
            raise InvalidRequest(told("Both environment and path are given."), told("Give one of them."))
        if path is not None:
            self.catalog.refresh()
            return self.doctor.path(path).as_dict()
        found = self.doctor.everything() if environment_id is None else self.doctor.environment(environment_id)
        return found.as_dict()

    def check(self, sources: Sequence[Source]) -> dict[str, Any]:
        """``{"files": [CheckedFile]}``: each file as it was read, with its diagnostics. Nothing is changed."""
        from .preview import check

        return check(sources, self.policy.limits)

    def files(self, folder: str, root: str | None, is_listed: Callable[[str], bool]) -> dict[str, Any]:
        """``Nearby`` of ``openapi.yaml``: the environment files in ``folder`` and above it, each with its environment.
        See ``nearby.near``. Raises ``OSError`` where the records of jobs cannot be read."""
        from .belonging import Belonging
        from .nearby import near

        belonging = Belonging(self.catalog.snapshot.environments, self.jobs.all())
        return near(folder, root, belonging, self.preview, is_listed)

    def propose(self, source: Source, wanted: Mapping[str, Any]) -> Proposal:
        """What ``PlanRequest`` of ``openapi.yaml`` asks about. Raises ``NotFound``, ``Conflict``, ``NotAllowed``."""
        if "environment" not in wanted:
            return self.preview.proposal(source, wanted.get("name"))
        return self.preview.update(source, self.catalog.get(wanted["environment"]), wanted.get("prune", False))

    def recover(self) -> Recovered:
        """Bring to its end what killed processes have left, in every root. Raises nothing of the disk."""
        from .restart import recover_all

        done = recover_all(self.jobs, self.log)
        if done.changes or done.problems:
            self.catalog.refresh()
        self.removal.expire()
        return done

    def export(self, environment_id: str, wanted: str) -> dict[str, Any]:
        """``Export`` of ``openapi.yaml``: the environment as text of the format ``wanted``. Raises ``NotFound``,
        ``InvalidRequest``, ``Conflict`` and ``ChannelError``: see ``exporting``."""
        from .exporting import export

        return export(self.catalog.get(environment_id), wanted)

    # kernels

    def attach(self, environment_id: str, overlay: bool = False) -> Job | Environment:
        """Offer the environment's kernels; where it has none, start installing one, or making an ``overlay`` beside it.

        Raises ``NotFound``, ``NotAllowed``, and ``Conflict`` for an environment that cannot have a kernel.
        """
        environment = self.catalog.get(environment_id)
        if environment.state is State.NO_KERNEL:
            life = self.life
            return life.make_overlay(environment) if overlay else life.install_kernel(environment)
        if environment.state is not State.READY:
            problem = environment.problem
            message = (
                problem.message
                if problem
                else told("{name} is {state}.", name=environment.name, state=environment.state.word)
            )
            raise Conflict(message, problem.remedy if problem else told("Wait until it is ready."), code="not-ready")
        self.menu.attach(environment_id)
        self._tell(environment)
        return environment

    def detach(self, environment_id: str, running: Running = _NOTHING) -> Environment:
        """Offer the environment's kernels no more; it stays on the disk, but an overlay goes.

        Raises ``NotFound``, and ``Conflict`` (``in-use``) while kernels run from the overlay.
        """
        environment = self.catalog.get(environment_id)
        if environment.overlay:
            refuse_used(environment, running)
            drop(environment.prefix)
            self.catalog.refresh()
            environment = self.catalog.get(environment_id)
        self.menu.detach(environment_id)
        self._tell(environment)
        return environment

    def customize(self, environment_id: str, wanted: Any) -> Environment:
        """Set the environment's display name, variables, and whether it is hidden: ``KernelChange`` of
        ``openapi.yaml``. Raises ``NotFound`` and ``InvalidRequest``."""
        environment = self.catalog.get(environment_id)
        self.menu.bindings.change(environment.prefix, lambda known: customized(known, wanted))
        self._tell(environment)
        return environment

    def register(self) -> bool:
        """Bring the kernel specs on the disk in line with what is attached; whether one was written or removed."""
        drop_over({each.prefix for each in self.life.removed()})
        # While packages are installed into one it is no kernel; its spec stays for when that is done.
        return self.registrar.reconcile(self.menu.settle(), self.catalog.snapshot.settled)

    def on_change(self, callback: Callable[[Change], object]) -> None:
        """Call ``callback``, in whichever thread it happens, when environments or what is offered of them differ."""
        self._listeners.append(callback)
        self.catalog.on_change(callback)

    def announce(self) -> None:
        """What is offered may be another, though no environment is."""
        for callback in self._listeners:
            callback(Change())

    def info(self) -> dict[str, Any]:
        """``Info`` of ``openapi.yaml``, less what only a server knows."""
        from .engines.chosen import described

        return {
            "version": __version__,
            "python": ".".join(map(str, sys.version_info[:3])),
            "engine": self.engine,
            "engines": [asdict(each) for each in described(self.engine_choice)],
            "envs_dir": self.catalog.envs_dir,
            "envs_dirs": list(self.catalog.envs_dirs),
            "registration": self.registrar.register,
            "registration_problem": as_json(self.registrar.obstacle()),
            "read_only": self.policy.read_only,
            "keep_generations": self.keep_generations,
            "platform": self.preview.platform(),
            "undo_seconds": self.undo_seconds,
        }

    def _tell(self, environment: Environment) -> None:
        for callback in self._listeners:
            callback(Change(changed=(environment.id,)))
