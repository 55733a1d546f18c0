"""What is sent to the page, in its language."""

from __future__ import annotations

import sys
from typing import Any


def in_page_language(value: Any) -> Any:
    """``value``, as JSON has it; English where no page of JupyterLab is served, as then nobody has chosen another."""
    if "jupyterlab_server" not in sys.modules:
        return value
    from .translation import in_readers_language

    return in_readers_language(value)
