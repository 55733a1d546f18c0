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
        import gc, threading, sys, traceback

        out = open("/tmp/lagdbg.log", "a")
        started = {}

        def cb(phase, info):
            if phase == "start":
                started[info["generation"]] = time.perf_counter()
            else:
                d = (time.perf_counter() - started.pop(info["generation"])) * 1000
                if d > 5:
                    print(
                        "GC gen%d %.1f ms thread %s" % (info["generation"], d, threading.current_thread().name),
                        file=out,
                        flush=True,
                    )

        gc.callbacks.append(cb)
        self.beat = time.perf_counter()
        main = threading.current_thread().ident

        def watch():
            told = 0
            while True:
                time.sleep(0.004)
                late = time.perf_counter() - self.beat - TICK
                if late > 0.015 and told != self.beat:
                    told = self.beat
                    print("---- late %.1f ms" % (late * 1000), file=out)
                    names = {t.ident: t.name for t in threading.enumerate()}
                    for ident, frame in sys._current_frames().items():
                        if ident == threading.get_ident():
                            continue
                        st = traceback.extract_stack(frame)[-7:]
                        line = " < ".join(
                            "%s:%d %s" % (f.filename.rsplit("/", 1)[-1], f.lineno, f.name) for f in reversed(st)
                        )
                        if "threading.py" in line.split(" < ")[0] or "thread.py" in line.split(" < ")[0]:
                            continue
                        print(("LOOP " if ident == main else "  ") + names.get(ident, "?"), line, file=out)
                    out.flush()

        threading.Thread(target=watch, daemon=True).start()
        while True:
            self.beat = time.perf_counter()
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
