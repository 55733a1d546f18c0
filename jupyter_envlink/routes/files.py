"""Environment files: what they say, and what they would make. No side effect."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..preview import solve
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
        body, source = await self.run(self.plan_request)
        proposal = await self.run(self.service.propose, source, body)
        wanted = body.get("solve", True)
        self.answer(await self.run(solve, proposal) if wanted else await self.run(proposal.as_dict))
