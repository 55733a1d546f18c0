"""Which engines there are, and the one that was chosen: ours by name, others by their entry points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.metadata import EntryPoint, entry_points

from ..errors import EngineMissing, EnvlinkError
from ..locators.metadata import may_be_named
from ..redaction import redact
from ..sentence import told
from .base import About, Engine, Tool
from .choice import EMBEDDED, Choice
from .combined import CombinedEngine
from .conda import NAMES, CondaTool
from .embedded import embedded
from .rattler import RattlerEngine
from .rattler_index import Index, once

GROUP = "jupyter_envlink.engines"
_THEIRS = told("Report it to whoever has made it, or choose another engine.")


@dataclass(frozen=True)
class Described:
    """``Engine`` of ``openapi.yaml``: one that could be chosen, and what stands against it."""

    name: str
    version: str | None
    path: str | None
    problem: str | None


def engine_of(choice: Choice, prefix: str, index: Index = once) -> Engine:
    """The chosen one for ``prefix``, loaded: what that costs belongs to the worker's start, not to the solve. Raises
    ``EngineMissing``."""
    own = embedded(prefix, index)
    return own if choice.name == EMBEDDED else CombinedEngine(_tool(choice, own), own)


def about(choice: Choice) -> About:
    """Its version, and where it is. Raises ``EngineMissing`` where it cannot be used here. Starts a program, once."""
    if choice.name == EMBEDDED:
        return About(metadata.version("py-rattler"))
    tool = _tool(choice, RattlerEngine())
    try:
        return tool.about()
    except EnvlinkError:
        raise
    except Exception as error:  # somebody else's code
        reason = redact(str(error)) or type(error).__name__
        raise EngineMissing(
            told("The engine {name} fails: {reason}", name=choice.name, reason=reason), _THEIRS
        ) from error


def described(choice: Choice) -> tuple[Described, ...]:
    """Every engine that there is or could be on this machine. Starts programs, each once: not on an event loop."""
    others = sorted({choice.name, *(point.name for point in points())} - {EMBEDDED, *NAMES})
    names = (EMBEDDED, *NAMES, *others)
    return tuple(_described(choice if choice.name == name else Choice(name)) for name in names)


def _described(choice: Choice) -> Described:
    try:
        found = about(choice)
    except EnvlinkError as error:
        return Described(choice.name, None, None, error.message)
    return Described(choice.name, found.version, found.path, None)


def _tool(choice: Choice, reader: RattlerEngine) -> Tool:
    if choice.name in NAMES:
        return CondaTool(choice.name, reader, choice.program)
    point = next((each for each in points() if each.name == choice.name), None)
    if point is None:
        remedy = told(
            "Set c.Envlink.engine to {value}, or install the distribution that brings it.",
            value=", ".join((EMBEDDED, *NAMES)),
        )
        raise EngineMissing(told("There is no engine {name!r}.", name=choice.name), remedy)
    return _loaded(point)


def _loaded(point: EntryPoint) -> Tool:
    try:
        tool: object = point.load()()
        if not isinstance(tool, Tool):
            raise TypeError(f"{tool!r} is no engine: see jupyter_envlink.engines.base.Tool")
    except Exception as error:  # somebody else's code: told as theirs
        reason = redact(str(error)) or type(error).__name__
        raise EngineMissing(
            told(
                "The engine {name} ({value}) cannot be loaded: {reason}",
                name=point.name,
                value=point.value,
                reason=reason,
            ),
            _THEIRS,
        ) from error
    return tool


@cache
def points() -> tuple[EntryPoint, ...]:
    """Looked for once in a process, and all distributions are understood only where somebody brings an engine."""
    if not may_be_named(GROUP):
        return ()
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))
