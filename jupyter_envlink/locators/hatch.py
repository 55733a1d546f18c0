"""Hatch's virtual environments: ``PROJECT/HASH/NAME`` in its data folder, or ``.hatch/NAME`` in the project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .folders import inside
from .labels import joined
from .placed import PlacedLocator
from .places import expanded, setting, user_folder
from .roots import Roots

_STORE = os.path.join("env", "virtual")
_VIRTUAL, _HIDDEN = os.sep + "virtual" + os.sep, os.sep + ".hatch" + os.sep
"""Looked for first: a search by an expression in each of a thousand paths takes as long as the look at ten of them."""
_STORED = re.compile(r"[\\/]env[\\/]virtual[\\/]([^\\/]+)[\\/][A-Za-z0-9_-]{8}[\\/]([^\\/]+)$")
_IN_PROJECT = re.compile(r"([^\\/]+)[\\/]\.hatch[\\/]([^\\/]+)$")


class HatchLocator(PlacedLocator):
    """https://hatch.pypa.io/latest/plugins/environment/virtual/#location, https://hatch.pypa.io/latest/config/hatch/."""

    kind = "hatch"

    def folders(self, roots: Roots) -> Iterator[str]:
        for store in _stores(roots):
            yield from inside(inside([store]))

    def discover(self, roots: Roots) -> Iterator[str]:
        yield from (prefix for prefix in roots.walked.prefixes if _HIDDEN in prefix and _IN_PROJECT.search(prefix))
        yield from super().discover(roots)

    def name(self, prefix: str) -> str | None:
        """The project for its default environment, which bears its name; else ``project-environment``."""
        if _VIRTUAL not in prefix and _HIDDEN not in prefix:
            return None
        found = _STORED.search(prefix) or _IN_PROJECT.search(prefix)
        return joined(found[1], found[2]) if found else None


def _stores(roots: Roots) -> Iterator[str]:
    config = roots.environ.get("HATCH_CONFIG") or os.path.join(
        user_folder(roots, "config", "hatch", False), "config.toml"
    )
    virtual = setting(config, "dirs", "env", "virtual")
    if isinstance(virtual, str) and os.path.isabs(expanded(roots, virtual)):
        yield expanded(roots, virtual)
    for data in (roots.environ.get("HATCH_DATA_DIR"), setting(config, "dirs", "data")):
        if isinstance(data, str) and data:
            yield os.path.join(expanded(roots, data), _STORE)
    yield os.path.join(user_folder(roots, "data", "hatch", False), _STORE)
