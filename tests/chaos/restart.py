"""The next start of a server, whatever was killed before. As ``python -m tests.chaos.restart FOLDER`` to be killed."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time

from jupyter_envlink.jobs.record import Job
from jupyter_envlink.live import Live
from jupyter_envlink.service import Envlink

from .waiting import ENDS_WITHIN


def restarted(service: Envlink, registers: bool = False) -> list[Job]:
    """Start the background work of a server, wait until no job goes on any more, and stop it; every job there is.

    With ``registers`` until the kernel specs on the disk are in line, too.
    """
    try:
        asyncio.run(_restarted(service))
        if registers:
            service.register()
        return service.jobs.all()
    finally:
        gc.unfreeze()  # a server does it once


async def _restarted(service: Envlink) -> None:
    live = Live(service, lambda schema, data: None, logging.getLogger(__name__))
    await live.start()
    try:
        deadline = time.monotonic() + ENDS_WITHIN
        while service.queue.active:
            assert time.monotonic() < deadline, service.queue.active
            await asyncio.sleep(0.02)
    finally:
        await live.stop()


def main() -> None:
    from traitlets.config import Config

    config = Config({"Catalog": {"project_roots": sys.argv[1:]}, "Registrar": {"register": "none"}})
    restarted(Envlink(config=config))


if __name__ == "__main__":
    main()
