"""Virtual environments: every prefix with a ``pyvenv.cfg`` (PEP 405), whichever program made it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jupyter_envlink.environment import Environment, Kernel, State, made

from .base import Found
from .evidence import Evidence, Stamp, is_settled, signature
from .faults import failed
from .folders import inside
from .health import health
from .kernelfiles import KERNELS, KernelFiles, read_file, read_kernel_files
from .labels import venv_label
from .places import at_home, expanded
from .pythons import WINDOWS, library_version, minor, venv_python
from .roots import Roots

CONFIG = os.sep + "pyvenv.cfg"


class VenvLocator:
    """Those of venv, virtualenv and uv, told apart by a word in the one file that all three write.

    They are one locator as they lie in the same places: project folders, and ``WORKON_HOME`` or ``~/.virtualenvs``,
    which are virtualenvwrapper's.
    """

    kind = "venv"

    def folders(self, roots: Roots) -> Iterator[str]:
        yield expanded(roots, roots.environ.get("WORKON_HOME", ""))
        yield at_home(roots, ".virtualenvs")

    def discover(self, roots: Roots) -> Iterator[str]:
        yield from roots.walked.prefixes
        yield from inside(self.folders(roots))

    def look(self, prefix: str) -> Found | None:
        return look_at_venv(prefix)

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def look_at_venv(prefix: str, kind: str = "", name: str = "") -> Found | None:
    """What is in ``prefix``, where it has a ``pyvenv.cfg``. ``kind`` and ``name`` as a tool's own place tells them.

    Raises ``OSError`` when the disk itself fails.
    """
    try:
        return _Reading(prefix, kind, name or venv_label(prefix)).found()
    except OSError as error:
        return failed(prefix, error, kind or VenvLocator.kind)


class Config(NamedTuple):
    """What a ``pyvenv.cfg`` says."""

    kind: str
    version: str | None
    home: str
    """The folder with the Python that it was made with."""
    takes_from_base: bool


def config_of(content: bytes) -> Config:
    """What a ``pyvenv.cfg`` says.

    Without its prompt, which is a project's own, the file is the same for every environment of one Python.
    """
    before, prompt, after = content.partition(b"\nprompt")
    return _parsed(before + after[after.find(b"\n") :] if prompt and b"\n" in after else before)


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> Config:
    """By the rules of CPython's ``site.py``: ``key = value``, keys in any case, other lines do not count."""
    found = {}
    for line in content.decode("utf-8", "replace").split("\n"):
        key, sign, value = line.partition("=")
        if sign:
            found[key.strip().lower()] = value.strip()
    return Config(
        kind="uv" if "uv" in found else "virtualenv" if "virtualenv" in found else "venv",
        version=minor(found.get("version") or found.get("version_info")),
        home=found.get("home", ""),
        takes_from_base=found.get("include-system-site-packages", "").lower() == "true",
    )


class _Reading:
    """One look at one prefix; the ``pyvenv.cfg`` is stamped before it is read, so no change can fall between.

    ``pyvenv.cfg``, a Python and a kernel are all that a ready environment needs.
    """

    __slots__ = ("kind", "name", "prefix", "seen")

    def __init__(self, prefix: str, kind: str, name: str) -> None:
        self.prefix, self.kind, self.name = prefix, kind, name
        self.seen: dict[str, Stamp] = {}

    def found(self) -> Found:
        now = time.time_ns()
        path = self.prefix + CONFIG
        self.seen[path], content = read_file(path)
        config = config_of(content)
        python = self._python()
        files = read_kernel_files(self.prefix + KERNELS, self.seen)
        if config.takes_from_base:
            self._add_those_of_base(config, files)
        environment = self._environment(config, python, files, signature([self.seen[path], *files.own]))
        settled = is_settled(self.seen.values(), now)
        return Found(environment, Evidence(self.seen, python) if settled else Evidence())

    def _python(self) -> str | None:
        python = venv_python(self.prefix)
        if os.access(python, os.F_OK):
            return python
        self.seen[python] = None
        return None

    def _add_those_of_base(self, config: Config, files: KernelFiles) -> None:
        """With ``include-system-site-packages`` the base's ipykernel is importable here, so it can be run here.

        Only ipykernel: other kernels of the base belong to the base. A Python kernel of the environment's own wins.
        """
        if not config.home or any(kernel.language == "python" for kernel in files.kernels):
            return
        base = config.home if WINDOWS else os.path.dirname(config.home)
        theirs = read_kernel_files(base + KERNELS, self.seen)
        files.kernels += [kernel for kernel in theirs.kernels if _is_ipykernel(kernel)]
        files.own += theirs.own

    def _environment(self, config: Config, python: str | None, files: KernelFiles, sign: str) -> Environment:
        state, problem = State.READY, None
        if not (python and files.kernels) or files.faults or "{" in self.prefix:
            state, problem = health(self.prefix, venv_python(self.prefix), bool(python), files)
        return made(
            Environment,
            prefix=self.prefix,
            kind=self.kind or config.kind,
            name=self.name,
            state=state,
            writable=os.access(self.prefix, os.W_OK),
            python=python,
            python_version=config.version or library_version(self.prefix),
            kernels=tuple(files.kernels) if state is State.READY else (),
            problem=problem,
            signature=sign,
        )


def _is_ipykernel(kernel: Kernel) -> bool:
    return kernel.language == "python" and any(word in ("ipykernel_launcher", "ipykernel") for word in kernel.argv)
