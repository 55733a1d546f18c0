"""``requirements.txt``, as ``pip freeze`` writes it."""

from __future__ import annotations

from ..inventory import Inventory
from .text import comment, left_out, unreadable

_SITE = "The packages of the Python that it was made with, which this environment sees too, are not in this file."


def requirements(inventory: Inventory) -> str:
    """A line for each distribution but pip itself."""
    local = [one.requirement for one in inventory.pip if one.is_local]
    head = [
        *([f"Python {inventory.python_version}"] if inventory.python_version else []),
        *left_out("These are installed from files of the machine that this was written on:", local),
        *([_SITE] if inventory.site else []),
        *unreadable(inventory),
    ]
    return comment(head) + lines(inventory)


def lines(inventory: Inventory) -> str:
    return "".join(f"{one.requirement}\n" for one in inventory.pip if one.name.lower() != "pip")
