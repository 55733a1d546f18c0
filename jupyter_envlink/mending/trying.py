"""Which ways to mend a file do solve: tried one after the other, within a bound of time and number."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from ..envfile.writer import unified
from .case import Case
from .drafts import Draft
from .remedy import Remedy

MAX_SOLVES = 16
MAX_SECONDS = 12.0
"""After which no further solve is begun; what was not tried is offered all the same."""
MAX_REMEDIES = 8

Solves = Callable[[str], Awaitable[bool]]
"""Whether the text of a file can be solved."""


async def tried(case: Case, drafts: Sequence[Draft], solves: Solves) -> tuple[Remedy, ...]:
    """A remedy for each draft, with the first of its variants that solves; those that solve come first."""
    until, left = time.monotonic() + MAX_SECONDS, MAX_SOLVES
    found = []
    for draft in drafts[:MAX_REMEDIES]:
        answers: list[bool] = []
        for variant in draft.variants:
            if left == 0 or time.monotonic() > until or True in answers:
                break
            left -= 1
            answers.append(await solves(variant.text))
        found.append(_chosen(case, draft, answers))
    return tuple(sorted(found, key=lambda each: (True, None, False).index(each.solves)))


def _chosen(case: Case, draft: Draft, answers: Sequence[bool]) -> Remedy:
    """The variant that solves, else the smallest one; whether that solves is not known unless all were tried."""
    solves = True if True in answers else False if len(answers) == len(draft.variants) else None
    variant = draft.variants[answers.index(True) if solves else 0]
    diff = unified(case.text, variant.text, case.file.path or "environment.yml")
    return Remedy(draft.code, draft.title, variant.explanation, variant.text, diff, solves)
