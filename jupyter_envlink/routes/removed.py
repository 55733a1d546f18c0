"""Removed environments: those that can come back, and their way back or out."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from .base import EnvlinkHandler


class RemovedHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.answer({"removed": [each.as_dict() for each in await self.run(self.service.life.removed)]})


class RemovedOneHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.accept(await self.run(self.service.life.restore, job_id))

    @web.authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        await self.run(self.service.life.delete_removed, job_id)
        self.set_status(204)
        self.finish()
