"""The environment file that a command works on."""

from __future__ import annotations

from pathlib import Path

from ..errors import NotFound
from ..source import Source, from_request

DEFAULT_FILES = ("environment.yml", "environment.yaml")


def source(path: str | None) -> Source:
    """The file at ``path``, or that of this folder. Raises ``NotFound`` and ``InvalidRequest``."""
    chosen = path or next((name for name in DEFAULT_FILES if Path(name).is_file()), None)
    if chosen is None:
        raise NotFound("There is no environment.yml in this folder.", "Name a file: jupyter envlink create -f FILE")
    return from_request({"path": chosen}, None)
