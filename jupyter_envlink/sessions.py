"""Which kernels of this server run in which environment, and whose they are: what its managers say."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jupyter_server.gateway.managers import GatewayMappingKernelManager
from jupyter_server.utils import ApiPath, ensure_async, to_os_path

from .removed import iso


@dataclass(frozen=True)
class RunningKernel:
    """One of them. ``path`` is that of its notebook for the contents API; ``used`` when it was busy last."""

    id: str
    name: str
    environment: str
    path: str | None
    is_notebook: bool
    used: str


class Sessions:
    """The kernels of one server. Its methods are for the event loop, and do not hold it."""

    def __init__(self, kernels: Any, sessions: Any, contents: Any, environment_of: Callable[[str], str | None]) -> None:
        """The server's managers, and what tells the id of the environment that a kernel of a name runs in."""
        self._kernels, self._sessions = kernels, sessions
        self._root: str = getattr(contents, "root_dir", "")  # where what it has are files
        self._environment_of = environment_of

    async def all(self) -> Sequence[RunningKernel]:
        """Those that run in environments. None of a gateway's: they run somewhere else."""
        if isinstance(self._kernels, GatewayMappingKernelManager):
            return ()
        sessions: list[dict[str, Any]] = await ensure_async(self._sessions.list_sessions())
        of = {each["kernel"]["id"]: each for each in sessions}
        kernels: list[dict[str, Any]] = await ensure_async(self._kernels.list_kernels())
        found = ((each, self._environment_of(each["name"])) for each in kernels)
        return tuple(_running(each, number, of.get(each["id"], {})) for each, number in found if number is not None)

    def file(self, path: str | None) -> str | None:
        """Where a path of the contents API lies on the disk."""
        return os.path.abspath(to_os_path(ApiPath(path), self._root)) if path and self._root else None

    def path(self, file: str) -> str | None:
        """The path by which the contents API has a file; ``None`` for one that it does not have."""
        relative = os.path.relpath(file, self._root) if self._root else os.pardir
        return None if relative.split(os.sep)[0] == os.pardir else relative.replace(os.sep, "/")


def _running(kernel: dict[str, Any], environment: str, session: dict[str, Any]) -> RunningKernel:
    is_notebook = session.get("type") == "notebook"
    used = datetime.fromisoformat(kernel["last_activity"].replace("Z", "+00:00"))
    return RunningKernel(
        kernel["id"], kernel["name"], environment, session.get("path"), is_notebook, iso(used.timestamp())
    )
