"""All that can be mended in a file, mended."""

from __future__ import annotations

from collections.abc import Callable

from .model import EnvironmentFile
from .reader import read
from .writer import apart, apply

MOST_ROUNDS = 100
"""A fix may show what its fault has hidden, which may have a fix too. Real files need one round or two."""

Reader = Callable[[str], EnvironmentFile]


def fixed(text: str, *, path: str | None = None, platform: str | None = None, reader: Reader | None = None) -> str:
    """``text`` without the findings that have a fix; ``path`` and ``platform`` are those of :func:`read`.

    With ``reader`` it is a file of another format.
    """
    again = reader or (lambda changed: read(changed, path=path, platform=platform))
    seen = {text}
    for _ in range(MOST_ROUNDS):
        found = again(text).diagnostics
        after = apply(text, apart(each.fix for each in found if each.fix))
        if after in seen:
            break
        seen.add(after)
        text = after
    return text
