"""PDM's virtual environments that lie outside projects: ``PROJECT-HASH-VERSION`` in its data folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .placed import PlacedLocator
from .places import expanded, setting, user_folder
from .roots import Roots

_NAME = re.compile(r"^(.+?)-[A-Za-z0-9_-]{8}-(.+)$")
_VERSION = re.compile(r"^\d+(\.\d+)*t?$")


class PdmLocator(PlacedLocator):
    """https://pdm-project.org/latest/usage/venv/#virtualenv-locations, setting ``venv.location``."""

    kind = "pdm"

    def folders(self, roots: Roots) -> Iterator[str]:
        config = roots.environ.get("PDM_CONFIG_FILE") or os.path.join(
            user_folder(roots, "config", "pdm", None), "config.toml"
        )
        location = setting(config, "venv", "location")
        if isinstance(location, str):
            yield expanded(roots, location)
        yield os.path.join(user_folder(roots, "data", "pdm", None), "venvs") if roots.home else ""

    def name(self, prefix: str) -> str | None:
        """The project; of an environment with a name of its own that, too: ``finance-test``."""
        place, _, folder = prefix.rpartition(os.sep)
        if not place.endswith(os.sep.join(("", "pdm", "venvs"))):
            return None
        found = _NAME.match(folder)
        if not found:
            return folder
        return found[1] if _VERSION.match(found[2]) else f"{found[1]}-{found[2]}"
