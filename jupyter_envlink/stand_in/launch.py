"""What a stand-in does when it starts: look again, and only then stand in.

A server keeps the kernel spec that a kernel was started with, also for its restart (jupyter_client.manager,
``KernelManager.kernel_spec``). So it is here that a restart after the repair becomes the real kernel.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from string import Template
from typing import Any

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.kernel_dirs import KernelDirs
from jupyter_envlink.menu import KernelMenu
from jupyter_envlink.offer import Offer
from jupyter_envlink.process import become

from .explanation import ENCRYPTION, VARIABLE, Explanation

REPAIRED = "It was repaired meanwhile, but this restart cannot bring it back."
ANEW = "Choose this kernel anew: Change Kernel, in the menu Kernel."

_log = logging.getLogger("jupyter_envlink")


def main() -> None:
    """Become the kernel that was asked for if it can start by now; else explain until shut down."""
    explanation = Explanation.decode(os.environ.pop(VARIABLE))
    now = _offer(explanation)
    if now and now.explanation is None:
        _take_over(now, explanation)
        explanation = replace(explanation, message=REPAIRED, remedy=ANEW)
    elif now and now.explanation:
        explanation = now.explanation
    _explain(explanation)


def _offer(explanation: Explanation) -> Offer | None:
    """What the menu has by that name now. Nothing that goes wrong here keeps the explanation from being given."""
    try:
        # The variable names an active environment, which is looked for wherever it is.
        active = {**os.environ, "VIRTUAL_ENV": explanation.prefix}
        catalog = Catalog(environ=active, extra_roots=list(explanation.roots))
        catalog.refresh()
        menu = KernelMenu(catalog=catalog, data_dir=explanation.data_dir, kernel_dirs=KernelDirs([]), native=None)
        return menu.find(explanation.kernel)
    except Exception:
        _log.warning("envlink: cannot look for %s again", explanation.title, exc_info=True)
        return None


def _take_over(offer: Offer, explanation: Explanation) -> None:
    """Returns only where the kernel cannot be run in this one's place."""
    if not _is_alike(offer, explanation):
        return
    try:
        become(_command(offer.spec["argv"]), _environ(offer.spec["env"]))
    except OSError as e:
        _log.warning("envlink: cannot start %s: %s", explanation.title, e)


def _is_alike(offer: Offer, explanation: Explanation) -> bool:
    """Whether the server can go on as it began. Windows has no ``exec`` that keeps the process."""
    known = offer.spec["metadata"].get(ENCRYPTION, ())
    encrypted = all(each in known for each in explanation.encryption)
    return sys.platform != "win32" and encrypted and offer.spec["interrupt_mode"] == explanation.interrupt_mode


def _command(argv: list[str]) -> list[str]:
    connection_file = sys.argv[sys.argv.index("-f") + 1]
    return [word.replace("{connection_file}", connection_file) for word in argv]


def _environ(changes: Mapping[str, str]) -> dict[str, str]:
    """As jupyter_client makes it (``KernelProvisionerBase.pre_launch``)."""
    own = {name: Template(value).safe_substitute(os.environ) for name, value in changes.items()}
    return {**os.environ, **own}


def _explain(explanation: Explanation) -> Any:
    from ipykernel.kernelapp import IPKernelApp

    from .kernel import StandIn

    kind = type("StandIn", (StandIn,), {"explanation": explanation})
    return IPKernelApp.launch_instance(kernel_class=kind)
