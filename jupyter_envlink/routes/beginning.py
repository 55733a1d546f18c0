"""Where an environment file comes from that lies nowhere yet: an address, or a list of packages. No side effect."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import errors
from ..sentence import told
from .base import EnvlinkHandler
from .file_request import refuse_mistakes
from .planned import PlannedHandler


class FetchHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.json_body()
        refuse_mistakes("FetchRequest", body, {"url": str}, ("url",))
        fetched = asyncio.wrap_future(self.service.beginnings.fetch(body["url"]))
        self.answer(await fetched)


class ComposeHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.json_body()
        refuse_mistakes("ComposeRequest", body, {"name": str, "channels": list, "packages": list}, ("packages",))
        for key in ("channels", "packages"):
            if not all(isinstance(each, str) for each in body.get(key, ())):
                raise errors.InvalidRequest(
                    told("{key} is not a list of texts.", key=key), told("openapi.yaml describes ComposeRequest.")
                )
        self.answer(await self.run(self.service.beginnings.compose, body))


class PackagesHandler(PlannedHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.get_query_argument("query")
        limit = self.get_query_argument("limit", "20")
        if not limit.isdecimal() or len(limit) > 5:
            raise errors.InvalidRequest(told("limit is {limit!r}.", limit=limit[:50]), told("limit is a number."))
        channels = self.get_query_arguments("channel") or None
        self.answer(_found(await self.planned(self.service.beginnings.search(query, channels, int(limit)))))


class PackageHandler(PlannedHandler):
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        channels = self.get_query_arguments("channel") or None
        self.answer(_found(await self.planned(self.service.beginnings.search(name, channels, whole=True))))


def _found(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was found. Raises the error that was the answer, of which the planner's own have no kind."""
    failed = answer.get("failed") or answer.get("conflict")
    if failed is None:
        return answer
    raise errors.of(answer.get("kind", ""), failed)
