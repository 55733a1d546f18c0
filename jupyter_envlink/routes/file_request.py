"""``FileRequest`` of ``openapi.yaml``: the body of those verbs that take a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from ..source import Source, from_request
from .base import EnvlinkHandler

_KEYS: Mapping[str, type] = {"path": str, "text": str, "name": str, "solve": bool}


class FileHandler(EnvlinkHandler):
    """A verb that takes a file."""

    def file_request(self) -> tuple[Mapping[str, Any], Source]:
        """The body, and the file that it names. Raises ``InvalidRequest``."""
        body = self.json_body()
        wrong = _not_a_file_request(body)
        if wrong:
            raise InvalidRequest(wrong, "openapi.yaml describes FileRequest.")
        root = os.path.expanduser(self.settings["server_root_dir"])  # jupyter_server writes a root below HOME as ~/…
        return body or {}, from_request(body or {}, root)


def _not_a_file_request(body: Any) -> str | None:
    if body is None:
        return "The request has no body."
    if not isinstance(body, dict):
        return "The body is not a JSON object."
    for key, value in body.items():
        if key not in _KEYS:
            return f"The body has an unknown key {key!r}."
        if not isinstance(value, _KEYS[key]):
            return f"{key!r} is not a {_KEYS[key].__name__}."
    return None
