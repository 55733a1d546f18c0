"""``conda-lock.yml``, version 1: what conda-lock, micromamba, and conda 26.5 and later create an environment from.

https://github.com/conda/conda-lock/blob/main/conda_lock/lockfile/v1/models.py
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from ..inventory import CondaPackage, Inventory
from ..python_lock import Artifact
from . import channels
from .explicit import refuse_unknown
from .locks import artifacts, remarks
from .text import comment, dumped


def conda_lock(inventory: Inventory) -> str:
    """Raises ``Conflict`` (``no-url``) where it is not known where a package came from."""
    refuse_unknown(inventory)
    metadata = {
        "content_hash": {inventory.platform: _content_hash(inventory)},
        "channels": [{"url": name, "used_env_vars": []} for name in channels.listed(inventory)],
        "platforms": [inventory.platform],
        "sources": ["environment.yml"],
    }
    packages = [*_conda(inventory), *_pip(inventory)]
    return comment(remarks(inventory, _holds)) + dumped({"version": 1, "metadata": metadata, "package": packages})


def _conda(inventory: Inventory) -> Iterator[dict[str, Any]]:
    for package in inventory.conda:
        hashes = {"md5": package.md5, "sha256": package.sha256}
        known = {kind: value for kind, value in hashes.items() if value}
        yield {**_entry(inventory, package, "conda", _dependencies(package), known), "build": package.build}


def _pip(inventory: Inventory) -> Iterator[dict[str, Any]]:
    for one in artifacts(inventory, _holds):
        yield _entry(inventory, one, "pip", {}, {"sha256": one.sha256})


def _entry(
    inventory: Inventory,
    package: CondaPackage | Artifact,
    manager: str,
    dependencies: dict[str, str],
    hashes: dict[str, str],
) -> dict[str, Any]:
    return {
        "name": package.name,
        "version": package.version,
        "manager": manager,
        "platform": inventory.platform,
        "dependencies": dependencies,
        "url": package.url,
        "hash": hashes,
        "category": "main",
        "optional": False,
    }


def _dependencies(package: CondaPackage) -> dict[str, str]:
    """``libzlib >=1.2,<2`` by name; what the machine itself provides (``__glibc``) is no package."""
    parts = (spec.partition(" ") for spec in package.depends)
    return {name: constraint.strip() or "*" for name, _, constraint in parts if not name.startswith("__")}


def _holds(one: Artifact) -> bool:
    """Each file has to have its hash here."""
    return bool(one.sha256)


def _content_hash(inventory: Inventory) -> str:
    """By which conda-lock sees that its sources have changed; ours are the packages themselves."""
    text = "\n".join(f"{package.url} {package.sha256}" for package in inventory.conda)
    return hashlib.sha256(text.encode()).hexdigest()
