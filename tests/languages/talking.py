"""A client of one running kernel, as a page is one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

from ..server import Process

SECONDS = 60


class Kernel:
    """A kernel that a server started."""

    def __init__(self, server: Process, kernel_id: str, client: BlockingKernelClient) -> None:
        self._server, self._id, self._client = server, kernel_id, client

    def said(self, code: str, timeout: float = SECONDS) -> str:
        """All text that the cell prints; it must not fail. Raises ``TimeoutError``."""
        texts: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            assert message["msg_type"] != "error", message["content"]
            texts.append(message["content"].get("text", ""))

        reply = self._client.execute_interactive(code, output_hook=hear, timeout=timeout)
        assert reply["content"]["status"] == "ok"
        return "".join(texts).strip()

    def interrupted(self, code: str) -> str:
        """The status of the reply to ``code``, interrupted by the server once it runs."""
        message = self._client.execute(code, stop_on_error=False)  # else what comes next may be called off with it
        while self._client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "execute_input":
            pass
        time.sleep(0.5)  # the kernel has announced the cell, and has yet to begin with it
        self._server("POST", f"api/kernels/{self._id}/interrupt")
        while True:
            reply = self._client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == message:
                return str(reply["content"]["status"])

    def goes_on(self, code: str) -> bool:
        """Whether a cell after an interrupt prints something. IRkernel 1.3 loses one that comes in the moment after,
        whoever started it, so it is sent again."""
        time.sleep(1)
        for _ in range(4):
            with suppress(TimeoutError):
                return bool(self.said(code, timeout=SECONDS / 4))
        return False


@contextmanager
def started(server: Process, name: str, runtime: Path) -> Iterator[Kernel]:
    """A kernel of that name, started by the server as for a page."""
    kernel_id = server("POST", "api/kernels", {"name": name})["id"]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{kernel_id}.json"))
    try:
        client.load_connection_file()
        client.start_channels(hb=False)  # the server looks after its life, and R begins to beat late
        client.wait_for_ready(timeout=SECONDS)
        yield Kernel(server, kernel_id, client)
    finally:
        client.stop_channels()
        server("DELETE", f"api/kernels/{kernel_id}")
