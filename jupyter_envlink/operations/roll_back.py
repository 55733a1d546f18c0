"""Putting an environment back to a kept generation, which is a change like any other and can be undone like it."""

from __future__ import annotations

import os
from typing import Any

from ..generations import Generation, kept
from ..outcome import complete
from ..relocation import clone_to, spellings
from ..reporting import Reporter
from ..request import Request
from ..sentence import told
from ..transaction import changing
from ..tree import clone
from ..verification import python_of
from .installing import start_python


def roll_back(request: Request, report: Reporter) -> dict[str, Any]:
    """A clone of the generation takes the environment's place. Raises ``NotFound`` where that is kept no more."""
    with changing(request) as transaction:
        generation = kept(request.root, request.prefix, request.options["generation"])
        report.phase("installing", told("Putting back what was there until {moment}", moment=generation.created))
        _put_back(generation, request.prefix, transaction.staging)
        transaction.exchange()
        if os.path.lexists(python_of(request.prefix)):
            start_python(request, [], report)
        transaction.commit()
    return complete(request, report.line)


def _put_back(generation: Generation, prefix: str, staging: str) -> None:
    """As it was; what it was before the environment was renamed gets the new path into its files."""
    if generation.prefix in ("", prefix):
        clone(generation.tree, staging)
    else:
        old = spellings(generation.prefix, tree=generation.tree)
        clone_to(generation.tree, staging, old, prefix, moves=True)
