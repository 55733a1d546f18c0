"""Starts kernels of environments: as jupyter_client does, less what belongs to the server's own environment.

A kernel spec can set a variable, but not remove one (``KernelProvisionerBase.pre_launch``).
"""

from __future__ import annotations

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict, List, Unicode

from .leaks import path_without


class EnvlinkProvisioner(LocalProvisioner):
    """Named by the specs that our manager gives to a server, never by those on the disk."""

    variables = List(Unicode(), help="Variables that the kernel does not get.")
    folders = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Folders that its PATH does not get, and what stands there instead.",
    )

    def _finalize_env(self, env: dict[str, str]) -> None:
        super()._finalize_env(env)
        for name in self.variables:
            env.pop(name, None)
        if self.folders and "PATH" in env:
            env["PATH"] = path_without(env["PATH"], self.folders)
