"""``pylock.toml`` (PEP 751): the very files with their hashes, as the index has them now. Written by uv."""

from __future__ import annotations

from ..inventory import Inventory
from .text import comment, left_out, unreadable


def pylock(inventory: Inventory) -> str:
    folders = (one.requirement for one in inventory.pip if one.is_folder)
    head = [*left_out("Not in this file, as they lie in folders of one machine:", folders), *unreadable(inventory)]
    return comment(head) + (inventory.locked.text if inventory.locked else "")
