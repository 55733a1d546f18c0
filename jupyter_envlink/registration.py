"""Kernel specs on the disk, for every Jupyter client that never asks the server: which are due, and which are over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from pathlib import Path
from threading import Event
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Callable as CallableTrait
from traitlets import Enum as OneOf
from traitlets import Instance, Unicode, default
from traitlets.config import LoggingConfigurable

from . import activation
from .activation import ScriptVariables
from .bindings import is_gone
from .environment import Problem
from .errors import DiskError, EnvlinkError, NotAllowed, NotFound
from .kernel_dirs import claim
from .kernelspecs import spec
from .link import Link
from .owned import OwnedSpecs
from .sentence import told
from .staging import staged

NO_REGISTRATION = "no-registration"
"""The code of the problem that nothing can be registered at all."""
_AT_ONCE = 2


class Standing(str, Enum):
    """How a link stands on the disk."""

    REGISTERED = "registered"
    OUTDATED = "outdated"
    ABSENT = "absent"
    FOREIGN = "foreign"
    """Something that is not ours bears its name."""
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class _Task:
    """A link to be written: its kernel.json with the ownership record, and what that was made of."""

    link: Link
    content: Mapping[str, Any]
    signature: str


class Registrar(LoggingConfigurable):
    """Keeps JUPYTER_DATA_DIR/kernels in line with the links. Blocks: call it in a thread."""

    register = OneOf(
        ("all", "attached", "none"),
        default_value="all",
        help="""Which environments get a kernel spec on the disk, where `jupyter nbconvert`, papermill and other
        programs find it: `all` those that you may write to and those that you attached, only the `attached` ones,
        or `none`. The kernel menu of this server shows all of them in any case.""",
    ).tag(config=True)

    data_dir = Unicode(help="Jupyter's data folder, in whose folder `kernels` the specs are written.")
    scripts = Instance(ScriptVariables)
    is_gone = CallableTrait(is_gone, help="Whether an environment is certainly no more, by its prefix.")

    @default("data_dir")
    def _data_dir_default(self) -> str:
        return jupyter_data_dir()

    @default("scripts")
    def _scripts_default(self) -> ScriptVariables:
        return ScriptVariables(Path(self.data_dir, "envlink", "activation"), self.log)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.problems: dict[str, Problem] = {}
        """Why an environment could not be registered, by its id."""
        self.unavailable: Problem | None = None
        """Why nothing can be registered at all."""
        self._failed: dict[str, str] = {}
        self._ended = Event()
        self.specs = OwnedSpecs(self.data_dir)

    @property
    def kernels_dir(self) -> Path:
        return self.specs.kernels_dir

    def reconcile(self, links: Iterable[Link], known_prefixes: Collection[str]) -> bool:
        """Register what is wanted and has changed, remove what is owned and over; whether the disk was changed.

        ``known_prefixes`` are those of all environments that were found, whatever their state. An owned spec goes when
        its environment is among them and not wanted any more, or is certainly gone from the disk. What fails is
        logged, kept in ``problems``, and not tried again before it changes; the others go on.
        """
        wanted = [link for link in links if self.wants(link)]
        try:
            with self.specs.workspace() as workspace:
                removed = [self._discard(name, workspace) for name in self.over(wanted, known_prefixes)]
                changed = self._register_all(wanted, workspace)
            self.unavailable = None
            return changed or any(removed)
        except OSError as e:
            self._give_up(e)
            return False

    def end(self) -> None:
        """Finish what is being registered, and begin no other: the process ends. What is left, the next one does."""
        self._ended.set()

    def registered(self, link: Link) -> bool:
        """Whether the disk has a spec of ours by this name for this environment. Reads one small file."""
        record = self.specs.record(link.name)
        return record is not None and record["prefix"] == link.environment.prefix

    def standing(self, link: Link) -> Standing:
        """How ``link`` stands on the disk. Reads two small files, runs nothing."""
        record = self.specs.record(link.name)
        if not self.wants(link):
            return Standing.UNWANTED
        if record is None:
            return Standing.FOREIGN if self.specs.is_foreign(link.name) else Standing.ABSENT
        return Standing.REGISTERED if record["signature"] == self._task(link).signature else Standing.OUTDATED

    def wants(self, link: Link) -> bool:
        """Whether ``register`` wants a spec on the disk for ``link``."""
        return {"all": link.is_own, "attached": link.attached is True, "none": False}[self.register]

    def over(self, links: Iterable[Link], known_prefixes: Collection[str]) -> list[str]:
        """Names of specs of ours that nothing stands behind any more; ``reconcile`` says what that means."""
        wanted = {link.name for link in links if self.wants(link)}
        owned = {name: record["prefix"] for name, record in self.specs.all().items() if name not in wanted}
        return [name for name, prefix in owned.items() if prefix in known_prefixes or self.is_gone(prefix)]

    def obstacle(self) -> Problem | None:
        """Why nothing can be registered at all: what the last try met, or else what the rights of the folder say."""
        if self.unavailable is None and self.register != "none" and not self.specs.is_usable():
            return self._no_registration(told("{data_dir} may not be written to.", data_dir=self.data_dir))
        return self.unavailable

    def unregister(self, names: Iterable[str]) -> None:
        """Remove specs that we registered; none, if one is foreign. ``NotFound``, ``NotAllowed``, ``DiskError``."""
        names = list(dict.fromkeys(names))
        for name in names:
            self._refuse_foreign(name)
        try:
            with self.specs.workspace() as workspace:
                for name in names:
                    self.specs.discard(name, workspace)
        except OSError as e:
            where = e.filename or self.kernels_dir
            raise DiskError(
                told("{where} cannot be changed: {reason}.", where=where, reason=e.strerror or e),
                told("Make its folder writable."),
            ) from e

    def _refuse_foreign(self, name: str) -> None:
        if self.specs.record(name) is not None:
            return
        if (self.kernels_dir / name / "kernel.json").exists():
            message = told("The kernel spec {name} was not made by envlink.", name=self.kernels_dir / name)
            raise NotAllowed(message, told("Use `jupyter kernelspec remove {name}`.", name=name))
        raise NotFound(
            told("There is no kernel spec {name}.", name=self.kernels_dir / name),
            told("See `jupyter kernelspec list`."),
        )

    def _register_all(self, links: Iterable[Link], workspace: Path) -> bool:
        owned = self.specs.all()
        going_on = takewhile(lambda _: not self._ended.is_set(), links)
        tasks = [task for task in map(self._activated_task, going_on) if self._is_due(task, owned)]
        with ThreadPoolExecutor(_AT_ONCE, "envlink-register") as pool:
            return any(list(pool.map(lambda task: self._register(task, workspace), tasks)))

    def _activated_task(self, link: Link) -> _Task:
        if link.is_own:
            self.scripts.compute(link.environment)
        return self._task(link)

    def _task(self, link: Link) -> _Task:
        environment = link.environment
        known = self.scripts.get(environment)
        content = spec(link, activation.variables(environment, self.log) if known is None else known)
        made_of = json.dumps([content, environment.signature], sort_keys=True)
        signature = hashlib.sha256(made_of.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        content["metadata"]["envlink"] |= claim(link.name, signature, link.kernel.name)
        return _Task(link, content, signature)

    def _is_due(self, task: _Task, owned: Mapping[str, Mapping[str, Any]]) -> bool:
        done = owned.get(task.link.name, {}).get("signature")
        return task.signature not in (done, self._failed.get(task.link.name))

    def _register(self, task: _Task, workspace: Path) -> bool:
        name, environment = task.link.name, task.link.environment
        if self._ended.is_set():
            return False
        try:
            self.specs.place(staged(task.link, task.content, workspace / f"new-{name}"), name, workspace)
        except (EnvlinkError, OSError) as e:
            self._note(task, e)
            return False
        self._failed.pop(name, None)
        self.problems.pop(environment.id, None)
        self.log.info("envlink: registered %s as the kernel %s", environment.prefix, name)
        return True

    def _discard(self, name: str, workspace: Path) -> bool:
        try:
            self.specs.discard(name, workspace)
        except (EnvlinkError, OSError) as e:
            self.log.warning("envlink: cannot remove the kernel spec %s: %s", self.kernels_dir / name, e)
            return False
        self.log.info("envlink: removed the kernel spec %s, its environment is gone or detached", name)
        return True

    def _note(self, task: _Task, error: EnvlinkError | OSError) -> None:
        environment = task.link.environment
        said = error.message if isinstance(error, EnvlinkError) else str(error)
        message = told(
            "{name} ({prefix}) could not be registered: {said}",
            name=environment.name,
            prefix=environment.prefix,
            said=said,
        )
        remedy = (
            error.remedy
            if isinstance(error, EnvlinkError)
            else told("Make {kernels_dir} writable.", kernels_dir=self.kernels_dir)
        )
        self.problems[environment.id] = Problem("registration-failed", message, remedy)
        self._failed[task.link.name] = task.signature
        self.log.warning("envlink: %s %s", message, remedy)

    def _give_up(self, error: OSError) -> None:
        problem = self._no_registration(
            told("{filename}: {reason}.", filename=error.filename or self.data_dir, reason=error.strerror or error)
        )
        if self.unavailable is None:
            self.log.warning("envlink: %s %s", problem.message, problem.remedy)
        self.unavailable = problem

    def _no_registration(self, reason: str) -> Problem:
        message = told("Kernels are not registered on the disk: {reason}", reason=reason)
        remedy = told(
            "Make {data_dir} writable, so that nbconvert and papermill find them too.", data_dir=self.data_dir
        )
        return Problem(NO_REGISTRATION, message, remedy)
