"""Environments that nobody uses: not for long, or whose project is gone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from .environment import Environment, State
from .leftover import Leftover
from .removed import iso
from .sentence import told
from .uses import Use

DAY = 86400.0

_CHANGED = ("conda-meta", os.path.join("conda-meta", "history"), "pyvenv.cfg")


def unused(
    environments: Iterable[Environment], uses: Mapping[str, Use], since: str | None, days: float, now: float
) -> Iterator[Leftover]:
    """Those that no kernel has used, and nothing has changed, for so many days; and those of projects that are gone.

    ``since``: when ``uses`` began. Whoever works in a terminal leaves no trace: so what changed counts, too.
    """
    for each in environments:
        if each.state is State.BUILDING:
            continue
        use = uses.get(each.prefix)
        reason = _orphaned(each.prefix) or _idle(each, use, since, now - days * DAY)
        if reason:
            used = use.used if use else None
            yield Leftover("environment", each.prefix, reason, each.name, each.prefix, used)


def changed_at(environment: Environment) -> float:
    """When something was installed last, or it was made: seconds since 1970; 0 where the disk does not say."""
    version = environment.python_version
    places = [*_CHANGED, *([os.path.join("lib", f"python{version}", "site-packages")] if version else [])]
    moments = [0.0]
    for place in places:
        with suppress(OSError):
            moments.append(os.stat(os.path.join(environment.prefix, place)).st_mtime)
    return max(moments)


def _idle(environment: Environment, use: Use | None, since: str | None, before: float) -> str | None:
    changed = changed_at(environment)
    used = _seconds(use.used) if use else 0.0
    if max(used, changed) > before or not changed:
        return None
    if use:
        return told("it was used last at {day}", day=use.used[:10])
    day = iso(changed)[:10]
    if not since:
        return told("it was changed last at {day}, and no kernel of it was seen", day=day)
    return told("it was changed last at {day}, and no kernel of it was seen since {since}", day=day, since=since[:10])


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0


def _orphaned(prefix: str) -> str | None:
    """pipenv and virtualenvwrapper say in a file whose it is."""
    try:
        with open(os.path.join(prefix, ".project"), encoding="utf-8") as file:
            project = file.read(4096).strip()
    except (OSError, ValueError):
        return None
    is_gone = os.path.isabs(project) and not os.path.lexists(project) and os.path.isdir(os.path.dirname(project))
    return told("its project {project} is gone", project=project) if is_gone else None
