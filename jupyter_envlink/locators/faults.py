"""What stops a look at a prefix, the same for each kind."""

from __future__ import annotations

import errno
import os
import re

from jupyter_envlink.environment import Environment, State

from . import problems
from .base import Found
from .evidence import Evidence
from .labels import label

_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_FIELD = re.compile(r"\{[A-Za-z0-9_]+\}")
UNKNOWN = "unknown"
"""The kind of what cannot even be looked into."""


def failed(prefix: str, error: OSError, kind: str) -> Found | None:
    """Nothing where ``error`` says that there is nothing, an environment that cannot be read where it forbids a look.

    Raises ``error`` where the disk itself fails, which says nothing about the environment.
    """
    if error.errno in _NOWHERE:
        return None
    if error.errno in _FORBIDDEN:
        return unreadable(prefix, error, kind)
    raise error


def unreadable(prefix: str, error: Exception, kind: str = UNKNOWN) -> Found:
    """An environment of which nothing is known except that it cannot be read; it is tried again each time."""
    problem = problems.unreadable(prefix, error)
    return Found(Environment(prefix, kind, label(prefix), State.BROKEN, problem=problem), Evidence())


def forbidden(path: str) -> OSError | None:
    """The error where the rights forbid to see what ``path`` leads to: it may well be there."""
    try:
        os.stat(path)
    except OSError as error:
        return error if error.errno in _FORBIDDEN else None
    return None


def is_rewritten(prefix: str) -> bool:
    """Whether Jupyter would replace a word of the path by a value of its own."""
    return "{" in prefix and bool(_FIELD.search(prefix))
