"""Environment files: what they say, and what they would make. No side effect."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .file_request import FileHandler

if TYPE_CHECKING:
    from ..planner.question import Question


class CheckHandler(FileHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        _, source = await self.run(self.file_request)
        self.answer(await self.run(self.service.check, [source]))


class PlanHandler(FileHandler):
    """Solving goes on in a planner; it is given up where the connection is closed: a newer plan may be wanted."""

    _asked: asyncio.Future[dict[str, Any]] | None = None
    _gone = False

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body, source = await self.run(self.plan_request)
        proposal = await self.run(self.service.propose, source, body)
        shown = await self.run(proposal.as_dict)
        question = proposal.question(body.get("refresh", False)) if body.get("solve", True) else None
        if question is not None:
            shown.update(await self._planned(question))
        await self.finish(await self.run(json.dumps, shown))

    async def _planned(self, question: Question) -> dict[str, Any]:
        self._asked = asyncio.wrap_future(await self.run(self.service.planner.ask, question))
        if self._gone:
            self._asked.cancel()
        try:
            return await self._asked
        except asyncio.CancelledError:
            raise web.Finish from None

    def on_connection_close(self) -> None:
        self._gone = True
        if self._asked is not None:
            self._asked.cancel()
        super().on_connection_close()
