"""``FileRequest`` of ``openapi.yaml``: the body of those verbs that take a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import InvalidRequest
from ..sentence import told
from ..source import Source, from_request
from .base import EnvlinkHandler

_FILE: Mapping[str, type] = {"path": str, "text": str, "filename": str, "name": str, "solve": bool}
_PLAN: Mapping[str, type] = {**_FILE, "environment": str, "prune": bool, "refresh": bool}
_UPDATE: Mapping[str, type] = {"path": str, "text": str, "filename": str, "solve": bool, "prune": bool}


class FileHandler(EnvlinkHandler):
    """A verb that takes a file."""

    def file_request(self) -> tuple[Mapping[str, Any], Source]:
        """The body, and the file that it names. Raises ``InvalidRequest``."""
        return self._request("FileRequest", _FILE)

    def plan_request(self) -> tuple[Mapping[str, Any], Source]:
        """The same of ``PlanRequest``. Raises ``InvalidRequest``."""
        body, source = self._request("PlanRequest", _PLAN)
        updates = "environment" in body
        if updates and "name" in body:
            raise InvalidRequest(
                told("Both environment and name are given."), told("An environment that is updated keeps its name.")
            )
        if "prune" in body and not updates:
            raise InvalidRequest(told("prune is given, and no environment."), told("prune belongs to an update."))
        return body, source

    def update_request(self) -> tuple[Mapping[str, Any], Source]:
        """The same of ``UpdateRequest``. Raises ``InvalidRequest``."""
        return self._request("UpdateRequest", _UPDATE)

    def _request(self, name: str, keys: Mapping[str, type]) -> tuple[Mapping[str, Any], Source]:
        body = self.json_body()
        refuse_mistakes(name, body, keys)
        root = os.path.expanduser(self.settings["server_root_dir"])  # jupyter_server writes a root below HOME as ~/…
        return body or {}, from_request(body or {}, root)


def refuse_mistakes(name: str, body: Any, keys: Mapping[str, type], needed: Sequence[str] = ()) -> None:
    """Raises ``InvalidRequest`` for a body that is not what ``name`` of ``openapi.yaml`` is."""
    wrong = _mistake(body, keys) or next(
        (told("The body has no {key!r}.", key=key) for key in needed if key not in body), None
    )
    if wrong:
        raise InvalidRequest(wrong, told("openapi.yaml describes {name}.", name=name))


def _mistake(body: Any, keys: Mapping[str, type]) -> str | None:
    if body is None:
        return told("The request has no body.")
    if not isinstance(body, dict):
        return told("The body is not a JSON object.")
    for key, value in body.items():
        if key not in keys:
            return told("The body has an unknown key {key!r}.", key=key)
        if not isinstance(value, keys[key]):
            return told("{key!r} is not a {name}.", key=key, name=keys[key].__name__)
    return None
