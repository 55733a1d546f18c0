"""One kernel of the menu, finished, and its model in Jupyter's REST interface."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .environment import Environment
from .kernel_dirs import StoredSpec
from .link import Link
from .stand_in.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Offer:
    """One kernel of the menu, finished. ``link`` is ``None`` for a kernel of Jupyter's own folders, and for a stand-in.

    ``explanation`` is what a stand-in says, and ``None`` for every kernel that is what it seems.
    """

    name: str
    spec: Mapping[str, Any]
    directory: str
    resources: tuple[str, ...]
    link: Link | None = None
    explanation: Explanation | None = None
    environment: Environment | None = None
    """What it runs in, where that is known."""
    version: tuple[int, int] | None = None
    """Of ``ScriptVariables``, with which a link's was made."""

    @property
    def prefix(self) -> str | None:
        """The environment that it is of, whether its kernel can start or not; ``None`` for those of no environment."""
        if self.explanation:
            return self.explanation.prefix
        return self.link.environment.prefix if self.link else None

    def copied_spec(self) -> dict[str, Any]:
        """A kernel.json that may be changed without harm to the menu."""
        # jupyter_client before 8.8 does not know a version, not even an empty one, and would warn.
        return copy.deepcopy({key: value for key, value in self.spec.items() if (key, value) != _NO_VERSION})

    def model(self, base_url: str) -> dict[str, Any]:
        """The model of Jupyter's REST interface: ``{"name", "spec", "resources"}`` and ``resource_dir``.

        What ``spec`` holds is shared with it: a thousand models would else double what the menu keeps.
        """
        url = f"{base_url.rstrip('/')}/kernelspecs/{self.name}/"
        resources = {_key(file): url + file for file in self.resources}
        shown = self.spec if self.spec.keys() >= _KEYS else {**_plain(self.name), **self.spec}
        return {"name": self.name, "spec": shown, "resources": resources, "resource_dir": self.directory}


def stored_offer(stored: StoredSpec) -> Offer:
    """A spec of Jupyter's own folders as it stands there."""
    return Offer(stored.name, stored.spec, stored.directory, stored.resources)


def _plain(name: str) -> dict[str, Any]:
    """What Jupyter's model says where a kernel.json says nothing."""
    said = {"env": {}, "interrupt_mode": "signal", "metadata": {}, "language": "", "display_name": name}
    return {**said, **dict([_NO_VERSION])}


_NO_VERSION = ("kernel_protocol_version", "")
_KEYS = _plain("").keys()


def _key(file: str) -> str:
    """Jupyter's key of a resource: a logo loses its ending."""
    return os.path.splitext(file)[0] if file.startswith("logo-") else file
