"""What one environment holds, and why; where its disk goes."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import InvalidRequest
from ..sentence import told
from ..sizes import GivenUp
from .answers import json_of
from .base import EnvlinkHandler


class WhyHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        await self.run(self.service.catalog.get, environment_id)
        package = self.get_query_argument("package", "")
        if not package:
            raise InvalidRequest(told("No package is named."), told("Ask with ?package=NAME."))
        self.answer(await self.run(self.service.why, environment_id, package))


class DiskHandler(EnvlinkHandler):
    """The walk ends where the connection is closed: nobody waits for it any more."""

    _gone = False

    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        refresh = self.flag("refresh")
        try:
            found = await self.run(self.service.disk, environment_id, refresh, self._go_on)
        except GivenUp:
            raise web.Finish from None
        await self.finish(await self.run(json_of, found))

    def _go_on(self) -> None:
        if self._gone:
            raise GivenUp

    def on_connection_close(self) -> None:
        self._gone = True
        super().on_connection_close()
