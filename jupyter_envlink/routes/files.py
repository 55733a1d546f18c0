"""Environment files: what they say, and what they would make. No side effect."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from .file_request import FileHandler


class CheckHandler(FileHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        _, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.check, [source]))


class PlanHandler(FileHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.preview.plan, source, body.get("name"), body.get("solve", True)))
