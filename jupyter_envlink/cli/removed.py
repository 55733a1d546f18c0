"""``jupyter envlink undo``: a removed environment comes back."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import NotFound
from . import session
from .commands import finish

if TYPE_CHECKING:
    from ..removed import Removed


def undo(arguments: argparse.Namespace) -> int:
    service = session.service()
    what = _named(service.life.removed(), session.named(arguments))
    return finish(service, service.life.restore(what.job), arguments)


def _named(found: Sequence[Removed], wanted: str | None) -> Removed:
    """The one removed last of that name, path, id or job; of all where nothing is named. Raises ``NotFound``."""
    called = [each for each in found if wanted is None or _is_called(each, wanted)]
    if not called:
        known = ", ".join(dict.fromkeys(each.name for each in found))
        message = f"No removed environment {wanted!r} is kept." if wanted else "No removed environment is kept."
        raise NotFound(message, f"Those that can come back: {known}." if known else "There is nothing to bring back.")
    return called[0]


def _is_called(what: Removed, wanted: str) -> bool:
    known = (what.name, what.job, what.as_dict()["environment_id"], what.prefix)
    return wanted in known or os.path.realpath(wanted) == what.prefix
