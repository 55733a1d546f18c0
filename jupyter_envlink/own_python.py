"""``python3`` as Jupyter offers it: its name and title stay, and it says which environment it runs in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from .environment import Environment, Kernel
from .kernel_dirs import StoredSpec
from .kernelspecs import conda_metadata, own_metadata
from .offer import Offer, stored_offer

TITLE = "{title}"
TITLE_FIELDS: Mapping[str, str] = {
    "title": "what Jupyter calls it, as `Python 3 (ipykernel)`",
    "environment": "the name of the environment that Jupyter runs in",
}


def runs_as_server(stored: StoredSpec) -> bool:
    """Whether the kernel's program is the Python that this server runs on.

    For a bare ``python`` jupyter_client takes it (jupyter_client.manager, ``format_kernel_cmd``).
    """
    word: str = stored.spec["argv"][0]
    if not os.path.dirname(word):
        return word in {"python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info)}
    return os.path.realpath(os.path.dirname(word)) == os.path.realpath(os.path.dirname(sys.executable))


def labelled(stored: StoredSpec, environment: Environment | None, template: str) -> Offer:
    """The offer of ``stored``, with ``environment``, that of the server where it was found, in its metadata."""
    offer = stored_offer(stored)
    spec = offer.copied_spec()
    name = environment.name if environment else os.path.basename(sys.prefix)
    spec["display_name"] = template.format(title=spec.get("display_name", stored.name), environment=name)
    spec["metadata"] = {**spec.get("metadata", {}), **_metadata(environment, spec)}
    return Offer(offer.name, spec, offer.directory, offer.resources, environment=environment)


def server_environment(by_prefix: Mapping[str, Environment]) -> Environment | None:
    """The environment of that listing that this server runs in."""
    return by_prefix.get(os.path.realpath(sys.prefix))


def _metadata(environment: Environment | None, spec: Mapping[str, Any]) -> dict[str, Any]:
    if environment is None:
        return {"envlink": {"prefix": sys.prefix, "server": True}}
    kernel = Kernel("python3", spec["display_name"], spec.get("language", "python"), tuple(spec["argv"]), "")
    return {"envlink": {**own_metadata(environment), "server": True}, **conda_metadata(environment, kernel)}
