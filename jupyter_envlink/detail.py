"""One environment in full, as far as that costs no walk through it: ``EnvironmentDetail`` of ``openapi.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .environment import Environment
from .holding import Holdings
from .holdings import holdings
from .link import Link
from .menu import KernelMenu
from .registration import Registrar
from .revisions import revisions
from .shown_variables import shown_variables


def detail(environment: Environment, menu: KernelMenu, registrar: Registrar) -> dict[str, Any]:
    """What the listing does not say of it. Reads the record of each package: for a thread."""
    held = read_holdings(environment.prefix)
    links = [link for link in menu.links() if link.environment.prefix == environment.prefix]
    own = menu.bindings.get(environment.prefix).variables
    return {
        "packages": [each.as_dict() for each in held.packages],
        "unreadable": list(held.unreadable),
        "revisions": [each.as_dict() for each in revisions(environment.prefix)],
        "kernel_specs": _kernel_specs(links, menu, registrar),
        "activated": shown_variables(environment, menu.scripts, own),
    }


def read_holdings(prefix: str) -> Holdings:
    """Its packages; where not even a listing may be read, none, and why."""
    try:
        return holdings(prefix)
    except OSError as error:
        return Holdings(unreadable=(str(error.filename or prefix),))


def _kernel_specs(links: Sequence[Link], menu: KernelMenu, registrar: Registrar) -> list[dict[str, Any]]:
    return [
        {
            "name": link.name,
            "display_name": link.display_name,
            "language": link.kernel.language,
            "argv": list(menu.kernel_spec(link)["argv"]),
            "aliases": list(link.aliases),
            "registered": registrar.registered(link),
        }
        for link in links
    ]
