"""The service's answers as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..jobs.record import Job

Shown = Mapping[str, Any]


def environments(found: Sequence[Shown]) -> str:
    """A line each; under one that is not ready, why, and what to do."""
    from ..registration import NO_REGISTRATION

    if not found:
        return "No environments were found. Create one: jupyter envlink create -f environment.yml"
    rows = [(each["name"], _python(each), _state(each), _kernels(each), each["prefix"]) for each in found]
    lines = table(("NAME", "LANGUAGE", "STATE", "KERNEL", "PATH"), rows).splitlines()
    text = lines[:1]
    common: dict[str, None] = {}
    for line, each in zip(lines[1:], found, strict=True):
        text.append(line)
        for problem in filter(None, (each["problem"], each["registration_problem"])):
            said = printable(f"{problem['message']} {problem['remedy']}")
            if problem["code"] == NO_REGISTRATION:  # the same for all, so it is said once
                common[said] = None
            else:
                text.append(f"    {said}")
    return "\n".join([*text, *common])


def listing(found: Shown) -> str:
    """All environments, and below them which folders do not answer: what lies there is of an earlier moment."""
    return "\n".join([environments(found["environments"]), *map(_stale, found["stale"])])


def settings(each: Shown) -> str:
    """What the person has said about it, below its row."""
    said = [f"    {name}={printable(value)}" for name, value in each["variables"].items()]
    return "\n".join([environments([each]), *([f"    title: {each['title']}"] if each["title"] else []), *said])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell. What is no printable character is shown escaped: a row stays one line."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows])
    return "\n".join(line.rstrip() for line in lines)


def printable_lines(text: str) -> str:
    """Several lines, each as ``printable`` has it."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printable(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def checked(files: Sequence[Shown]) -> str:
    """``FILE:LINE:COLUMN: severity: message [code]``, as compilers write it, and a hint below."""
    lines = []
    for file in files:
        lines += [diagnostic(file["path"] or "", each) for each in file["diagnostics"]]
        lines.append(printable(f"{file['path']}: {'ok' if file['ok'] else 'has errors'}"))
    return "\n".join(lines)


def jobs(found: Sequence[Job]) -> str:
    if not found:
        return "There are no jobs."
    rows = [
        (job.id, job.request.operation.value, job.request.name, job.status.value, job.request.created, _message(job))
        for job in found
    ]
    return table(("JOB", "OPERATION", "NAME", "STATUS", "CREATED", ""), rows)


def log(job: Job, entries: Sequence[Shown]) -> str:
    return "\n".join([*(f"{entry['time']}  {entry['text']}" for entry in entries), f"{job.status.value}"])


def done(job: Job, environment: Shown | None) -> str:
    result = job.progress.result or {}
    if "path" in result:
        return f"{job.request.name} is packed: {result['path']} ({result['bytes'] / 1e6:.1f} MB)"
    if environment is None:
        return f"{job.request.name} is removed.{_undo(result.get('undo_until'))}"
    names = ", ".join(f"{each['name']} ({each['display_name']})" for each in environment["kernels"])
    kernel = f"Kernel: {names}" if names else "It has no kernel."
    return f"{environment['name']} {_how(job, result)} {environment['prefix']}\n{kernel}"


def _how(job: Job, result: Shown) -> str:
    if result.get("changed") is False:
        return "is as the file wants it, nothing was changed:"
    return {"update": "is updated:", "roll-back": "is rolled back:"}.get(job.request.operation.value, "is ready at")


def _undo(until: str | None) -> str:
    if until is None:
        return ""
    return f" Until {moment(until)} `jupyter envlink undo` brings it back."


def moment(text: str) -> str:
    """An ISO 8601 time as people read it, in their own zone."""
    return f"{datetime.fromisoformat(text.replace('Z', '+00:00')).astimezone():%Y-%m-%d %H:%M:%S}"


def failure(job: Job) -> str:
    error = job.progress.error
    text = f"{job.request.operation.value} of {job.request.name} {job.status.value}."
    return f"{text}\n{problem(error)}\nThe whole log: jupyter envlink jobs {job.id}" if error else text


def problem(error: Shown) -> str:
    return f"Error: {error['message']}" + (f"\n       {error['remedy']}" if error["remedy"] else "")


def diagnostic(path: str, each: Shown) -> str:
    place = f"{path}:{each['line']}:{each['column']}" if each["line"] else path
    hint = f"\n    {printable(each['hint'])}" if each["hint"] else ""
    return printable(f"{place}: {each['severity']}: {each['message']} [{each['code']}]") + hint


def _message(job: Job) -> str:
    return job.progress.message.splitlines()[0] if job.progress.message else ""


def _python(each: Shown) -> str:
    if each["python_version"]:
        return f"Python {each['python_version']}"
    return each["language"] or "-"


def _stale(each: Shown) -> str:
    known = "what is in it is not known" if each["age"] is None else f"what it held {each['age']:.0f} s ago is shown"
    return printable(f"{each['folder']} does not answer: {known}.")


def _state(each: Shown) -> str:
    detached = each["state"] == "ready" and not each["attached"]
    return ", ".join([each["state"], *(["detached"] if detached else []), *(["hidden"] if each["hidden"] else [])])


def _kernels(each: Shown) -> str:
    return ", ".join(kernel["name"] for kernel in each["kernels"]) or "-"
