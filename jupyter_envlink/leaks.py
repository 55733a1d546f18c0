"""What a kernel would inherit of the environment that the server runs in, and a shell of its own would not have."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from .activation import BLANK, bin_dirs

PROVISIONER = "envlink-provisioner"
"""The entry point of ``provisioner.EnvlinkProvisioner`` in the group ``jupyter_client.kernel_provisioners``."""
LOCAL = "local-provisioner"
"""jupyter_client's own, which ours takes the place of."""


def without_leaks(
    spec: Mapping[str, Any], prefix: str, server_variables: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, Any]:
    """``spec`` of a kernel in ``prefix``, for a start by this server: what it can only empty, our provisioner removes.

    ``server_variables`` are those that activating the server's own environment sets (``activation.variables``): what
    ``environ`` has as they set it, and the kernel's environment does not set, goes, too. A kernel with a provisioner of
    its own keeps it, and what it inherits; one in the server's own environment keeps all.
    """
    if "kernel_provisioner" in spec["metadata"] or prefix == os.path.realpath(sys.prefix):
        return dict(spec)
    emptied = {name for name, value in spec["env"].items() if BLANK.get(name) == value}
    kept = {name: value for name, value in spec["env"].items() if name not in emptied}
    own = {name for name, value in server_variables.items() if name != "PATH" and environ.get(name) == value}
    removed = {"variables": sorted(emptied | (own - kept.keys())), "folders": _server_folders()}
    provisioner = {"provisioner_name": PROVISIONER, "config": removed}
    return {**spec, "env": kept, "metadata": {**spec["metadata"], "kernel_provisioner": provisioner}}


def path_without(path: str, folders: Mapping[str, str]) -> str:
    """``PATH`` without ``folders``, each replaced by what it is mapped to, where that is not empty."""
    entries = (folders.get(os.path.normcase(entry), entry) for entry in path.split(os.pathsep))
    return os.pathsep.join(dict.fromkeys(entry for entry in entries if entry))


def _server_folders() -> dict[str, str]:
    """The folders of programs that the server's own environment has on ``PATH``, if it is one that is activated.

    ``jupyter`` itself puts them there. A base of conda leaves ``condabin`` in their place, as its activation does, so
    that the command ``conda`` is still found.
    """
    is_conda = os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
    if sys.prefix == sys.base_prefix and not is_conda:
        return {}
    condabin = os.path.join(sys.prefix, "condabin")
    first, *others = bin_dirs(sys.prefix)
    instead = condabin if os.path.isdir(condabin) else ""
    return {os.path.normcase(first): instead, **{os.path.normcase(other): "" for other in others}}
