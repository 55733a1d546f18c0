"""Roots taken apart by the folder that holds them, so that one which does not answer holds no other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .candidates import folded
from .roots import Roots

_FOLDERS, _PREFIXES = ("envs_dirs", "projects"), ("bases", "listed")
MANY = 50
"""So many folders of single prefixes are looked at one by one; more of them are one part."""


def parts(roots: Roots) -> Mapping[str, Roots]:
    """Each folder that is searched, with what is searched in it; they add up to ``roots``.

    Single prefixes belong to the folder they lie in. The folders of tools, which each locator knows by the variables
    and the person's home, are one part, which bears the name of the registry. Reads nothing.
    """
    names: dict[str, str] = {}
    fields: dict[str, dict[str, Any]] = {}
    for folder, field, path in _placed(roots):
        name = names.setdefault(folded(folder), folder)  # two spellings of one folder: its twins meet in one part
        held = fields.setdefault(name, {})
        held[field] = (*held.get(field, ()), path)
    nothing: dict[str, Any] = dict.fromkeys((*_FOLDERS, *_PREFIXES), ())
    rest = replace(roots, **nothing)
    return {roots.registry: rest, **{name: replace(Roots(), **held) for name, held in fields.items()}}


def _placed(roots: Roots) -> Iterator[tuple[str, str, str]]:
    """Folder, field and path of everything that ``roots`` name."""
    yield from ((path, field, path) for field in _FOLDERS for path in getattr(roots, field))
    single = [(field, path) for field in _PREFIXES for path in getattr(roots, field)]
    parents = {path: os.path.dirname(path) for _, path in single}
    many = len(set(parents.values()) - set(roots.envs_dirs)) > MANY
    for field, path in single:
        inside = parents[path] in roots.envs_dirs or not many
        yield parents[path] if inside else roots.registry + os.pathsep, field, path
