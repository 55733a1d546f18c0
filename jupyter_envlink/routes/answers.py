"""The JSON that the page is sent."""

from __future__ import annotations

import json
import sys
from typing import Any


def json_of(value: Any) -> str:
    """``value`` as JSON, what it tells people in the language of the page."""
    if "jupyterlab_server" in sys.modules:  # else no page of JupyterLab is served, and nobody knows a language
        from ..translation import in_readers_language

        value = in_readers_language(value)
    return json.dumps(value)
