"""One finished kernel spec folder, made beside the place where it will stand."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import activation, process
from .environment import Environment
from .errors import EnvlinkError
from .files import write_text
from .kernel_dirs import resource_names
from .link import Link
from .overlay import command
from .sentence import told

_INSTALL_WITHIN = 120.0
_IPYKERNEL = ("ipykernel_launcher", "ipykernel")
"""What Python is told to run; no part of a path, which may hold the word, too."""


def staged(link: Link, content: Mapping[str, Any], folder: Path) -> Path:
    """A complete spec below ``folder``, which must not exist: what ``ipykernel install`` writes, the kernel's looks.

    ``content`` goes over what ipykernel wrote into kernel.json, metadata entry by entry. ``EnvlinkError``, ``OSError``.
    """
    python = link.environment.python
    folder.mkdir()
    is_ipykernel = any(word in _IPYKERNEL for word in link.kernel.argv)
    made = _ipykernel_install(link, python, folder) if python and is_ipykernel else folder
    _copy_looks(link, made)
    base = read(made)
    metadata = {**(base.get("metadata") or {}), **content["metadata"]}
    write_text(made / "kernel.json", json.dumps({**base, **content, "metadata": metadata}, indent=1) + "\n")
    return made


def _ipykernel_install(link: Link, python: str, folder: Path) -> Path:
    """Options that ipykernel has had since 4.2; the name and title joined to theirs, so that none is taken for one."""
    argv = [*_ipykernel(link, python), "install", "--prefix", str(folder), f"--name={link.name}"]
    argv.append(f"--display-name={link.display_name}")
    environ = _install_environ(link.environment, folder)
    process.run(argv, env=environ, cwd=folder, timeout=_INSTALL_WITHIN, check=True)
    made = folder / "share" / "jupyter" / "kernels" / link.name
    if not (made / "kernel.json").is_file():
        raise EnvlinkError(
            told("`{argv}` wrote no kernel.json", argv=" ".join(argv)),
            told("Update ipykernel in {name}.", name=link.environment.name),
        )
    return made


def _ipykernel(link: Link, python: str) -> list[str]:
    """The command ``ipykernel``: the environment's own, or that of the overlay outside it."""
    return command(link.kernel, "ipykernel") if link.environment.overlay else [python, "-m", "ipykernel"]


def _install_environ(environment: Environment, folder: Path) -> dict[str, str]:
    """Its own programs first, its temporary files where they are removed: ipykernel leaves a folder behind."""
    environ = process.clean_environ(os.environ)
    path = [*activation.bin_dirs(environment.prefix), *filter(None, [environ.get("PATH")])]
    return {**environ, "PATH": os.pathsep.join(path), **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))}


def _copy_looks(link: Link, folder: Path) -> None:
    """The looks alone: whatever else the folder holds, ``argv`` names by its place in the environment."""
    source = Path(link.kernel.resource_dir)
    for name in resource_names(str(source)):
        if (source / name).is_file():  # a link that leads nowhere, or to a device, is no logo
            shutil.copyfile(source / name, folder / name)


def read(folder: Path) -> dict[str, Any]:
    """The kernel.json of ``folder``; empty where it cannot be read, and so nobody's."""
    try:
        content = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
