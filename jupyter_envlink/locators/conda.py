"""Conda environments: every prefix with a ``conda-meta`` folder, whichever of conda's family made it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jupyter_envlink.environment import Environment, Problem, State, made

from . import problems
from .base import Found
from .candidates import candidates, distinct
from .evidence import Evidence, Stamp, is_settled, listing, signature, stamp, stamp_of
from .faults import UNKNOWN, failed, is_rewritten
from .kernelfiles import KERNELS, KernelFiles, read_kernel_files
from .labels import label
from .pythons import foreign_pythons, linked_version, minor, python_paths
from .roots import Roots

_PYTHON = re.compile(r"\npython-([^-\n]+)-[^-\n]+\.json\n")
META, _HISTORY, _STATE, _FROZEN = (os.sep + name for name in ("conda-meta", "history", "state", "frozen"))
_ACTIVATE_D = os.sep.join(("", "etc", "conda", "activate.d"))


class CondaLocator:
    """See :class:`~jupyter_envlink.locators.base.Locator`."""

    kind = "conda"

    def discover(self, roots: Roots) -> Iterator[str]:
        return distinct(candidates(roots))

    def look(self, prefix: str) -> Found | None:
        return look_at_conda(prefix, self.kind, label)

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def look_at_conda(prefix: str, kind: str, name: Callable[[str], str]) -> Found | None:
    """What is in ``prefix``, where it has a ``conda-meta``. Raises ``OSError`` when the disk itself fails."""
    now, meta = time.time_ns(), prefix + META
    try:
        seen: dict[str, Stamp] = {meta: stamp_of(os.stat(meta))}
    except FileNotFoundError:  # so it is with every second environment
        return None
    except OSError as error:
        return failed(prefix, error, UNKNOWN)
    try:
        return _Reading(prefix, kind, name(prefix), meta, seen).found(now)
    except OSError as error:
        return failed(prefix, error, kind)


@dataclass(frozen=True)
class _Records:
    """What the names in ``conda-meta`` say: a package record is ``NAME-VERSION-BUILD.json``."""

    some: bool
    python: str | None
    unfinished: bool
    """conda renames a record to ``….c~`` before it unlinks the package, and deletes it when all is done."""


def _records(meta: str) -> _Records:
    """One search in one text: a large environment has five hundred names."""
    text = "\n".join(["", *os.listdir(meta), ""])
    python = _PYTHON.search(text)
    return _Records(".json\n" in text, python[1] if python else None, ".c~\n" in text)


class _Reading:
    """One look at one prefix. Each file is stamped before it is read, so no change can fall between.

    A finished transaction (``conda-meta/history`` says so), a Python that is a link to ``pythonX.Y``, as conda makes
    it, and a kernel are all that a ready environment needs. Only where one of them is missing are the names in
    ``conda-meta`` read, which in large environments costs more than all the rest.
    """

    __slots__ = ("kind", "meta", "name", "prefix", "seen")

    def __init__(self, prefix: str, kind: str, name: str, meta: str, seen: dict[str, Stamp]) -> None:
        self.prefix, self.kind, self.name, self.meta, self.seen = prefix, kind, name, meta, seen

    def found(self, now: int) -> Found:
        finished = self._is_finished(self.meta + _HISTORY)
        if os.access(self.meta + _STATE, os.F_OK):  # written by ``conda env config vars``; it comes and goes with
            self._see(self.meta + _STATE)  # a change of conda-meta, which is seen
        self._see_scripts(self.prefix + _ACTIVATE_D)
        python = self._python()
        stamps = list(self.seen.values())
        files = read_kernel_files(self.prefix + KERNELS, self.seen)
        # The kernels folder is evidence, but no part of the signature: what we register there must not change it.
        sign = signature(stamps + files.own)
        environment = self._environment(finished, python, files, sign)
        if not is_settled(self.seen.values(), now):
            return Found(environment, Evidence())
        return Found(environment, Evidence(self.seen, python))

    def _see(self, path: str) -> Stamp:
        self.seen[path] = found = stamp(path)
        return found

    def _is_finished(self, history: str) -> bool:
        """Once it is, the history itself does not matter: who adds to it changes the records, too."""
        try:
            if os.stat(history).st_size:
                return True
        except FileNotFoundError:
            pass
        self._see(history)
        return False

    def _see_scripts(self, folder: str) -> None:
        """Activation scripts are edited by hand, too: each one counts, not only their folder."""
        if not os.access(folder, os.F_OK):
            self.seen[folder] = None
            return
        found, names = listing(folder)
        self.seen[folder] = found
        for name in sorted(names):
            self._see(folder + os.sep + name)

    def _python(self) -> str | None:
        for path in python_paths(self.prefix):
            if os.access(path, os.F_OK):
                return path
            self.seen[path] = None
        return None

    def _environment(self, finished: bool, python: str | None, files: KernelFiles, sign: str) -> Environment:
        version = linked_version(python) if python else None
        state, more = State.READY, dict[str, Any]()
        if not (finished and version and files.kernels) or files.faults or "{" in self.prefix:
            records = _records(self.meta)
            version = minor(records.python)
            state, more["problem"] = self._state(finished, records, python, files)
        if os.access(self.meta + _FROZEN, os.F_OK):
            more["frozen"] = True
        return made(
            Environment,
            prefix=self.prefix,
            kind=self.kind,
            name=self.name,
            state=state,
            writable=os.access(self.meta, os.W_OK),
            python=python,
            python_version=version,
            kernels=tuple(files.kernels) if state is State.READY else (),
            signature=sign,
            **more,
        )

    def _state(
        self, finished: bool, records: _Records, python: str | None, files: KernelFiles
    ) -> tuple[State, Problem | None]:
        prefix = self.prefix
        if is_rewritten(prefix):
            return State.BROKEN, problems.unsupported_path(prefix)
        if records.unfinished or not (records.some or finished):
            return State.INCOMPLETE, problems.incomplete(prefix)
        if records.python and not python and any(os.access(path, os.F_OK) for path in foreign_pythons(prefix)):
            return State.BROKEN, problems.wrong_platform(prefix)
        if records.python and not python:
            return State.BROKEN, problems.python_missing(prefix, python_paths(prefix)[0])
        note = problems.kernel_broken(prefix, files.faults) if files.faults else None
        if files.kernels:
            return State.READY, note
        if note:
            return State.BROKEN, note
        return State.NO_KERNEL, problems.no_kernel(prefix) if python else problems.no_python(prefix)
