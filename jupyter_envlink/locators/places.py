"""Folders in which tools keep environments, and what their settings say about them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, Literal

from .roots import Roots


def user_folder(
    roots: Roots,
    purpose: Literal["cache", "config", "data"],
    app: str,
    author: Literal[False] | None,
    *,
    roaming: bool = False,
) -> str:
    """Where ``app`` keeps its data: platformdirs' answer, moved to the home that ``roots`` names. Empty without one."""
    from platformdirs import PlatformDirs

    if not roots.home:
        return ""
    found: str = getattr(PlatformDirs(app, author, roaming=roaming), f"user_{purpose}_dir")
    own = os.path.expanduser("~")
    return roots.home + found[len(own) :] if found.startswith(own + os.sep) else found


def at_home(roots: Roots, *names: str) -> str:
    """A path below the person's home, empty where there is none."""
    return os.path.join(roots.home, *names) if roots.home else ""


def expanded(roots: Roots, path: str) -> str:
    """``path`` with ``~`` for the home of ``roots``."""
    return roots.home + path[1:] if path == "~" or path.startswith(("~/", "~" + os.sep)) else path


def setting(path: str, *keys: str) -> Any:
    """One value of a TOML file; ``None`` where the file or the value is missing, or the file is none."""
    found: Any = _toml(path)
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _toml(path: str) -> Mapping[str, Any]:
    if not path or not os.access(path, os.R_OK):
        return {}
    try:
        with open(path, "rb") as file:
            return _loads(file.read().decode())
    except (OSError, ValueError, RecursionError):
        return {}


def _loads(text: str) -> Mapping[str, Any]:
    """Imported here: most people have no such file."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    found: Mapping[str, Any] = tomllib.loads(text)
    return found
