"""Conda environments: every prefix with a ``conda-meta`` folder, whichever of conda's family made it."""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jupyter_envlink.environment import Environment, Problem, State, made

from . import problems
from .base import Found
from .candidates import candidates
from .evidence import Evidence, Stamp, is_settled, listing, signature, stamp
from .kernelfiles import KernelFiles, read_kernel_files
from .roots import Roots

_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_PYTHON = re.compile(r"\npython-([^-\n]+)-[^-\n]+\.json\n")
_META, _HISTORY, _STATE = os.sep + "conda-meta", os.sep + "history", os.sep + "state"
_KERNELS = os.sep.join(("", "share", "jupyter", "kernels"))
_ACTIVATE_D = os.sep.join(("", "etc", "conda", "activate.d"))
_PYTHONS = (os.sep + "python.exe", os.sep.join(("", "Scripts", "python.exe")))
_BIN_PYTHON = os.sep.join(("", "bin", "python"))
_VERSIONED = re.compile(r"python(\d+\.\d+)$")
_FIELD = re.compile(r"\{[A-Za-z0-9_]+\}")


class CondaLocator:
    """See :class:`~jupyter_envlink.locators.base.Locator`."""

    kind = "conda"

    def discover(self, roots: Roots) -> Iterator[str]:
        return candidates(roots)

    def look(self, prefix: str) -> Found | None:
        try:
            return _Reading(prefix).found()
        except OSError as error:
            if error.errno in _NOWHERE:
                return None
            if error.errno in _FORBIDDEN:
                return unreadable(prefix, error)
            raise

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def unreadable(prefix: str, error: Exception) -> Found:
    """An environment of which nothing is known except that it cannot be read; it is tried again each time."""
    problem = problems.unreadable(prefix, error)
    environment = Environment(prefix, CondaLocator.kind, label(prefix), State.BROKEN, problem=problem)
    return Found(environment, Evidence())


def label(prefix: str) -> str:
    """The folder's name; of a hidden one (``project/.conda``, as VS Code makes it) the name of the folder it is in.

    Context-free: no other environment changes it. Control characters, which could speak to a terminal, and bytes
    that are no text become ``U+FFFD``.
    """
    parent, _, name = prefix.rpartition(os.sep)
    if name.startswith("."):
        name = os.path.basename(parent) or name
    return name if name.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def python_paths(prefix: str, windows: bool = sys.platform == "win32") -> tuple[str, ...]:
    """Where a prefix keeps its Python: conda's place first."""
    return (prefix + _PYTHONS[0], prefix + _PYTHONS[1]) if windows else (prefix + _BIN_PYTHON,)


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

    __slots__ = ("meta", "prefix", "seen")

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.meta = prefix + _META
        self.seen: dict[str, Stamp] = {}

    def found(self) -> Found | None:
        now = time.time_ns()
        if self._see(self.meta) is None:
            return None
        finished = self._is_finished(self.meta + _HISTORY)
        if os.access(self.meta + _STATE, os.F_OK):  # written by ``conda env config vars``; it comes and goes with
            self._see(self.meta + _STATE)  # a change of conda-meta, which is seen
        self._see_scripts(self.prefix + _ACTIVATE_D)
        python = self._python()
        stamps = list(self.seen.values())
        files = read_kernel_files(self.prefix + _KERNELS, self.seen)
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
        version = _linked_version(python) if python else None
        state, problem = State.READY, None
        if not (finished and version and files.kernels) or files.faults or "{" in self.prefix:
            records = _records(self.meta)
            version = _minor(records.python)
            state, problem = self._state(finished, records, python, files)
        return made(
            Environment,
            prefix=self.prefix,
            kind=CondaLocator.kind,
            name=label(self.prefix),
            state=state,
            writable=os.access(self.meta, os.W_OK),
            python=python,
            python_version=version,
            kernels=tuple(files.kernels) if state is State.READY else (),
            problem=problem,
            signature=sign,
        )

    def _state(
        self, finished: bool, records: _Records, python: str | None, files: KernelFiles
    ) -> tuple[State, Problem | None]:
        prefix = self.prefix
        if "{" in prefix and _FIELD.search(prefix):
            return State.BROKEN, problems.unsupported_path(prefix)
        if records.unfinished or not (records.some or finished):
            return State.INCOMPLETE, problems.incomplete(prefix)
        if records.python and not python:
            return State.BROKEN, problems.python_missing(prefix, python_paths(prefix)[0])
        note = problems.kernel_broken(prefix, files.faults) if files.faults else None
        if files.kernels:
            return State.READY, note
        if note:
            return State.BROKEN, note
        return State.NO_KERNEL, problems.no_kernel(prefix) if python else problems.no_python(prefix)


def _linked_version(python: str) -> str | None:
    """``3.11`` where ``python`` is a link to ``python3.11``, as conda's package makes it; nothing is read."""
    try:
        return _named_version(os.readlink(python))
    except OSError:  # a copy, or Windows
        return None


@lru_cache(maxsize=64)
def _named_version(target: str) -> str | None:
    found = _VERSIONED.search(target)
    return found[1] if found else None


def _minor(version: str | None) -> str | None:
    return ".".join(version.split(".")[:2]) if version else None
