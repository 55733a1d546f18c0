"""An environment as text, for others to build from."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from .base import EnvlinkHandler


class ExportHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        wanted = self.get_query_argument("format", "yml")
        self.answer(await self.run(self.service.export, environment_id, wanted))
