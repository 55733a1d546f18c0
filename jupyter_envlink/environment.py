"""What an environment, its kernels and its problems are. Values only: nothing here touches the disk."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from .sentence import told

P = ParamSpec("P")
T = TypeVar("T")

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_STRANGE = re.compile("[^a-z0-9._-]")


class State(str, Enum):
    """What can be done with an environment now."""

    READY = "ready"
    NO_KERNEL = "no-kernel"
    BROKEN = "broken"
    BUILDING = "building"
    INCOMPLETE = "incomplete"

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    State.READY: told("ready"),
    State.NO_KERNEL: told("no-kernel"),
    State.BROKEN: told("broken"),
    State.BUILDING: told("building"),
    State.INCOMPLETE: told("incomplete"),
}


@dataclass(frozen=True)
class Problem:
    """Why an environment is not ready: a stable code, a sentence, and what to do about it."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Kernel:
    """One ``kernel.json`` found inside an environment, as its author wrote it.

    ``argv`` is never run as it stands: ``kernelspecs`` makes its first word absolute first.
    """

    name: str
    display_name: str
    language: str
    argv: tuple[str, ...]
    resource_dir: str
    env: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    interrupt_mode: str = "signal"
    metadata: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    protocol_version: str | None = None


@dataclass(frozen=True)
class Environment:
    """A prefix on disk. Its identity is the canonical prefix; the name is only a label.

    ``None`` means *not known*, never *no*. ``signature`` changes whenever something that a kernel
    spec or an activation depends on may have changed.
    """

    prefix: str
    kind: str
    name: str
    state: State
    is_base: bool = False
    writable: bool | None = None
    python: str | None = None
    """Absolute path of the environment's Python, where it has one."""
    python_version: str | None = None
    """``3.11``, always major and minor: as the prefix itself says, nothing is run to find it."""
    kernels: tuple[Kernel, ...] = ()
    problem: Problem | None = None
    signature: str = ""
    frozen: bool = False
    """Whether its tools refuse to change it: it has a ``conda-meta/frozen`` (CEP 22)."""
    overlay: bool = False
    """Its kernel runs from outside it, see ``overlay``."""

    @property
    def id(self) -> str:
        return prefix_id(self.prefix)

    @property
    def language(self) -> str | None:
        """The language of the environment's main kernel, Python before all others."""
        languages = [kernel.language for kernel in self.kernels]
        if self.python or "python" in languages:
            return "python"
        return languages[0] if languages else None


_new: Any = object.__new__
_set: Any = object.__setattr__


def made(kind: Callable[P, T], /, *_: P.args, **fields: P.kwargs) -> T:
    """``kind(**fields)`` for the frozen dataclasses of this module, in a third of the time, for thousands at once.

    Their own ``__init__`` sets each field through ``object.__setattr__``. Fields with a default factory must be given;
    those with another default are better left out where they have it: a dictionary of more than ten names takes
    twice the memory, and to touch memory for the first time takes its time, too.
    """
    value: T = _new(kind)
    _set(value, "__dict__", fields)
    return value


def made_of(kind: type[T], fields: dict[str, Any]) -> T:
    """The same of a dictionary, which is from then on the value's own."""
    value: T = _new(kind)
    _set(value, "__dict__", fields)
    return value


def prefix_id(prefix: str) -> str:
    """Twelve hexadecimal digits that stand for ``prefix`` in URLs and records."""
    return hashlib.sha256(os.path.normcase(prefix).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def kernel_name(name: str) -> str:
    """``name`` as Jupyter takes it for a kernel: ``[a-z0-9._-]+``, at most 100 characters, never empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    kept = _STRANGE.sub("-", plain).strip("-.")
    return kept[:100] or "environment"
