"""An environment as text, for others to build from."""

from __future__ import annotations

import os

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import InvalidRequest
from ..sentence import told
from ..source import below
from .base import EnvlinkHandler


class ExportHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self, environment_id: str) -> None:
        wanted = self.get_query_argument("format", "yml")
        self.answer(await self.run(self.service.export, environment_id, wanted))


class PackHandler(EnvlinkHandler):
    def folder(self) -> str:
        """What the body, ``PackRequest`` of ``openapi.yaml``, says: a folder below the server's root, or the root."""
        body = self.json_body() or {}
        if not isinstance(body, dict) or not set(body) <= {"folder"} or not isinstance(body.get("folder", ""), str):
            raise InvalidRequest(
                told("The body is not a JSON object with the key 'folder' alone."), told('Send {{"folder": PATH}}.')
            )
        root = os.path.expanduser(self.settings["server_root_dir"])
        return os.path.dirname(below(f"{body.get('folder', '')}/archive", root))

    @web.authenticated
    @authorized
    async def post(self, environment_id: str) -> None:
        folder = await self.run(self.folder)
        self.accept(await self.run(self.service.life.pack, environment_id, folder))
