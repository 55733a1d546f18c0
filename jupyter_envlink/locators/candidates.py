"""The prefixes in which an environment of any kind may be, because somebody named their folder or themselves."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator

from jupyter_envlink.journal import HOME

from .folders import children
from .roots import Roots

_BUILDS = f"{os.sep}conda-bld{os.sep}"
_OURS = f"{os.sep}{HOME}{os.sep}"


def candidates(roots: Roots) -> Iterator[str]:
    """Canonical; nothing says that there is an environment.

    Listings of folders come before single paths: they spell a name as the disk does.
    """
    for folder in roots.envs_dirs:
        yield from children(folder)
    yield from roots.bases
    yield from (prefix for prefix in roots.listed if _OURS not in prefix and _BUILDS not in prefix)


def distinct(prefixes: Iterable[str]) -> Iterator[str]:
    """Each once, the first of its spellings, where the file system takes several for the same."""
    seen: dict[str, tuple[str, ...]] = {}
    for prefix in prefixes:
        key = folded(prefix)
        twins = seen.get(key)
        if twins is None:
            seen[key] = (prefix,)
            yield prefix
        elif prefix not in twins and not any(_is_same(prefix, twin) for twin in twins):
            seen[key] = (*twins, prefix)
            yield prefix


def folded(prefix: str) -> str:
    """One key for all spellings that a file system may take for the same."""
    return (prefix if prefix.isascii() else unicodedata.normalize("NFC", prefix)).casefold()


def _is_same(prefix: str, twin: str) -> bool:
    try:
        return os.path.samefile(prefix, twin)
    except OSError:
        return False
