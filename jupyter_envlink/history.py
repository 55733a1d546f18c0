"""What rolling an environment back to each of its kept generations would change."""

from __future__ import annotations

import os
from typing import Any

from .difference import difference
from .generations import generations
from .installed_packages import installed_packages


def shown_generations(prefix: str) -> list[dict[str, Any]]:
    """Each as ``Generation`` of ``openapi.yaml``, the newest first."""
    found = generations(os.path.dirname(prefix), prefix)
    now = installed_packages(prefix) if found else ()
    return [{**each.as_dict(), "changes": difference(now, installed_packages(each.tree)).as_dict()} for each in found]
