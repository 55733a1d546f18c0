"""The environment files near what a person has open."""

from __future__ import annotations

import os

from jupyter_core.paths import is_hidden
from jupyter_server.auth.decorator import authorized
from jupyter_server.services.contents.fileio import FileManagerMixin
from tornado import web

from ..errors import NotFound
from ..sentence import told
from ..source import below
from .answers import json_of
from .base import EnvlinkHandler


class FilesHandler(EnvlinkHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        path = self.get_query_argument("path", "")
        await self.finish(await self.run(lambda: json_of(self._near(path))))

    def _near(self, path: str) -> dict[str, object]:
        if not isinstance(self.contents_manager, FileManagerMixin):  # its files lie on no disk of ours
            return {"folder": path.strip("/"), "files": [], "is_whole": True}
        root = os.path.abspath(os.path.expanduser(self.settings["server_root_dir"]))
        return self.service.files(self._folder(path, root), root, self._is_listed)

    def _folder(self, path: str, root: str) -> str:
        """The folder that ``path`` names, or that of the file which it names. Raises ``NotFound``."""
        full = below(path, root) if path.strip("/") else root
        folder = full if os.path.isdir(full) else os.path.dirname(full)
        hides = not self.contents_manager.allow_hidden and is_hidden(full, root)
        if hides or not os.path.lexists(full) or not os.path.isdir(folder):
            raise NotFound(told("There is no file or folder {path!r}.", path=path), told("Look at the path."))
        return folder

    def _is_listed(self, name: str) -> bool:
        manager = self.contents_manager
        return bool(manager.should_list(name)) and (manager.allow_hidden or not name.startswith("."))
