"""The tokens that ``anaconda login`` of anaconda-client has left: ``conda.gateways.anaconda_client``."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_plus

_API = re.compile(r"([./])api([./]|$)")


def anaconda_tokens(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Token by the address that it opens: a token of ``https://api.host`` opens ``https://conda.host`` as well."""
    found: dict[str, str] = {}
    folder = _folder(environ, home)
    with suppress(OSError):
        for path in sorted(folder.glob("*.token")):
            address, token = unquote_plus(path.name.removesuffix(".token")), path.read_text(encoding="utf-8").strip()
            if token:
                found[address] = found[_API.sub(r"\1conda\2", address, count=1)] = token
    return found


def _folder(environ: Mapping[str, str], home: Path) -> Path:
    if environ.get("BINSTAR_CONFIG_DIR"):
        return Path(environ["BINSTAR_CONFIG_DIR"], "data")
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local", "ContinuumIO", "binstar")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "binstar"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "binstar")
