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
        return copy.deepcopy(dict(self.spec))

    def model(self, base_url: str) -> dict[str, Any]:
        """The model of Jupyter's REST interface: ``{"name", "spec", "resources"}`` and ``resource_dir``.

        What ``spec`` holds is shared with it: a thousand models would else double what the menu keeps.
        """
        url = f"{base_url.rstrip('/')}/kernelspecs/{self.name}/"
        resources = {_key(file): url + file for file in self.resources}
        full = {"env": {}, "interrupt_mode": "signal", "metadata": {}, "kernel_protocol_version": "", "language": ""}
        shown = {**full, "display_name": self.name, **self.spec}
        return {"name": self.name, "spec": shown, "resources": resources, "resource_dir": self.directory}


def stored_offer(stored: StoredSpec) -> Offer:
    """A spec of Jupyter's own folders as it stands there."""
    return Offer(stored.name, stored.spec, stored.directory, stored.resources)


def _key(file: str) -> str:
    """Jupyter's key of a resource: a logo loses its ending."""
    return os.path.splitext(file)[0] if file.startswith("logo-") else file
