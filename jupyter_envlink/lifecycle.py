"""The life of an environment: made, changed, moved, taken away, brought back. Each is a job; what stands against it is
said before it is one."""

from __future__ import annotations

import os
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import relocatable
from .environment import Environment, prefix_id
from .errors import Conflict
from .generations import kept
from .jobs.record import Job, Status
from .overlay import overlays_dir
from .presentation import Running
from .redaction import holds_secret
from .remedies import wheel_options
from .request import Operation
from .sentence import told
from .source import Source
from .updating import asks_for_others, refuse_change

if TYPE_CHECKING:
    from .preview import Proposal
    from .removed import Removed
    from .service import Envlink

_NOTHING: Running = MappingProxyType({})


class Lifecycle:
    """Starts the operations of one service. Every method returns as soon as its job is written down."""

    def __init__(self, service: Envlink) -> None:
        self._service = service

    def create(self, source: Source, name: str | None) -> Job:
        """Start making an environment of a file. Raises ``InvalidFile``, ``InvalidName``, ``Conflict``, ``NotAllowed``,
        ``DiskError``."""
        from .preview import no_root

        proposal = self._service.preview.proposal(source, name)
        proposal.refuse_problems()
        if proposal.prefix is None or proposal.root is None:
            raise no_root()
        options = self._of_file(proposal)
        if proposal.plan.archive is not None:
            options["archive"] = proposal.plan.archive.place
        return self._service.queue.submit(Operation.CREATE, proposal.name, proposal.prefix, proposal.root, options)

    def update(self, source: Source, environment_id: str, prune: bool) -> Job:
        """Start bringing an environment in line with a file. Raises ``NotFound``, ``InvalidFile``, ``Conflict``,
        ``NotAllowed``."""
        environment = self._service.catalog.get(environment_id)
        proposal = self._service.preview.update(source, environment, prune)
        proposal.refuse_problems()
        return self._service.jobs.submit(Operation.UPDATE, environment, self._of_file(proposal) | self._keeping())

    def generations(self, environment_id: str) -> dict[str, Any]:
        """``{"generations": [Generation]}`` of ``openapi.yaml``, the newest first. Raises ``NotFound``."""
        from .history import shown_generations

        return {"generations": shown_generations(self._service.catalog.get(environment_id).prefix)}

    def roll_back(self, environment_id: str, generation: int) -> Job:
        """Start putting an environment back to what it was. Raises ``NotFound``, ``NotAllowed``, ``Conflict``."""
        environment = self._service.catalog.get(environment_id)
        refuse_change(environment, self._service.policy)
        kept(os.path.dirname(environment.prefix), environment.prefix, generation)
        return self._service.jobs.submit(Operation.ROLL_BACK, environment, {"generation": generation} | self._keeping())

    def clone(self, environment_id: str, name: str) -> Job:
        """Start making a clone of an environment, called ``name``; the environment itself is only read.

        Raises ``NotFound``, ``InvalidName``, ``NotAllowed``, ``DiskError``, and ``Conflict`` where something is there
        already, or where it cannot be cloned: see ``relocatable``.
        """
        environment = self._service.catalog.get(environment_id)
        relocatable.refuse_clone(environment)
        root, prefix = self._service.preview.place(name)
        return self._service.queue.submit(Operation.CLONE, name, prefix, root, relocatable.options(environment))

    def rename(self, environment_id: str, name: str, running: Running, force: bool = False) -> Job:
        """Start renaming an environment, which moves it. Raises as ``clone``, and ``Conflict`` (``in-use``)."""
        environment = self._service.catalog.get(environment_id)
        relocatable.refuse_rename(environment, self._service.policy)
        root, prefix = self._service.preview.place(name, os.path.dirname(environment.prefix))
        if not force:
            refuse_used(environment, running, told("Shut them down first, or rename it all the same."))
        tidy = root not in self._service.catalog.envs_dirs
        options = {**relocatable.options(environment), "data_dir": self._service.menu.data_dir, "tidy": tidy}
        return self._service.queue.submit(Operation.RENAME, name, prefix, root, options)

    def _of_file(self, proposal: Proposal) -> dict[str, Any]:
        source = proposal.source
        options: dict[str, Any] = {"text": proposal.text, "path": source.path, "folder": source.folder}
        options |= self._rules() | {"compile": self._service.compile}
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
            "limits": self._service.policy.limits.as_dict(),
            "link_scripts": self._service.policy.link_scripts,
            "pip": self._service.pip,
        }

    def _keeping(self) -> dict[str, Any]:
        return {"keep_generations": self._service.keep_generations, "compile": self._service.compile}

    def retry(self, job_id: str, running: Running = _NOTHING) -> Job:
        """Start the same again, as far as it is allowed by now. Raises ``NotFound``, ``NotAllowed``, ``Conflict``."""
        job = self._service.queue.store.load(job_id)
        request = job.request
        if job.status is Status.SUCCEEDED and holds_secret(request.options.get("text") or ""):
            message = told("Job {job_id} has succeeded, and the secret that its file held is not kept.", job_id=job_id)
            raise Conflict(message, told("Create from the file itself again."), code="secret")
        if request.operation is Operation.REMOVE:
            return self.remove(prefix_id(request.prefix), running)
        if request.operation is Operation.RESTORE:
            return self.restore(request.options["removed"])
        if request.operation is Operation.CLONE:
            return self.clone(prefix_id(request.options["source"]), request.name)
        if request.operation is Operation.RENAME:
            return self.rename(prefix_id(request.options["source"]), request.name, running)
        if request.operation is Operation.CREATE:
            self._service.policy.refuse_create(request.prefix)
        elif request.operation not in (Operation.PACK, Operation.CLEAN):
            self._service.policy.refuse_making()
        return self._service.queue.retry(job_id, self._rules())

    def remove(self, environment_id: str, running: Running, force: bool = False) -> Job:
        """Remove an environment; the ended job. Raises ``NotFound``, ``NotAllowed``, ``DiskError`` and ``Conflict``
        (``in-use``, ``busy``)."""
        environment = self._service.catalog.current(environment_id)
        self._service.policy.refuse_remove(environment)
        if not force:
            refuse_used(environment, running, told("Shut them down first, or remove it all the same."))
        return self._service.removal.remove(environment, self._service.menu.bindings.get(environment.prefix))

    def removed(self) -> list[Removed]:
        """The removed environments that can come back, the one removed last first."""
        return self._service.removal.all()

    def restore(self, job_id: str) -> Job:
        """Bring back what the job has removed; the ended job. Raises ``NotFound``, ``NotAllowed``, ``Conflict``
        (``exists``, ``busy``) and ``DiskError``."""
        what = self._service.removal.get(job_id)
        self._service.policy.refuse_create(what.prefix)
        return self._service.removal.restore(what)

    def delete_removed(self, job_id: str) -> None:
        """Delete for good what the job has removed. Raises ``NotFound`` and ``NotAllowed``."""
        self._service.policy.refuse_making()
        self._service.removal.delete(self._service.removal.get(job_id))

    def pack(self, environment_id: str, folder: str, filename: str | None = None) -> Job:
        """Start writing the environment into an archive in ``folder``; by default it is named after environment and
        platform. Raises ``NotFound``, ``InvalidRequest`` and ``Conflict``: see ``packing``."""
        from .exportable import PACK, chosen
        from .packing import archive_name, refuse_pack

        environment = self._service.catalog.get(environment_id)
        chosen(environment, PACK)
        target = os.path.join(folder, filename or archive_name(environment, self._service.preview.platform()))
        refuse_pack(environment.prefix, target)
        return self._service.jobs.submit(Operation.PACK, environment, {"target": target})

    def install_kernel(self, environment: Environment) -> Job:
        """Start installing one into an environment that has none. Raises ``NotAllowed`` and ``Conflict``."""
        self._service.remedies.refuse_install(environment)
        options = self._rules()
        if environment.kind == "conda":
            options |= {**self._service.preview.kernel_options(environment), "engine": self._engine()}
        else:
            options |= wheel_options(environment)
        return self._service.jobs.submit(Operation.INSTALL_KERNEL, environment, options | self._keeping())

    def _engine(self) -> dict[str, Any]:
        """For a job's options. Raises ``EngineMissing``."""
        from .engines.chosen import about

        about(self._service.engine_choice)
        return self._service.engine_choice.as_dict()

    def make_overlay(self, environment: Environment) -> Job:
        """Start making one beside it. Raises ``NotAllowed`` and ``Conflict``."""
        self._service.remedies.refuse_overlay(environment)
        root, options = str(overlays_dir()), wheel_options(environment)
        return self._service.queue.submit(Operation.OVERLAY, environment.name, environment.prefix, root, options)


def refuse_used(environment: Environment, running: Running, remedy: str = "") -> None:
    """Raises ``Conflict`` (``in-use``) while kernels run in it; ``remedy`` says what else can be done, too."""
    kernels = running.get(environment.id, ())
    if kernels:
        message = told("{kernels} running kernel(s) use {name}.", kernels=len(kernels), name=environment.name)
        raise Conflict(
            message, remedy or told("Shut them down first."), code="in-use", details={"kernels": list(kernels)}
        )
