"""Starts kernels of environments: as jupyter_client does, less what belongs to the server's own environment.

A kernel spec can set a variable, but not remove one (``KernelProvisionerBase.pre_launch``).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from jupyter_client.kernelspec import KernelSpec, NoSuchKernel
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict, List, Unicode

from .leaks import path_without


class EnvlinkProvisioner(LocalProvisioner):
    """Named by the specs that our manager gives to a server, never by those on the disk.

    A *restart* gets the kernel as it is now; jupyter_client keeps the spec of the first start (``KernelManager``).
    """

    variables = List(Unicode(), help="Variables that the kernel does not get.")
    folders = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Folders that its PATH does not get, and what stands there instead.",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._was_started = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        if self._was_started:
            self._look_again()
        self._was_started = True
        return await super().pre_launch(**kwargs)

    def _look_again(self) -> None:
        manager = self.parent
        if manager is None:
            return
        with suppress(NoSuchKernel):  # then it is started as it was
            spec = manager.kernel_spec_manager.get_kernel_spec(manager.kernel_name)
            if _encryption(spec) == _encryption(self.kernel_spec):  # which its clients go on with as they began
                self._take(manager, spec)

    def _take(self, manager: Any, spec: KernelSpec) -> None:
        removed = spec.metadata.get("kernel_provisioner", {}).get("config", {})
        self.kernel_spec = manager._kernel_spec = spec
        self.variables, self.folders = removed.get("variables", []), removed.get("folders", {})

    def _finalize_env(self, env: dict[str, str]) -> None:
        super()._finalize_env(env)
        for name in self.variables:
            env.pop(name, None)
        if self.folders and "PATH" in env:
            env["PATH"] = path_without(env["PATH"], self.folders)


def _encryption(spec: KernelSpec) -> Any:
    return spec.metadata.get("supported_encryption")
