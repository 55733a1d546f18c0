"""The channels of an environment, as a file lists them."""

from __future__ import annotations

from collections import Counter

from ..envfile.spec import package_name
from ..inventory import CondaPackage, Inventory


def listed(inventory: Inventory) -> tuple[str, ...]:
    """The names of the channels that packages came from, those with most packages first.

    A channel from which there is nothing but what somebody asked for as ``channel::package`` is left out: the packages
    say so themselves, and nothing else is to be taken from it.
    """
    apart = {package_name(spec) for spec in inventory.requested if "::" in spec}
    counted = Counter(package.channel for package in inventory.conda if package.channel and package.name not in apart)
    return tuple(dict.fromkeys(inventory.names[url] for url, _ in counted.most_common() if url))


def prefix(package: CondaPackage, inventory: Inventory) -> str:
    """``channel::`` where the list does not lead to the package."""
    name = inventory.names[package.channel] if package.channel else ""
    return f"{name}::" if name and name not in listed(inventory) else ""
