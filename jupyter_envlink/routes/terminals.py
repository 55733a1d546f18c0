"""A terminal of this server in which an environment is activated."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import tree
from ..errors import Conflict, InvalidRequest
from ..sentence import told
from ..source import below
from ..terminal import READ_WITHIN
from .base import EnvlinkHandler


class TerminalHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def post(self, environment_id: str) -> None:
        await self.run(self.service.catalog.get, environment_id)
        await self._refuse_unauthorized()
        manager = self._manager()
        cwd = await self.run(self._cwd)
        argv, folder = await self.run(self.service.terminal, environment_id, manager.shell_command)
        try:
            made = manager.create(shell_command=argv, **({"cwd": cwd} if cwd else {}))
        finally:
            asyncio.get_running_loop().call_later(READ_WITHIN, _delete, folder)
        self.answer({"name": made["name"]})

    async def _refuse_unauthorized(self) -> None:
        """Whoever may not open a terminal gets none here, either."""
        allowed = self.authorizer.is_authorized(self, self.current_user, "write", "terminals")
        if not await ensure_async(allowed):
            raise web.HTTPError(403, told("You may not open terminals on this server."))

    def _manager(self) -> Any:
        """Raises ``Conflict`` (``no-terminals``)."""
        if not self.settings.get("terminals_available") or "terminal_manager" not in self.settings:
            remedy = told("Whoever runs it can install jupyter_server_terminals and set c.ServerApp.terminals_enabled.")
            raise Conflict(told("This server has no terminals."), remedy, code="no-terminals")
        return self.settings["terminal_manager"]

    def _cwd(self) -> str | None:
        """The folder that the body, ``TerminalRequest`` of ``openapi.yaml``, names; the server's root where it names
        none that is there."""
        sent = self.json_body()
        body = {} if sent is None else sent
        if not isinstance(body, dict) or not set(body) <= {"cwd"} or not isinstance(body.get("cwd", ""), str):
            raise InvalidRequest(
                told("The body is not a JSON object with the key 'cwd' alone."), told('Send {{"cwd": PATH}}.')
            )
        root = os.path.expanduser(self.settings["server_root_dir"])
        folder = os.path.dirname(below(f"{body.get('cwd', '')}/here", root))
        return folder if Path(folder).is_dir() else root


def _delete(folder: str) -> None:
    asyncio.get_running_loop().run_in_executor(None, tree.delete, folder)
