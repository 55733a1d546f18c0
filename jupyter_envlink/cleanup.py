"""Cleaning up, as a page does it: everything that may go, with what that frees; then what the person has chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from .cleaning import measured
from .errors import InvalidRequest
from .jobs.record import Job
from .leftover import SLOW, Leftover
from .presentation import Running
from .request import Operation
from .sentence import told

if TYPE_CHECKING:
    from .service import Envlink

NAME = "unused files"
DAYS = 90
"""Unused for so long is unused, where nothing else is said."""


def shown(
    service: Envlink, days: float, running: Running, goes_on: Callable[[], bool] = lambda: True
) -> dict[str, Any] | None:
    """``Cleanup`` of ``openapi.yaml``. Reads the disk, for seconds; ``None`` once ``goes_on`` is false."""
    items = []
    for each in _found(service, days, running, lambda each: goes_on()):
        if not goes_on():
            return None
        items.append(_measured(each).as_dict())
    total = sum(each["bytes"] or 0 for each in items)
    return {"items": items, "bytes": total, "days": days, "since": service.uses.since}


def begin(service: Envlink, ids: Collection[str], days: float, running: Running) -> dict[str, Any]:
    """``CleanupStarted`` of ``openapi.yaml``: what is gone, what could not go, and the job that deletes the rest.

    Raises ``NotAllowed``, ``Conflict`` while such a job runs, and ``InvalidRequest`` for what is none of these by now.
    """
    service.policy.refuse_making()
    wanted = frozenset(ids)
    found = {each.id: each for each in _found(service, days, running, lambda each: each.id in wanted)}
    strange = sorted(wanted - set(found))
    if strange:
        message = told("{strange} of these are not to be cleaned up, or not any more.", strange=len(strange))
        raise InvalidRequest(message, told("Look again, then choose."), details={"ids": strange})
    chosen = [found[each] for each in dict.fromkeys(ids)]
    job = _delete(service, [_measured(each) for each in chosen if each.kind in SLOW])
    done = service.cleaning.clean(each for each in chosen if each.kind not in SLOW)
    service.announce()
    return {
        "removed": [each.as_dict() for each in done.removed],
        "kept": [each.as_dict() for each in done.kept],
        "job": job.as_dict() if job else None,
    }


def _found(service: Envlink, days: float, running: Running, asked: Callable[[Leftover], bool]) -> Iterator[Leftover]:
    cleaning = service.cleaning
    used = {service.catalog.snapshot.by_id[each].prefix for each in running if each in service.catalog.snapshot.by_id}
    yield from (each for each in cleaning.unused(days) if each.path not in used)
    yield from cleaning.kept()
    yield from cleaning.leftovers()
    yield from cleaning.packages(asked)


def _measured(leftover: Leftover) -> Leftover:
    try:
        return measured(leftover)
    except OSError:  # it has gone meanwhile
        return leftover.measured(0)


def _delete(service: Envlink, items: list[Leftover]) -> Job | None:
    if not items:
        return None
    home = str(service.registrar.specs.home)
    options = {"items": [each.as_dict() for each in items]}
    return service.queue.submit(Operation.CLEAN, NAME, home, home, options)
