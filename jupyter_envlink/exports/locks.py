"""The Python distributions that a lock file can hold, and what it says about the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..inventory import Inventory
from ..python_lock import Artifact
from .text import left_out, unreadable

Holds = Callable[[Artifact], bool]


def artifacts(inventory: Inventory, holds: Holds) -> Iterator[Artifact]:
    """Those that came from no folder of this machine, and that the format can hold."""
    folders = {one.name for one in inventory.pip if one.is_folder}
    found = inventory.locked.artifacts if inventory.locked else ()
    return (one for one in found if one.name not in folders and holds(one))


def remarks(inventory: Inventory, holds: Holds) -> list[str]:
    """What is installed and not in the file."""
    held = {one.name for one in artifacts(inventory, holds)}
    others = [one.requirement for one in inventory.pip if one.name not in held]
    return [
        *left_out("Not in this file, as nobody else could have them by an address and a hash:", others),
        *left_out("Nor these variables:", inventory.variables),
        *unreadable(inventory),
    ]
