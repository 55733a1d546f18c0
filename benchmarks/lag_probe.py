"""A server extension that measures how late the server's event loop is: loaded by ``benchmarks.server_lag`` only."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

TICK = 0.002


class Probe:
    """Sleeps for ``TICK`` seconds again and again, and keeps by how many milliseconds each sleep was too long."""

    def __init__(self) -> None:
        self.late: list[float] = []

    async def run(self) -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(TICK)
            self.late.append((time.perf_counter() - start - TICK) * 1000)


class LagHandler(APIHandler):
    auth_resource = "benchmark"

    def initialize(self, probe: Probe) -> None:
        self.probe = probe

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """The lags since the last call, in milliseconds, and begin anew."""
        late, self.probe.late = self.probe.late, []
        await self.finish(json.dumps(late))


def _load_jupyter_server_extension(serverapp: Any) -> None:
    probe = Probe()
    serverapp.web_app.settings["lag_probe"] = probe
    route = url_path_join(serverapp.web_app.settings["base_url"], "benchmark/lag")
    serverapp.web_app.add_handlers(".*$", [(route, LagHandler, {"probe": probe})])


async def _start_jupyter_server_extension(serverapp: Any) -> None:
    probe = serverapp.web_app.settings["lag_probe"]
    probe.task = asyncio.create_task(probe.run())
