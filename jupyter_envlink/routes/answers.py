"""The JSON that the page is sent."""

from __future__ import annotations

import json
from typing import Any

from ..page_language import in_page_language


def json_of(value: Any) -> str:
    """``value`` as JSON, what it tells people in the language of the page."""
    return json.dumps(in_page_language(value))
