"""``@EXPLICIT``: the addresses of the very files (CEP 23). Nothing is solved when it is used."""

from __future__ import annotations

from ..errors import Conflict
from ..inventory import CondaPackage, Inventory
from .text import comment, left_out, unreadable


def explicit(inventory: Inventory) -> str:
    """Raises ``Conflict`` (``no-url``) where it is not known where a package came from."""
    head = [
        "This file may be used to create an environment using:",
        "$ conda create --name <env> --file <this file>",
        f"platform: {inventory.platform}",
        *left_out("Not in this file, which holds conda packages only:", (one.requirement for one in inventory.pip)),
        *left_out("Nor these variables:", inventory.variables),
        *unreadable(inventory),
    ]
    return comment(head) + addresses(inventory)


def addresses(inventory: Inventory) -> str:
    """The mark, and an address with its hash a line. Raises as ``explicit`` does."""
    refuse_unknown(inventory)
    return "@EXPLICIT\n" + "".join(f"{package.url}{_hash(package)}\n" for package in inventory.conda)


def refuse_unknown(inventory: Inventory) -> None:
    """Raises ``Conflict`` (``no-url``) where a package has no address."""
    missing = [package.name for package in inventory.conda if not package.url]
    if missing:
        message = f"It is not known where {', '.join(missing)} came from."
        raise Conflict(message, "Choose a format that names no files: yml.", code="no-url", details={"names": missing})


def _hash(package: CondaPackage) -> str:
    if package.sha256:
        return f"#sha256:{package.sha256}"
    return f"#{package.md5}" if package.md5 else ""
