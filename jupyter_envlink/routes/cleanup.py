"""Cleaning up: what may go, and its going."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import cleanup
from ..errors import InvalidRequest
from ..sentence import told
from .answers import json_of
from .base import EnvlinkHandler

_MOST_DAYS = 36500


class CleanupHandler(EnvlinkHandler):
    """Looking is given up where the connection is closed."""

    _gone = False

    @web.authenticated
    @authorized
    async def get(self) -> None:
        days = self.days(self.get_query_argument("days", str(cleanup.DAYS)))
        running = await self.running()
        shown = await self.run(cleanup.shown, self.service, days, running, lambda: not self._gone)
        if shown is not None:
            await self.finish(await self.run(json_of, shown))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = await self.run(self.json_body)
        ids, days = self.chosen(body), self.days(str(body.get("days", cleanup.DAYS)))
        self.answer(await self.run(cleanup.begin, self.service, ids, days, await self.running()), 202)

    def chosen(self, body: Any) -> list[str]:
        """The ids in the body, ``CleanupRequest`` of ``openapi.yaml``. Raises ``InvalidRequest``."""
        ids = body.get("ids") if isinstance(body, dict) and set(body) <= {"ids", "days"} else None
        if not isinstance(ids, list) or not ids or not all(isinstance(each, str) for each in ids):
            raise InvalidRequest(
                told("The body does not say what is to go."), told('Send {{"ids": [ID, …], "days": NUMBER}}.')
            )
        return ids

    def days(self, text: str) -> int:
        """Raises ``InvalidRequest``."""
        if not (text.isascii() and text.isdigit() and int(text) <= _MOST_DAYS):
            raise InvalidRequest(told("days is {text!r}.", text=text), told("days is a whole number."))
        return int(text)

    def on_connection_close(self) -> None:
        self._gone = True
        super().on_connection_close()
