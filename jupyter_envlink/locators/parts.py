"""Roots taken apart by the folder that holds them, so that one which does not answer holds no other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .candidates import folded
from .roots import Roots

_FOLDERS, _PREFIXES = ("envs_dirs", "projects"), ("bases", "listed")
_REST = "the folders of single environments"
MANY = 50
"""So many folders of single prefixes are looked at one by one; more of them are one part."""


def parts(roots: Roots) -> Mapping[str, Roots]:
    """Each folder that is searched, with what is searched in it; they add up to ``roots``.

    Single prefixes belong to the folder they lie in. The folders of tools, which each locator knows by the variables
    and the person's home, are one part, which bears the name of the registry. Reads nothing.
    """
    fields: dict[str, dict[str, list[str]]] = {}
    for folder, field, paths in _placed(roots):
        fields.setdefault(folder, {}).setdefault(field, []).extend(paths)
    nothing: dict[str, Any] = dict.fromkeys((*_FOLDERS, *_PREFIXES), ())
    apart = {roots.registry: replace(roots, **nothing)}
    for folder, held in fields.items():
        filled: dict[str, Any] = {field: tuple(paths) for field, paths in held.items()}
        apart[folder] = replace(Roots(), **filled)
    return apart


def _placed(roots: Roots) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Part, field and paths of everything that ``roots`` name."""
    names: dict[str, str] = {}  # two spellings of one folder are one part: its twins meet there
    for field in _FOLDERS:
        for folder in getattr(roots, field):
            yield names.setdefault(folded(folder), folder), field, (folder,)
    many = len({os.path.dirname(path) for path in roots.listed} - set(roots.envs_dirs)) > MANY
    for field in _PREFIXES:
        for folder, paths in _by_parent(getattr(roots, field)).items():
            is_apart = not many or folded(folder) in names
            yield names.setdefault(folded(folder), folder) if is_apart else _REST, field, paths


def _by_parent(prefixes: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for prefix in prefixes:
        found.setdefault(prefix.rpartition(os.sep)[0] or os.sep, []).append(prefix)
    return found
