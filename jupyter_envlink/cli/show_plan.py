"""A plan as text for a terminal: what is asked for, what would change, how much that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .show import diagnostic, printable, problem, table
from .show_conflict import conflict

Shown = Mapping[str, Any]
_COUNTS = (
    ("install", "to install"),
    ("upgrade", "to upgrade"),
    ("downgrade", "to downgrade"),
    ("rebuild", "to rebuild"),
    ("remove", "to remove"),
)


def plan(shown: Shown, path: str | None) -> str:
    """``Plan`` of ``openapi.yaml``; ``path`` is how the file is called."""
    lines = [*_asked(shown), *(diagnostic(path or "the file", each) for each in shown["diagnostics"])]
    if shown["solution"]:
        lines += _solution(shown["solution"])
    if shown["name_problem"]:
        lines.append(problem(shown["name_problem"]))
    if shown["conflict"]:
        lines.append(conflict(shown["conflict"], shown["text"] or "", path or "the file"))
    return "\n".join(lines)


def size(count: int) -> str:
    """Bytes as people read them: ``12.3 MB``."""
    value, units = float(count), iter(("B", "kB", "MB", "GB"))
    unit = next(units)
    while value >= 1000 and unit != "GB":
        value, unit = value / 1000, next(units)
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


def _asked(shown: Shown) -> Iterator[str]:
    yield f"Name      {printable(shown['name'])}"
    yield f"Path      {printable(shown['prefix'] or '-')}"
    yield f"Channels  {', '.join(shown['channels'])}"
    yield from (f"Package   {spec}" for spec in shown["conda"])
    yield from (f"Added     {each['spec']}: {each['reason']}" for each in shown["added"])
    yield from (f"pip       {printable(item)}{_there(change)}" for item, change in _pip(shown))
    yield from (
        f"pip       {_named(each)}  (the file does not need it: removed)" for each in shown["pip_removed"] or ()
    )
    yield from (
        f"pip       {printable(each['name'])} {printable(each['version'] or '')}".rstrip()
        + f"  (will be {each['action']})"
        for each in shown.get("pip_steps") or ()
    )
    yield from (
        f"Variable  {name}={printable(value)}{_instead(name, shown)}" for name, value in shown["variables"].items()
    )
    yield from (f"Note      {note}" for note in shown["notes"])


_WORDS = {
    "install": "new",
    "change": "{installed} is there, and changes",
    "keep": "{installed} is there",
    "skip": "not for this Python or platform",
    "unknown": "what becomes of it, only pip can tell",
}


def _named(each: Shown) -> str:
    return printable(f"{each['name']} {each['version']}")


def _pip(shown: Shown) -> Iterator[tuple[str, Shown | None]]:
    changes = shown["pip_changes"]
    yield from zip(shown["pip"], changes if changes is not None else [None] * len(shown["pip"]), strict=True)


def _there(change: Shown | None) -> str:
    return f"  ({_WORDS[change['change']].format(**change)})" if change else ""


def _instead(name: str, shown: Shown) -> str:
    """What is there of a variable of an environment that is updated."""
    if shown["variable_changes"] is None:
        return ""
    change = next((each for each in shown["variable_changes"] if each["name"] == name), None)
    if change is None:
        return "  (is there)"
    return "  (new)" if change["from"] is None else f"  (is {printable(change['from'])})"


def _solution(solution: Shown) -> Iterator[str]:
    yield f"Changes   {_counts(solution['changes'])}"
    about = "" if solution["disk_exact"] else "about "
    yield f"Size      {size(solution['download_bytes'])} to download, {about}{size(solution['disk_bytes'])} on the disk"
    if solution["pip_stranded"]:
        lost = ", ".join(map(_named, solution["pip_stranded"]))
        yield f"Note      Python becomes another one: what pip had installed stays behind. {lost}"
    rows = list(_rows(solution["changes"]))
    if rows:
        yield ""
        yield table(("CHANGE", "PACKAGE", "VERSION", "BUILD", "ARCHIVE"), rows)


def _counts(changes: Shown) -> str:
    found = [f"{len(changes[kind])} {words}" for kind, words in _COUNTS if changes[kind]]
    kept = [f"{changes['unchanged']} unchanged"] if changes["unchanged"] else []
    return ", ".join(found + kept) or "none"


def _rows(changes: Shown) -> Iterator[tuple[str, ...]]:
    for kind, _ in _COUNTS:
        yield from (_row(kind, each) for each in changes[kind])


def _row(kind: str, each: Shown) -> tuple[str, ...]:
    if "to" not in each:
        return kind, each["name"], each["version"], each["build"], _archive(each)
    before, after = each["from"], each["to"]
    same = before["build"] == after["build"] and kind == "rebuild"
    build = (
        _arrow(before["channel"] or "-", after["channel"] or "-") if same else _arrow(before["build"], after["build"])
    )
    return kind, after["name"], _arrow(before["version"], after["version"]), build, _archive(after)


def _arrow(before: str, after: str) -> str:
    return after if before == after else f"{before} -> {after}"


def _archive(package: Shown) -> str:
    return "-" if package["size"] is None else size(package["size"])
