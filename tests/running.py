"""Real kernels: started by name or by command, asked, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager

READY_WITHIN = 120
ANSWERS_WITHIN = 60


class Asked:
    """A running kernel that one can ask for the value of an expression, or to run a line."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def prints(self, code: str) -> str:
        """What ``code`` writes on its output, without the white space around."""
        said: list[str] = []

        def hear(message: Any) -> None:
            content = message["content"]
            said.append(content.get("text") or "\n".join(content.get("traceback", ())))

        self._client.execute_interactive(code, timeout=ANSWERS_WITHIN, output_hook=hear)
        return "".join(said).strip()

    def value(self, expression: str, *imports: str) -> Any:
        """The value of ``expression``, as JSON carries it, once ``imports`` are imported."""
        names = ", ".join(("json", *imports))
        return json.loads(self.prints(f"import {names}\nprint(json.dumps({expression}))"))


@contextmanager
def started(manager: KernelManager) -> Iterator[Asked]:
    manager.start_kernel()
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=READY_WITHIN)
        yield Asked(client)
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


@contextmanager
def kernel_of(catalog: Catalog, data: Path, name: str) -> Iterator[Asked]:
    """The kernel called ``name``, as the server of this catalog starts it."""
    specs = EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(data), kernel_dirs=[])
    with started(KernelManager(kernel_name=name, kernel_spec_manager=specs)) as asked:
        yield asked


@contextmanager
def kernel_from(folder: Path, argv: Sequence[str]) -> Iterator[Asked]:
    """A kernel that ``argv`` starts; its spec is written into ``folder``, an empty one."""
    place = folder / "kernels" / "tried"
    place.mkdir(parents=True)
    spec = {"argv": list(argv), "display_name": "Tried", "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec))
    manager = KernelManager(kernel_name="tried")
    manager.kernel_spec_manager.kernel_dirs = [str(place.parent)]
    with started(manager) as asked:
        yield asked
