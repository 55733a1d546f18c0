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

from . import __version__, relocatable
from .catalog import Catalog, Change
from .customization import customized
from .engines.choice import EMBEDDED, Choice
from .environment import Environment, State, prefix_id
from .errors import Conflict, InvalidRequest
from .generations import kept
from .job_follower import JobFollower
from .jobs.launchers.local import LocalLauncher
from .jobs.queue import JobQueue
from .jobs.record import Job, Status
from .jobs.retention import Retention
from .jobs.store import JobStore
from .menu import KernelMenu
from .overlay import drop, drop_over, overlays_dir
from .planner.client import Planner
from .policy import Policy
from .presentation import Presentation, Running, as_json
from .redaction import holds_secret
from .registration import Registrar
from .remedies import Remedies, wheel_options
from .removal import Removal
from .request import Operation
from .source import Source
from .updating import asks_for_others, refuse_change

if TYPE_CHECKING:
    from .cleaning import Cleaning
    from .doctor import Doctor
    from .preview import Preview, Proposal
    from .removed import Removed
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
        return Presentation(self.menu, self.registrar, self.policy, self.remedies)

    @cached_property
    def removal(self) -> Removal:
        """Removing environments, and bringing them back."""
        return Removal(self.queue, self.jobs, self.catalog, self.undo_seconds)

    @cached_property
    def cleaning(self) -> Cleaning:
        """What we have left on the disk, and its removal."""
        from .cleaning import Cleaning

        return Cleaning(self.catalog, self.menu, self.registrar, self.removal)

    # environments

    def environments(self, running: Running, refresh: bool = False) -> dict[str, Any]:
        """``{"environments", "age", "stale"}``: each as ``Environment`` of ``openapi.yaml``, seconds since the scan,
        and the folders of which an earlier moment is shown.
        """
        if refresh:
            self.catalog.refresh()
        return self.presentation.all(self.catalog.snapshot, running)

    def environment(self, environment_id: str, running: Running) -> dict[str, Any]:
        """One environment with its packages. Raises ``NotFound``."""
        environment = self.catalog.get(environment_id)
        return {**self.shown(environment, running), "packages": self.preview.installed(environment.prefix)}

    def shown(self, environment: Environment, running: Running) -> dict[str, Any]:
        """``Environment`` of ``openapi.yaml``."""
        return self.presentation.one(environment, running)

    def environment_of(self, kernel: str) -> str | None:
        """The id of the environment that the kernel of this name, or alias, runs in; ``None`` for others' kernels."""
        environment = self.menu.environment_of(kernel)
        return environment.id if environment else None

    def diagnose(self, environment_id: str | None = None, path: str | None = None) -> dict[str, Any]:
        """``Diagnosis`` of ``openapi.yaml``: of one environment, of the folder ``path``, or of every environment.

        Raises ``NotFound``, and ``InvalidRequest`` for both at once and for what is no absolute path.
        """
        if environment_id is not None and path is not None:
            raise InvalidRequest("Both environment and path are given.", "Give one of them.")
        if path is not None:
            self.catalog.refresh()
            return self.doctor.path(path).as_dict()
        found = self.doctor.everything() if environment_id is None else self.doctor.environment(environment_id)
        return found.as_dict()

    def check(self, sources: Sequence[Source]) -> dict[str, Any]:
        """``{"files": [CheckedFile]}``: each file as it was read, with its diagnostics. Nothing is changed."""
        from .preview import check

        return check(sources, self.policy.limits)

    def propose(self, source: Source, wanted: Mapping[str, Any]) -> Proposal:
        """What ``PlanRequest`` of ``openapi.yaml`` asks about. Raises ``NotFound``, ``Conflict``, ``NotAllowed``."""
        if "environment" not in wanted:
            return self.preview.proposal(source, wanted.get("name"))
        return self.preview.update(source, self.catalog.get(wanted["environment"]), wanted.get("prune", False))

    def create(self, source: Source, name: str | None) -> Job:
        """Start making an environment of a file. Raises ``InvalidFile``, ``InvalidName``, ``Conflict``, ``NotAllowed``,
        ``DiskError``."""
        from .preview import no_root

        proposal = self.preview.proposal(source, name)
        proposal.refuse_problems()
        if proposal.prefix is None or proposal.root is None:
            raise no_root()
        options = self._of_file(proposal)
        if proposal.plan.archive is not None:
            options["archive"] = proposal.plan.archive.place
        return self.queue.submit(Operation.CREATE, proposal.name, proposal.prefix, proposal.root, options)

    def update(self, source: Source, environment_id: str, prune: bool) -> Job:
        """Start bringing an environment in line with a file. Raises ``NotFound``, ``InvalidFile``, ``Conflict``,
        ``NotAllowed``."""
        environment = self.catalog.get(environment_id)
        proposal = self.preview.update(source, environment, prune)
        proposal.refuse_problems()
        return self.jobs.submit(Operation.UPDATE, environment, self._of_file(proposal) | self._keeping())

    def generations(self, environment_id: str) -> dict[str, Any]:
        """``{"generations": [Generation]}`` of ``openapi.yaml``, the newest first. Raises ``NotFound``."""
        from .history import shown_generations

        return {"generations": shown_generations(self.catalog.get(environment_id).prefix)}

    def roll_back(self, environment_id: str, generation: int) -> Job:
        """Start putting an environment back to what it was. Raises ``NotFound``, ``NotAllowed``, ``Conflict``."""
        environment = self.catalog.get(environment_id)
        refuse_change(environment, self.policy)
        kept(os.path.dirname(environment.prefix), environment.prefix, generation)
        return self.jobs.submit(Operation.ROLL_BACK, environment, {"generation": generation} | self._keeping())

    def clone(self, environment_id: str, name: str) -> Job:
        """Start making a clone of an environment, called ``name``; the environment itself is only read.

        Raises ``NotFound``, ``InvalidName``, ``NotAllowed``, ``DiskError``, and ``Conflict`` where something is there
        already, or where it cannot be cloned: see ``relocatable``.
        """
        environment = self.catalog.get(environment_id)
        relocatable.refuse_clone(environment)
        root, prefix = self.preview.place(name)
        return self.queue.submit(Operation.CLONE, name, prefix, root, relocatable.options(environment))

    def rename(self, environment_id: str, name: str, running: Running, force: bool = False) -> Job:
        """Start renaming an environment, which moves it. Raises as ``clone``, and ``Conflict`` (``in-use``)."""
        environment = self.catalog.get(environment_id)
        relocatable.refuse_rename(environment, self.policy)
        root, prefix = self.preview.place(name, os.path.dirname(environment.prefix))
        if not force:
            self._refuse_used(environment, running, " or rename it all the same")
        tidy = root not in self.catalog.envs_dirs
        options = {**relocatable.options(environment), "data_dir": self.menu.data_dir, "tidy": tidy}
        return self.queue.submit(Operation.RENAME, name, prefix, root, options)

    def _of_file(self, proposal: Proposal) -> dict[str, Any]:
        source = proposal.source
        options: dict[str, Any] = {"text": proposal.text, "path": source.path, "folder": source.folder}
        options |= self._rules() | {"compile": self.compile}
        plan = proposal.plan
        options |= {"venv": True} if plan.venv is not None else {}
        if plan.locked is None and plan.venv is None and plan.archive is None:  # what is solved for
            options["engine"] = self._engine()
        if plan.target is None:
            return options
        ahead = plan.venv is None and asks_for_others(plan.target, plan.specs, plan.file.pip)
        return options | {"target": asdict(plan.target), "ahead": ahead}

    def _rules(self) -> dict[str, Any]:
        """What every job that installs has to heed."""
        return {
            "limits": self.policy.limits.as_dict(),
            "link_scripts": self.policy.link_scripts,
            "pip": self.pip,
        }

    def _keeping(self) -> dict[str, Any]:
        return {"keep_generations": self.keep_generations, "compile": self.compile}

    def retry(self, job_id: str, running: Running = _NOTHING) -> Job:
        """Start the same again, as far as it is allowed by now. Raises ``NotFound``, ``NotAllowed``, ``Conflict``."""
        job = self.queue.store.load(job_id)
        request = job.request
        if job.status is Status.SUCCEEDED and holds_secret(request.options.get("text") or ""):
            message = f"Job {job_id} has succeeded, and the secret that its file held is not kept."
            raise Conflict(message, "Create from the file itself again.", code="secret")
        if request.operation is Operation.REMOVE:
            return self.remove(prefix_id(request.prefix), running)
        if request.operation is Operation.RESTORE:
            return self.restore(request.options["removed"])
        if request.operation is Operation.CLONE:
            return self.clone(prefix_id(request.options["source"]), request.name)
        if request.operation is Operation.RENAME:
            return self.rename(prefix_id(request.options["source"]), request.name, running)
        if request.operation is Operation.CREATE:
            self.policy.refuse_create(request.prefix)
        elif request.operation is not Operation.PACK:
            self.policy.refuse_making()
        return self.queue.retry(job_id, self._rules())

    def recover(self) -> Recovered:
        """Bring to its end what killed processes have left, in every root. Raises nothing of the disk."""
        from .restart import recover_all

        done = recover_all(self.jobs, self.log)
        if done.changes or done.problems:
            self.catalog.refresh()
        self.removal.expire()
        return done

    def remove(self, environment_id: str, running: Running, force: bool = False) -> Job:
        """Remove an environment; the ended job. Raises ``NotFound``, ``NotAllowed``, ``DiskError`` and ``Conflict``
        (``in-use``, ``busy``)."""
        environment = self.catalog.current(environment_id)
        self.policy.refuse_remove(environment)
        if not force:
            self._refuse_used(environment, running, " or remove it all the same")
        return self.removal.remove(environment, self.menu.bindings.get(environment.prefix))

    def removed(self) -> list[Removed]:
        """The removed environments that can come back, the one removed last first."""
        return self.removal.all()

    def restore(self, job_id: str) -> Job:
        """Bring back what the job has removed; the ended job. Raises ``NotFound``, ``NotAllowed``, ``Conflict``
        (``exists``, ``busy``) and ``DiskError``."""
        what = self.removal.get(job_id)
        self.policy.refuse_create(what.prefix)
        return self.removal.restore(what)

    def delete_removed(self, job_id: str) -> None:
        """Delete for good what the job has removed. Raises ``NotFound`` and ``NotAllowed``."""
        self.policy.refuse_making()
        self.removal.delete(self.removal.get(job_id))

    def export(self, environment_id: str, wanted: str) -> dict[str, Any]:
        """``Export`` of ``openapi.yaml``: the environment as text of the format ``wanted``. Raises ``NotFound``,
        ``InvalidRequest``, ``Conflict`` and ``ChannelError``: see ``exporting``."""
        from .exporting import export

        return export(self.catalog.get(environment_id), wanted)

    def pack(self, environment_id: str, folder: str, filename: str | None = None) -> Job:
        """Start writing the environment into an archive in ``folder``; by default it is named after environment and
        platform. Raises ``NotFound``, ``InvalidRequest`` and ``Conflict``: see ``packing``."""
        from .exportable import PACK, chosen
        from .packing import archive_name, refuse_pack

        environment = self.catalog.get(environment_id)
        chosen(environment, PACK)
        target = os.path.join(folder, filename or archive_name(environment, self.preview.platform()))
        refuse_pack(environment.prefix, target)
        return self.jobs.submit(Operation.PACK, environment, {"target": target})

    # kernels

    def attach(self, environment_id: str, overlay: bool = False) -> Job | Environment:
        """Offer the environment's kernels; where it has none, start installing one, or making an ``overlay`` beside it.

        Raises ``NotFound``, ``NotAllowed``, and ``Conflict`` for an environment that cannot have a kernel.
        """
        environment = self.catalog.get(environment_id)
        if environment.state is State.NO_KERNEL:
            return self._make_overlay(environment) if overlay else self._install_kernel(environment)
        if environment.state is not State.READY:
            problem = environment.problem
            message = problem.message if problem else f"{environment.name} is {environment.state.value}."
            raise Conflict(message, problem.remedy if problem else "Wait until it is ready.", code="not-ready")
        self.menu.attach(environment_id)
        self._tell(environment)
        return environment

    def detach(self, environment_id: str, running: Running = _NOTHING) -> Environment:
        """Offer the environment's kernels no more; it stays on the disk, but an overlay goes.

        Raises ``NotFound``, and ``Conflict`` (``in-use``) while kernels run from the overlay.
        """
        environment = self.catalog.get(environment_id)
        if environment.overlay:
            self._refuse_used(environment, running)
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
        drop_over({each.prefix for each in self.removed()})
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

    def _install_kernel(self, environment: Environment) -> Job:
        self.remedies.refuse_install(environment)
        options = self._rules()
        if environment.kind == "conda":
            options |= {**self.preview.kernel_options(environment), "engine": self._engine()}
        else:
            options |= wheel_options(environment)
        return self.jobs.submit(Operation.INSTALL_KERNEL, environment, options | self._keeping())

    def _engine(self) -> dict[str, Any]:
        """For a job's options. Raises ``EngineMissing``."""
        from .engines.chosen import about

        about(self.engine_choice)
        return self.engine_choice.as_dict()

    def _make_overlay(self, environment: Environment) -> Job:
        self.remedies.refuse_overlay(environment)
        root, options = str(overlays_dir()), wheel_options(environment)
        return self.queue.submit(Operation.OVERLAY, environment.name, environment.prefix, root, options)

    def _refuse_used(self, environment: Environment, running: Running, otherwise: str = "") -> None:
        kernels = running.get(environment.id, ())
        if kernels:
            message = f"{len(kernels)} running kernel(s) use {environment.name}."
            remedy = f"Shut them down first{',' if otherwise else ''}{otherwise}."
            raise Conflict(message, remedy, code="in-use", details={"kernels": list(kernels)})

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
