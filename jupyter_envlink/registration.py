"""Kernel specs on the disk, for every Jupyter client that never asks the server: written, owned and removed by us."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Enum, Instance, Unicode, default
from traitlets.config import LoggingConfigurable

from . import activation
from .activation import ScriptVariables
from .bindings import is_gone
from .environment import Problem
from .errors import DiskError, EnvlinkError, NotAllowed, NotFound
from .kernel_dirs import OWNER, ownership
from .kernelspecs import Link, spec
from .staging import read, staged

_AT_ONCE = 2
_LOCK_WITHIN = 600.0


@dataclass(frozen=True)
class _Task:
    """A link to be written: its kernel.json with the ownership record, and what that was made of."""

    link: Link
    content: Mapping[str, Any]
    signature: str


class Registrar(LoggingConfigurable):
    """Keeps JUPYTER_DATA_DIR/kernels in line with the links. Blocks: call it in a thread."""

    register = Enum(
        ("all", "attached", "none"),
        default_value="all",
        help="""Which environments get a kernel spec on the disk, where `jupyter nbconvert`, papermill and other
        programs find it: `all` those that you may write to and those that you attached, only the `attached` ones,
        or `none`. The kernel menu of this server shows all of them in any case.""",
    ).tag(config=True)

    data_dir = Unicode(help="Jupyter's data folder, in whose folder `kernels` the specs are written.")
    scripts = Instance(ScriptVariables)

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
        self._placing = threading.Lock()
        self._ended = threading.Event()

    @property
    def kernels_dir(self) -> Path:
        return Path(self.data_dir, "kernels")

    def reconcile(self, links: Iterable[Link], known_prefixes: Collection[str]) -> bool:
        """Register what is wanted and has changed, remove what is owned and over; whether the disk was changed.

        ``known_prefixes`` are those of all environments that were found, whatever their state. An owned spec goes when
        its environment is among them and not wanted any more, or is certainly gone from the disk. What fails is
        logged, kept in ``problems``, and not tried again before it changes; the others go on.
        """
        wanted = {link.name: link for link in links if self._wants(link)}
        try:
            with self._workspace() as staging:
                removed = [self._discard(name, staging) for name in self._over(wanted, known_prefixes)]
                changed = self._register_all(wanted.values(), staging)
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
        record = ownership(read(self.kernels_dir / link.name))
        return record is not None and record.get("prefix") == link.environment.prefix

    def unregister(self, name: str) -> None:
        """Remove a spec that we registered. ``NotFound``; ``NotAllowed`` for a foreign one; ``DiskError``."""
        folder = self.kernels_dir / name
        if not (folder / "kernel.json").is_file():
            raise NotFound(f"there is no kernel spec {folder}", "See `jupyter kernelspec list`.")
        if ownership(read(folder)) is None:
            raise NotAllowed(
                f"the kernel spec {folder} was not made by envlink", f"Use `jupyter kernelspec remove {name}`."
            )
        try:
            with self._workspace() as staging:
                os.rename(folder, staging / name)
        except OSError as e:
            raise DiskError(f"cannot remove {folder}: {e.strerror or e}", "Make its folder writable.") from e

    def _wants(self, link: Link) -> bool:
        return {"all": link.is_own, "attached": link.attached is True, "none": False}[self.register]

    def _over(self, wanted: Mapping[str, Link], known: Collection[str]) -> list[str]:
        """Names of owned specs that nothing stands behind any more."""
        owned = {name: str(record.get("prefix")) for name, record in self._owned().items() if name not in wanted}
        return [name for name, prefix in owned.items() if prefix in known or is_gone(prefix)]

    def _owned(self) -> dict[str, Mapping[str, Any]]:
        names = sorted(os.listdir(self.kernels_dir)) if self.kernels_dir.is_dir() else []
        records = {name: ownership(read(self.kernels_dir / name)) for name in names}
        return {name: record for name, record in records.items() if record is not None}

    def _register_all(self, links: Iterable[Link], staging: Path) -> bool:
        owned = self._owned()
        going_on = takewhile(lambda _: not self._ended.is_set(), links)
        tasks = [task for task in map(self._task, going_on) if self._is_due(task, owned)]
        with ThreadPoolExecutor(_AT_ONCE, "envlink-register") as pool:
            return any(list(pool.map(lambda task: self._register(task, staging), tasks)))

    def _task(self, link: Link) -> _Task:
        environment = link.environment
        if link.is_own:
            self.scripts.compute(environment)
        known = self.scripts.get(environment)
        content = spec(link, activation.variables(environment, self.log) if known is None else known)
        made_of = json.dumps([content, environment.signature], sort_keys=True)
        signature = hashlib.sha256(made_of.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        content["metadata"]["envlink"] |= {"owner": OWNER, "signature": signature, "kernel": link.kernel.name}
        return _Task(link, content, signature)

    def _is_due(self, task: _Task, owned: Mapping[str, Mapping[str, Any]]) -> bool:
        done = owned.get(task.link.name, {}).get("signature")
        return task.signature not in (done, self._failed.get(task.link.name))

    def _register(self, task: _Task, staging: Path) -> bool:
        name, environment = task.link.name, task.link.environment
        if self._ended.is_set():
            return False
        try:
            self._place(staged(task.link, task.content, staging / f"new-{name}"), name, staging)
        except (EnvlinkError, OSError) as e:
            self._note(task, e)
            return False
        self._failed.pop(name, None)
        self.problems.pop(environment.id, None)
        self.log.info("envlink: registered %s as the kernel %s", environment.prefix, name)
        return True

    def _place(self, made: Path, name: str, staging: Path) -> None:
        """Move a finished spec to where Jupyter looks, in place of an older one of ours only."""
        final = self.kernels_dir / name
        with self._placing:
            if os.path.lexists(final):
                if final.is_symlink() or ownership(read(final)) is None:
                    raise NotAllowed(f"{final} was not made by envlink", "Rename or remove it to have this one there.")
                os.rename(final, staging / f"old-{name}")
            os.rename(made, final)

    def _discard(self, name: str, staging: Path) -> bool:
        try:
            os.rename(self.kernels_dir / name, staging / f"over-{name}")
        except OSError as e:
            self.log.warning("envlink: cannot remove the kernel spec %s: %s", self.kernels_dir / name, e)
            return False
        self.log.info("envlink: removed the kernel spec %s, its environment is gone or detached", name)
        return True

    def _note(self, task: _Task, error: EnvlinkError | OSError) -> None:
        environment = task.link.environment
        said = error.message if isinstance(error, EnvlinkError) else str(error)
        message = f"{environment.name} ({environment.prefix}) could not be registered: {said}"
        remedy = error.remedy if isinstance(error, EnvlinkError) else f"Make {self.kernels_dir} writable."
        self.problems[environment.id] = Problem("registration-failed", message, remedy)
        self._failed[task.link.name] = task.signature
        self.log.warning("envlink: %s %s", message, remedy)

    def _give_up(self, error: OSError) -> None:
        message = f"kernels are not registered on the disk: {error}"
        remedy = f"Make {self.data_dir} writable, so that nbconvert and papermill find them too."
        if self.unavailable is None:
            self.log.warning("envlink: %s. %s", message, remedy)
        self.unavailable = Problem("no-registration", message, remedy)

    @contextmanager
    def _workspace(self) -> Iterator[Path]:
        """An empty folder beside the specs, on their file system, for one server at a time. ``OSError``."""
        from filelock import FileLock

        own = Path(self.data_dir, "envlink")
        own.mkdir(parents=True, exist_ok=True)
        self.kernels_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(own / "registration.lock", timeout=_LOCK_WITHIN):
            staging = own / "registration"
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)
