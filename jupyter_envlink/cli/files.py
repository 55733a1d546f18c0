"""The environment file that a command works on."""

from __future__ import annotations

from pathlib import Path

from ..errors import NotFound
from ..source import Source, from_request

DEFAULT_FILES = ("environment.yml", "environment.yaml")
OTHERS = ("conda-lock.yml", "pixi.lock", "pylock.toml", "explicit.txt", "requirements.txt", "pyproject.toml")
"""Taken only where they are named: of several in one folder nobody knows which one is meant."""


def source(path: str | None) -> Source:
    """The file at ``path``, or that of this folder. Raises ``NotFound`` and ``InvalidRequest``."""
    chosen = path or next((name for name in DEFAULT_FILES if Path(name).is_file()), None)
    if chosen is None:
        beside = next((name for name in OTHERS if Path(name).is_file()), "FILE")
        raise NotFound(
            "There is no environment.yml in this folder.", f"Name a file: jupyter envlink create -f {beside}"
        )
    return from_request({"path": chosen}, None)
