"""A conflict as text for a terminal: the lines that are to blame, as compilers show them, and what helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..jobs.record import Job
from .show import printable, problem

Shown = Mapping[str, Any]
_SOLVES = {True: "", False: " (does not solve it alone)", None: " (not tried)"}


def conflict(error: Shown, text: str, path: str) -> str:
    """``Conflict`` of ``openapi.yaml``; ``text`` is the file's, ``path`` how it is called."""
    details = error["details"]
    remedies = _remedies(details.get("remedies", ()))
    return "\n".join([problem(error), *_causes(details.get("causes", ()), text, path), *remedies])


def of_job(job: Job) -> str:
    """The lines that a job's failure is due to, and how to see what can be done; empty where that is not known."""
    options, error = job.request.options, job.progress.error or {}
    causes = list(_causes(error.get("details", {}).get("causes", ()), options.get("text", ""), options.get("path")))
    hint = f"What can be done: jupyter envlink {job.request.operation.value} --dry-run"
    return "\n".join(["", *causes, hint]) if causes else ""


def _causes(causes: Sequence[Shown], text: str, path: str | None) -> Iterator[str]:
    for cause in causes:
        yield from _cause(cause, text.splitlines(), path or "the file")


def _cause(cause: Shown, text: Sequence[str], path: str) -> Iterator[str]:
    if cause["line"] is None:
        yield f"{path}: error: {cause['message']}"
        return
    yield f"{path}:{cause['line']}:{cause['column']}: error: {cause['message']}"
    if cause["line"] <= len(text):
        number, written = str(cause["line"]), printable(text[cause["line"] - 1].expandtabs(1))
        long = cause["end_column"] - cause["column"] if cause["end_line"] == cause["line"] else 1
        yield f"  {number} | {written}"
        yield f"  {' ' * len(number)} | {' ' * (cause['column'] - 1)}{'^' * max(1, long)}"


def _remedies(remedies: Sequence[Shown]) -> Iterator[str]:
    if remedies:
        yield "\nWhat can be done (--mend CODE shows the changed file, and goes on with it):"
    for number, each in enumerate(remedies, 1):
        yield f"  {number}. {each['code']}: {each['title']}{_SOLVES[each['solves']]}"
        yield f"     {each['explanation']}"
