"""Variables and ``~`` in the values of a configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def expand_variables(text: str, environ: Mapping[str, str]) -> str:
    """``$NAME`` and ``${NAME}`` (``%NAME%`` on Windows too) replaced; unset ones stay, as in ``os.path.expandvars``."""
    pattern = r"\$(?:(\w+)|\{([^}]*)\})" + (r"|%(\w+)%" if os.name == "nt" else "")
    return re.sub(pattern, lambda found: environ.get(next(g for g in found.groups() if g is not None), found[0]), text)


def expand_all(value: Any, environ: Mapping[str, str]) -> Any:
    """``value`` with the variables in every text of it replaced, those in lists and maps too."""
    if isinstance(value, str):
        return expand_variables(value, environ)
    if isinstance(value, list):
        return [expand_all(item, environ) for item in value]
    if isinstance(value, dict):
        return {key: expand_all(item, environ) for key, item in value.items()}
    return value


def expand_path(text: str, environ: Mapping[str, str], home: Path) -> Path:
    """An absolute path, with its variables and its ``~`` replaced."""
    text = expand_variables(text.strip(), environ)
    if text == "~" or text.startswith(("~/", "~\\")):
        text = str(home) + text[1:]
    return Path(os.path.abspath(os.path.expanduser(text)))
