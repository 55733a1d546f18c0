"""pixi's environments: conda prefixes that pixi has marked as its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from jupyter_envlink.environment import Environment, State

from . import problems
from .base import Found
from .conda import META, look_at_conda
from .folders import inside
from .labels import pixi_label
from .places import at_home, expanded, setting, user_folder
from .pythons import is_foreign
from .roots import Roots

_MARK, _OLD_MARK = META + os.sep + "pixi", META + os.sep + "pixi_env_prefix"
_ENVS = "envs"
_AMONG_ENVS = os.sep + _ENVS + os.sep
_PLACE = re.compile(r"(?:\.pixi|-\d{6,20})[\\/]envs[\\/][^\\/]+$")
"""In a project, and detached from it (``NAME-HASH``): every other prefix is left without a look at the disk."""


class PixiLocator:
    """Environments of projects, beside them in ``.pixi/envs`` or detached from them, and those of ``pixi global``.

    pixi marks those of projects with a ``conda-meta/pixi``, earlier versions only with ``conda-meta/pixi_env_prefix``.
    Global ones bear no mark and are conda's.
    """

    kind = "pixi"

    def folders(self, roots: Roots) -> Iterator[str]:
        """Outside projects."""
        yield from (os.path.join(workspace, _ENVS) for workspace in inside(_detached(roots)))
        home = roots.environ.get("PIXI_HOME") or at_home(roots, ".pixi")
        yield os.path.join(home, _ENVS) if home else ""

    def discover(self, roots: Roots) -> Iterator[str]:
        pixis = os.sep + os.path.join(".pixi", _ENVS) + os.sep
        yield from (prefix for prefix in roots.walked.prefixes if pixis in prefix)
        yield from inside(self.folders(roots))

    def look(self, prefix: str) -> Found | None:
        if not (_AMONG_ENVS in prefix and _PLACE.search(prefix)):
            return None
        if os.access(prefix + _MARK, os.F_OK) or os.access(prefix + _OLD_MARK, os.F_OK):
            return _checked(look_at_conda(prefix, self.kind, pixi_label))
        return None

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(os.path.realpath(prefix))
        return found.environment if found else None


def _checked(found: Found | None) -> Found | None:
    """A project travels with its environments, into a container or a virtual machine of another system.

    conda's do not: their paths are written into them. So only here a Python's first bytes are worth reading.
    """
    if not found or not found.environment.python or not is_foreign(found.environment.python):
        return found
    problem = problems.wrong_platform(found.environment.prefix)
    return found._replace(environment=replace(found.environment, state=State.BROKEN, kernels=(), problem=problem))


def _detached(roots: Roots) -> Iterator[str]:
    """Folders of detached environments: what ``detached-environments`` names, and ``envs`` of every cache.

    https://pixi.sh/latest/reference/pixi_configuration/#detached-environments. The caches count whatever the settings
    say now: an environment outlives a change of them.
    """
    for file in _settings(roots):
        named = setting(file, "detached-environments")
        if isinstance(named, str):
            yield expanded(roots, named)
        root = setting(file, "cache", "root")
        if isinstance(root, str):
            yield os.path.join(expanded(roots, root), _ENVS)
    yield roots.environ.get("PIXI_CACHE_DETACHED_ENVIRONMENTS_DIR", "")
    caches = [roots.environ.get(name, "") for name in ("PIXI_CACHE_DIR", "RATTLER_CACHE_DIR")]
    rattlers = user_folder(roots, "cache", "rattler", False)
    caches += [user_folder(roots, "cache", "pixi", False), os.path.join(rattlers, "cache") if rattlers else ""]
    yield from (os.path.join(cache, _ENVS) for cache in caches if cache)


def _settings(roots: Roots) -> list[str]:
    folders = ["/etc/pixi", user_folder(roots, "config", "pixi", False), at_home(roots, ".config", "pixi")]
    folders += [at_home(roots, ".pixi"), roots.environ.get("PIXI_HOME", "")]
    return [os.path.join(folder, "config.toml") for folder in dict.fromkeys(folders) if folder]
