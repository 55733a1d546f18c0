"""What an environment is called, from its path alone: no other environment changes it."""

from __future__ import annotations

import os
import re

USUAL = frozenset({"venv", "env", "virtualenv"})
"""Names that say nothing: every project's environment bears one of them."""
_WORKSPACE = re.compile(r"^(.+)-\d{6,20}$")


def label(prefix: str) -> str:
    """The folder's name; of a hidden one (``project/.venv``, ``project/.conda``) the name of the folder it is in."""
    parent, _, name = prefix.rpartition(os.sep)
    return shown(_project(parent) or name if name.startswith(".") else name)


def venv_label(prefix: str) -> str:
    """The same, where ``project/venv`` and ``project/env`` are the project's, too."""
    parent, _, name = prefix.rpartition(os.sep)
    return shown(_project(parent) or name if name.startswith(".") or name in USUAL else name)


def pixi_label(prefix: str) -> str:
    """``project`` for its default environment, ``project-test`` for one of its others.

    In the project it is ``project/.pixi/envs/test``, detached from it ``project-HASH/envs/test``
    (pixi, ``Workspace::detached_environments_path``).
    """
    folder, _, name = prefix.rpartition(os.sep)
    place, _, _ = folder.rpartition(os.sep)
    parent, _, own = place.rpartition(os.sep)
    detached = _WORKSPACE.match(own)
    project = detached[1] if detached else _project(parent) if own == ".pixi" else ""
    return shown(joined(project, "" if name == "default" else name) or name)


def joined(project: str, name: str) -> str:
    """``project-name``, or the one of them that is there; the project alone where both are the same."""
    return "-".join(dict.fromkeys(part for part in (project, name) if part))


def shown(name: str) -> str:
    """Control characters, which could speak to a terminal, and bytes that are no text become ``U+FFFD``."""
    return name if name.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _project(folder: str) -> str:
    name = os.path.basename(folder)
    return "" if name.startswith(".") else name
