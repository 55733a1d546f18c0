"""Environment files: what they say, and what they would make. No side effect."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from .answers import json_of
from .file_request import FileHandler
from .planned import PlannedHandler


class CheckHandler(FileHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        _, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.check, [source]))


class PlanHandler(PlannedHandler, FileHandler):
    """Solving goes on in a planner."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.plan_request)
        proposal = await self.run(self.service.propose, source, body)
        shown = await self.run(proposal.as_dict)
        question = proposal.question(body.get("refresh", False)) if body.get("solve", True) else None
        if question is not None:
            shown.update(await self.planned(question))
        await self.finish(await self.run(json_of, shown))
