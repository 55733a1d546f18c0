"""``jupyter envlink doctor``: what is right and wrong with environments, and why a folder is not listed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..errors import NotFound
from . import session
from .show import printable

if TYPE_CHECKING:
    from ..checks import Check
    from ..doctor import Diagnosis, Report
    from ..searched import Searched
    from ..service import Envlink

_MARKS = {True: "ok", False: "WRONG", None: "-"}


def add_options(part: argparse.ArgumentParser) -> None:
    part.add_argument(
        "environment", nargs="?", metavar="NAME|PATH", help="its name, path, id or kernel; or a folder; default: all"
    )
    part.add_argument("--deep", action="store_true", help="also start each Python, and import each kernel")


def doctor(arguments: argparse.Namespace) -> int:
    service = session.service()
    found = _asked(service, arguments.environment)
    if arguments.deep:
        found = service.doctor.tried(found)
    session.answer(arguments, found.as_dict(), _text(found, brief=not arguments.environment))
    return 0 if found.ok else 1


def _asked(service: Envlink, wanted: str | None) -> Diagnosis:
    """Raises ``NotFound`` for what is neither an environment, nor a kernel of one, nor a path."""
    if not wanted:
        return service.doctor.everything()
    environments = session.matching(service, wanted)
    if environments:
        return service.doctor.of(environments)
    kernel = service.environment_of(wanted.lower())
    if kernel is not None:
        return service.doctor.environment(kernel)
    if os.path.dirname(wanted) or os.path.lexists(wanted):
        return service.doctor.path(os.path.abspath(os.path.expanduser(wanted)))
    remedy = "If it is somewhere on this machine, give the path of its folder to learn why it is not listed."
    raise NotFound(f"There is no environment {wanted!r}.", remedy)


def _text(found: Diagnosis, brief: bool) -> str:
    parts = [_report(report, brief) for report in found.environments]
    if brief or any(report.id is None for report in found.environments):
        parts.append(_places(found.places))
    parts.append("\n".join(line for check in found.checks for line in _check(check)))
    return "\n\n".join(filter(None, parts))


def _report(report: Report, brief: bool) -> str:
    words = (report.name, report.kind, report.state or "not listed", report.prefix)
    lines = [printable("  ".join(filter(None, words)))]
    if report.id is None and report.problem is not None:
        from ..checks import Check

        lines += _check(Check(report.problem.code, False, report.problem.message, report.problem.remedy))
    shown = [check for check in report.checks if not brief or _matters(check)]
    lines += [line for check in shown for line in _check(check)] or ["  ok"]
    lines += [f"  What would help: {', '.join(report.actions)}"] if report.actions else []
    return "\n".join(lines)


def _matters(check: Check) -> bool:
    return check.ok is False or (check.code == "state" and check.ok is None)


def _check(check: Check) -> Iterator[str]:
    yield printable(f"  {_MARKS[check.ok]:<5}  {check.text}")
    if check.remedy:
        yield printable(f"         {check.remedy}")


def _places(places: Sequence[Searched]) -> str:
    """Those that do not exist, which are most of the usual ones, are only named."""
    missing = [place.path for place in places if place.exists is False]
    lines = ["Searched:", *(_place(place) for place in places if place.exists is not False)]
    return "\n".join([*lines, *(printable(f"  not there: {path}") for path in missing)])


def _place(place: Searched) -> str:
    return printable(f"  {place.path}: {_found(place)}; {place.source}")


def _found(place: Searched) -> str:
    if place.exists is None:
        return "does not answer"
    return f"{place.environments} found" if place.readable else "unreadable"
