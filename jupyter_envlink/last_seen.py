"""What an earlier process has seen, so that a new one reads only what has changed since, and has something to show
of a folder that does not answer."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import __version__
from .environment import Environment, Kernel, Problem, State, made_of
from .files import write_text
from .locators import Found, Locator
from .locators.evidence import Evidence, Stamp
from .place import View
from .sentence import as_data, of_data

LAST_SEEN = "last-seen.json"
_LARGEST = 64 << 20
_AT_ONCE = 100
"""So many environments are a line: while one line is read or written, no other thread gets to do anything."""
_CHANGED = 10
"""One environment in so many has to be new or changed before the file is written anew: the others are read again."""


class LastSeen:
    """One file, which may be deleted at any time. ``None`` for its path keeps nothing.

    What is in it is believed as far as what is in memory is: as long as its evidence holds.
    """

    def __init__(self, path: Path | None, locators: Callable[[], Sequence[Locator]], log: logging.Logger) -> None:
        self._path, self._locators, self._log = path, locators, log
        self._kept: Mapping[str, Found] = {}
        self._shown: list[Mapping[str, Found]] = []

    def views(self) -> Mapping[str, View]:
        """That of each place as it was written, none where there is nothing that can be used. Raises nothing."""
        if self._path is None:
            return {}
        try:
            views = _views(self._text(self._path), self._made_by())
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            if not isinstance(error, FileNotFoundError):
                self._log.debug("%s cannot be used and is ignored: %s", self._path, error)
            return {}
        self._kept = _all(views.values())
        return views

    def keep(self, views: Mapping[str, View]) -> None:
        """Write down what the places show, where that is worth it. Raises nothing."""
        shown = [view.found for view in views.values()]
        if self._path is None or shown == self._shown:
            return
        self._shown = shown
        found = {prefix: each for prefix, each in _all(views.values()).items() if each.evidence.seen}
        fresh = sum(self._kept.get(prefix) is not each for prefix, each in found.items())
        if fresh * _CHANGED <= len(found):
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._path, _written(views, self._made_by()))
        except (OSError, ValueError, TypeError) as error:  # what a third party has found may be no JSON
            self._log.debug("%s cannot be written: %s", self._path, error)
        self._kept = found

    def _made_by(self) -> list[Any]:
        """Whoever differs in one of these might have seen something else."""
        user = os.getuid() if sys.platform != "win32" else 0
        return [__version__, sys.platform, user, *(_version(each) for each in self._locators())]

    def _text(self, path: Path) -> str:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_LARGEST)


def _version(locator: Locator) -> list[Any]:
    """A locator and the moment of its file: those of third parties have versions of their own."""
    kind = type(locator)
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return [kind.__module__, kind.__qualname__, os.stat(file).st_mtime_ns if file and os.path.exists(file) else 0]


def _all(views: Iterable[View]) -> dict[str, Found]:
    return {prefix: found for view in views for prefix, found in view.found.items()}


def _written(views: Mapping[str, View], made_by: list[Any]) -> str:
    """A line of JSON with who wrote it, one with what kernels say, and one for each few environments of a place."""
    table, ago = _Table(), time.monotonic() - time.time()
    lines = []
    for name, view in views.items():
        found = [each for each in view.found.values() if each.evidence.seen]
        for begin in range(0, max(len(found), 1), _AT_ONCE):
            rows = [table.row(each) for each in found[begin : begin + _AT_ONCE]]
            lines.append(json.dumps([name, view.taken - ago, rows]))
    return "\n".join([json.dumps(made_by), json.dumps(table.specs), *lines])


class _Table:
    """What kernels say, once each: a wheel's file is the same in each environment."""

    def __init__(self) -> None:
        self.specs: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}

    def row(self, found: Found) -> list[Any]:
        environment, (seen, present) = found
        fields = dict(environment.__dict__)
        prefix, kernels, problem = fields.pop("prefix"), fields.pop("kernels"), fields.pop("problem", None)
        inside = {path[len(prefix) :]: each for path, each in seen.items() if path.startswith(prefix)}
        outside = {path: each for path, each in seen.items() if not path.startswith(prefix)}
        own = [[self._number(each), each.name, each.resource_dir] for each in kernels]
        return [prefix, fields, own, problem and as_data(asdict(problem)), inside, outside, present]

    def _number(self, kernel: Kernel) -> int:
        spec = {key: _plain(value) for key, value in kernel.__dict__.items() if key not in ("name", "resource_dir")}
        text = json.dumps(spec)
        if text not in self._numbers:
            self._numbers[text] = len(self.specs)
            self.specs.append(spec)
        return self._numbers[text]


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _views(text: str, made_by: list[Any]) -> dict[str, View]:
    writer, specs, *lines = text.split("\n")
    if json.loads(writer) != made_by:
        return {}
    kernels, ago = [_spec(spec) for spec in json.loads(specs)], time.monotonic() - time.time()
    found: dict[str, dict[str, Found]] = {}
    times: dict[str, float] = {}
    for line in lines:
        place, taken, rows = json.loads(line)
        found.setdefault(place, {}).update({row[0]: _found(row, kernels) for row in rows})
        times[place] = min(taken + ago, time.monotonic())
    return {place: View(seen, taken=times[place]) for place, seen in found.items()}


def _spec(spec: dict[str, Any]) -> Mapping[str, Any]:
    frozen = {key: MappingProxyType(value) for key, value in spec.items() if isinstance(value, dict)}
    return {**spec, **frozen, "argv": tuple(spec["argv"])}


def _found(row: list[Any], specs: Sequence[Mapping[str, Any]]) -> Found:
    prefix, fields, kernels, problem, inside, outside, present = row
    fields["prefix"], fields["state"] = prefix, State(fields["state"])
    fields["kernels"] = tuple(
        [made_of(Kernel, {**specs[number], "name": name, "resource_dir": folder}) for number, name, folder in kernels]
    )
    if problem:
        fields["problem"] = Problem(**of_data(problem))
    seen: dict[str, Stamp] = {prefix + path: each and tuple(each) for path, each in inside.items()}
    seen |= {path: each and tuple(each) for path, each in outside.items()}
    return Found(made_of(Environment, fields), Evidence(seen, present))
