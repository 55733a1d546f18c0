"""The server itself, why its list is as it is, and what lies beside all routes."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..sentence import told
from .answers import json_of
from .base import EnvlinkHandler


class InfoHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.answer({**await self.run(self.service.info), **_listing(self.kernel_spec_manager)})


def _listing(manager: object) -> dict[str, Any]:
    """Who lists this server's kernels: the part of ``Info`` that only a server knows."""
    from ..manager import EnvlinkKernelSpecManager

    ours = manager if isinstance(manager, EnvlinkKernelSpecManager) else None
    kind = type(manager)
    return {
        "kernel_spec_manager": ours is not None,
        "manager": f"{kind.__module__}.{kind.__qualname__}",
        "inner_manager": ours.inner_manager() if ours else None,
    }


class DoctorHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        environment, path = (self.get_query_argument(name, None) for name in ("environment", "path"))
        await self.finish(await self.run(lambda: json_of(self.service.diagnose(environment, path))))


class NowhereHandler(EnvlinkHandler):
    """Whatever lies beside the routes: an error that a program can read, where Jupyter would send a page."""

    async def prepare(self) -> None:  # type: ignore[override]
        await super().prepare()
        raise web.HTTPError(404, told("There is nothing at this address."))
