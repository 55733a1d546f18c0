"""The Pythons that pyenv has installed. The virtual environments among its versions are venv's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from jupyter_envlink.environment import Environment, State, made

from .base import Found
from .evidence import Evidence, Stamp, is_settled, signature
from .faults import failed
from .folders import inside
from .health import health
from .kernelfiles import KERNELS, read_kernel_files
from .labels import shown
from .places import at_home
from .pythons import library_version, linked_version, python_paths
from .roots import Roots
from .venv import CONFIG

_VERSIONS = "versions"
_AMONG_VERSIONS = os.sep + _VERSIONS + os.sep
_ROOTS = frozenset({".pyenv", "pyenv", "pyenv-win"})


class PyenvLocator:
    """``versions/*`` below pyenv's root, and the ``envs/*`` in each, where pyenv-virtualenv makes them.

    https://github.com/pyenv/pyenv#environment-variables, https://github.com/pyenv-win/pyenv-win. Installations of
    conda among the versions are conda's.
    """

    kind = "pyenv"

    def folders(self, roots: Roots) -> Iterator[str]:
        versions = [os.path.join(root, _VERSIONS) for root in _pyenvs(roots)]
        yield from versions
        yield from (os.path.join(version, "envs") for version in inside(versions))

    def discover(self, roots: Roots) -> Iterator[str]:
        return inside(self.folders(roots))

    def look(self, prefix: str) -> Found | None:
        if not _is_version(prefix) or os.access(prefix + CONFIG, os.F_OK):
            return None
        try:
            return _found(prefix)
        except OSError as error:
            return failed(prefix, error, self.kind)

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def _pyenvs(roots: Roots) -> list[str]:
    named = [roots.environ.get(name, "") for name in ("PYENV_ROOT", "PYENV", "PYENV_HOME")]
    usual = [at_home(roots, ".pyenv"), at_home(roots, ".pyenv", "pyenv-win")]
    return [root for root in dict.fromkeys((*named, *usual)) if root]


def _is_version(prefix: str) -> bool:
    """A version bears no mark of its own: what counts is that it lies in a root of pyenv."""
    if _AMONG_VERSIONS not in prefix:
        return False
    root, _, versions = os.path.dirname(prefix).rpartition(os.sep)
    if versions != _VERSIONS:
        return False
    return os.path.basename(root) in _ROOTS or os.access(os.path.join(root, "shims"), os.F_OK)


def _found(prefix: str) -> Found:
    now = time.time_ns()
    seen: dict[str, Stamp] = {}
    paths = python_paths(prefix)
    python = next((path for path in paths if os.access(path, os.F_OK)), None)
    if not python:
        seen.update(dict.fromkeys(paths))
        os.stat(prefix)  # raises where it is gone or forbidden
    files = read_kernel_files(prefix + KERNELS, seen)
    state, problem = health(prefix, paths[0], bool(python), files)
    environment = made(
        Environment,
        prefix=prefix,
        kind=PyenvLocator.kind,
        name=shown(f"pyenv {os.path.basename(prefix)}"),
        state=state,
        writable=os.access(prefix, os.W_OK),
        python=python,
        python_version=(python and linked_version(python)) or library_version(prefix),
        kernels=tuple(files.kernels) if state is State.READY else (),
        problem=problem,
        signature=signature(files.own),
    )
    return Found(environment, Evidence(seen, python) if is_settled(seen.values(), now) else Evidence())
