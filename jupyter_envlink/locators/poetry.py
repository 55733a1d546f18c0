"""Poetry's virtual environments: ``PROJECT-HASH-pyVERSION`` in its cache."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .placed import PlacedLocator
from .places import expanded, setting, user_folder
from .roots import Roots

_NAME = re.compile(r"^(.+)-[A-Za-z0-9_-]{8}-py\d+(?:\.\d+)?$")
_APP = "pypoetry"


class PoetryLocator(PlacedLocator):
    """https://python-poetry.org/docs/configuration/#virtualenvspath; the name as ``EnvManager`` forms it."""

    kind = "poetry"

    def folders(self, roots: Roots) -> Iterator[str]:
        config = os.path.join(
            roots.environ.get("POETRY_CONFIG_DIR") or user_folder(roots, "config", _APP, False, roaming=True),
            "config.toml",
        )
        cache = roots.environ.get("POETRY_CACHE_DIR") or setting(config, "cache-dir")
        caches = [str(cache)] if cache else []
        caches.append(user_folder(roots, "cache", _APP, False))
        for path in (roots.environ.get("POETRY_VIRTUALENVS_PATH"), setting(config, "virtualenvs", "path")):
            if isinstance(path, str):
                yield expanded(roots, path.replace("{cache-dir}", caches[0]))
        yield from (os.path.join(expanded(roots, cache), "virtualenvs") for cache in caches if cache)

    def name(self, prefix: str) -> str | None:
        if "-py" not in prefix:
            return None
        found = _NAME.match(os.path.basename(prefix))
        return found[1] if found else None
