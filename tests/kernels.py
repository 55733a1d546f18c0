"""Real kernels, started through a kernel spec manager."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager


@contextmanager
def started(
    specs: KernelSpecManager, name: str, **options: Any
) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """The kernel of that name, ready, and a client of it; it ends with the block."""
    kernel = KernelManager(kernel_name=name, kernel_spec_manager=specs)
    kernel.start_kernel(**options)
    client = kernel.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield kernel, client
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)


def ran(client: BlockingKernelClient, code: str = "1 + 1") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The reply to a cell, and what the page was told."""
    told: list[dict[str, Any]] = []
    reply = client.execute_interactive(code, timeout=30, output_hook=told.append, allow_stdin=False)
    return reply["content"], [message["content"] for message in told if message["msg_type"] != "status"]
