"""``jupyter envlink show``, ``why``, ``disk`` and ``shell``: what is in an environment, and being in it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Conflict
from . import session
from .show import environments, moment, printable, table

Shown = Mapping[str, Any]
_ELSEWHERE = {"unique": "its own", "cache": "shared with a package cache", "generations": "shared with earlier states",
              "elsewhere": "shared with others"}  # fmt: skip
_REST = {"bytecode": "compiled modules", "records": "conda's records", "folders": "folders", "other": "other files"}


def show(arguments: argparse.Namespace) -> int:
    service = session.service()
    found = service.environment(session.find(service, arguments).id, {})
    return session.answer(arguments, found, _shown(found))


def why(arguments: argparse.Namespace) -> int:
    service = session.service()
    found = service.why(session.find(service, arguments).id, arguments.package)
    return session.answer(arguments, found, _why(found))


def disk(arguments: argparse.Namespace) -> int:
    service = session.service()
    found = service.disk(session.find(service, arguments).id, refresh=True)
    return session.answer(arguments, found, _disk(found))


def shell(arguments: argparse.Namespace) -> int:
    """Takes the place of this process. Raises ``Conflict`` where no process can (Windows)."""
    from ..process import become

    if os.name == "nt":
        remedy = "Open a terminal in JupyterLab, or use your environment tool's own activation."
        raise Conflict("Windows gives no process to another program.", remedy, code="unknown-shell")
    service = session.service()
    argv, _ = service.terminal(session.find(service, arguments).id, [os.environ.get("SHELL") or "/bin/sh"])
    become(argv, os.environ)


def _shown(found: Shown) -> str:
    packages = found["packages"]
    asked = [each for each in packages if each["requested"] is not None]
    others = [each for each in packages if each["requested"] is None]
    rows = [_package(each) for each in (*asked, *others)]
    parts = [environments([found]), table(("PACKAGE", "VERSION", "BUILD", "FROM", "SIZE", "ASKED FOR"), rows)]
    parts += [f"{name['name']}={_value(name)}" for name in found["activated"] if name["source"] in ("state", "kernel")]
    parts += [printable(f"Cannot be read: {path}") for path in found["unreadable"]]
    return "\n".join(parts)


def _package(each: Shown) -> tuple[str, ...]:
    source = "pip" if each["manager"] == "pip" else str(each["channel"] or "conda").rstrip("/").rpartition("/")[2]
    size = "" if each["disk"] is None else size_of(each["disk"])
    return each["name"], each["version"], each["build"], source, size, each["requested"] or ""


def _value(variable: Shown) -> str:
    return "*** (looks like a secret)" if variable["value"] is None else printable(variable["value"])


def _why(found: Shown) -> str:
    lines = [f"{found['name']} {found['version']}"]
    if found["requested"] is not None:
        lines.append(f"Asked for: {found['requested']}")
    elif found["orphan"]:
        lines.append("Nobody has asked for it, and nothing needs it.")
    for chain in found["chains"]:
        lines += [f"{'   ' * depth}{'└─ ' if depth else ''}{_step(each)}" for depth, each in enumerate(chain)]
    lines += [f"… and {found['left_out']} more."] if found["left_out"] else []
    lines += _list("Needed by:", found["needed_by"]) + _list("It needs:", found["needs"])
    return "\n".join(map(printable, lines))


def _list(title: str, steps: Sequence[Shown]) -> list[str]:
    return [title, *(f"  {_step(each)}" for each in steps)] if steps else []


def _step(each: Shown) -> str:
    return f"{each['name']} {each['version'] or '(not installed)'}" + (f"  [{each['spec']}]" if each["spec"] else "")


def _disk(found: Shown) -> str:
    rows = [(words, size_of(found[kind])) for kind, words in _ELSEWHERE.items()]
    totals = table(("", "BYTES"), [*rows, ("together", size_of(found["total"]))])
    inside = [(each["name"], size_of(each["total"]), size_of(each["unique"])) for each in found["packages"]]
    rest = [(_REST[each["kind"]], size_of(each["total"]), size_of(each["unique"])) for each in found["rest"]]
    parts = [totals, "", table(("WHAT", "TOTAL", "ITS OWN"), [*inside, *rest])]
    for each in found["kept"]:
        parts.append(f"Earlier state {each['number']}, until {moment(each['created'])}: {size_of(each['bytes'])} more")
    if not found["exact"]:
        parts.append("This file system can share parts of files unseen: what is its own is that much at most.")
    parts += [printable(f"Cannot be looked into: {path}") for path in found["unreadable"]]
    return "\n".join(parts)


def size_of(count: int) -> str:
    """Bytes as people read them."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "B" or size >= 100 else f"{size:.1f} {units[0]}"
