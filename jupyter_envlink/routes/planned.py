"""Verbs that the planning process answers, which gives up where the connection is closed: something newer is wanted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tornado import web

from .base import EnvlinkHandler

if TYPE_CHECKING:
    from ..planner.client import Asked


class PlannedHandler(EnvlinkHandler):
    """A verb that asks the planner."""

    _asked: asyncio.Future[dict[str, Any]] | None = None
    _gone = False

    async def planned(self, question: Asked) -> dict[str, Any]:
        """The planner's answer. Raises ``web.Finish`` where nobody waits for it any more."""
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
