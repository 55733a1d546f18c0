"""``pixi.lock``, version 6: what pixi, py-rattler, and conda 26.5 and later create an environment from.

py-rattler itself writes version 7, which older ones of these do not read.
https://github.com/conda/rattler/tree/main/crates/rattler_lock
"""

from __future__ import annotations

from typing import Any

from ..inventory import CondaPackage, Inventory
from ..python_lock import Artifact
from .explicit import refuse_unknown
from .locks import artifacts, remarks
from .text import comment, dumped


def pixi_lock(inventory: Inventory) -> str:
    """Raises ``Conflict`` (``no-url``) where it is not known where a package came from."""
    refuse_unknown(inventory)
    python = list(artifacts(inventory, _holds))
    used = [{"conda": package.url} for package in inventory.conda] + [{"pypi": one.url} for one in python]
    channels = dict.fromkeys(package.channel for package in inventory.conda if package.channel)
    environment = {"channels": [{"url": f"{url}/"} for url in channels], "packages": {inventory.platform: used}}
    packages = [*map(_conda, inventory.conda), *map(_pypi, python)]
    content = {"version": 6, "environments": {"default": environment}, "packages": packages}
    return comment(remarks(inventory, _holds)) + dumped(content)


def _conda(package: CondaPackage) -> dict[str, Any]:
    entry = {
        "conda": package.url,
        "subdir": package.subdir,  # which rattler cannot tell from a file: URL
        "sha256": package.sha256,
        "md5": package.md5,
        "depends": list(package.depends),
        "constrains": list(package.constrains),
        "license": package.license,
        "size": package.size,
    }
    return {key: value for key, value in entry.items() if value}


def _pypi(one: Artifact) -> dict[str, Any]:
    entry = {"pypi": one.url, "name": one.name, "version": one.version, "sha256": one.sha256}
    return {key: value for key, value in entry.items() if value}


def _holds(one: Artifact) -> bool:
    return True
