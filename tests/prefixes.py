"""Environments for tests: values, prefixes that only look like ones, and real ones from the local channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_envlink.environment import Environment, Kernel, State

PYTHON_ARGV = ("python", "-m", "ipykernel_launcher", "-f", "{connection_file}")


def python_kernel(prefix: str = "/x", name: str = "python3", **changes: Any) -> Kernel:
    """The kernel that the ipykernel wheel brings."""
    given: dict[str, Any] = {"display_name": "Python 3 (ipykernel)", "language": "python", "argv": PYTHON_ARGV}
    folder = f"{prefix}/share/jupyter/kernels/{name}"
    return Kernel(**{"name": name, "resource_dir": folder, "metadata": {"debugger": True}, **given, **changes})


def r_kernel(prefix: str = "/x", **changes: Any) -> Kernel:
    argv = ("R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}")
    folder = f"{prefix}/share/jupyter/kernels/ir"
    return Kernel(
        **{"name": "ir", "display_name": "R", "language": "R", "argv": argv, "resource_dir": folder, **changes}
    )


def environment(prefix: str, **changes: Any) -> Environment:
    """A ready conda environment with Python 3.11, named by its folder."""
    given: dict[str, Any] = {
        "kind": "conda",
        "name": prefix.rsplit("/", 1)[-1],
        "state": State.READY,
        "writable": True,
        "python": f"{prefix}/bin/python",
        "python_version": "3.11",
        "kernels": (python_kernel(prefix),),
        "signature": "1",
    }
    return Environment(prefix=prefix, **{**given, **changes})


def look_alike(prefix: Path, kernel_json: str | None = None) -> Path:
    """A folder with the files by which a conda environment with a kernel is known, and nothing that runs."""
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").write_text("")
    record = {"name": "python", "version": "3.11.7", "build": "0", "build_number": 0, "depends": [], "files": []}
    (prefix / "conda-meta" / "python-3.11.7-0.json").write_text(json.dumps(record))
    kernel = {"argv": list(PYTHON_ARGV), "display_name": "Python 3", "language": "python"}
    folder = prefix / "share" / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel) if kernel_json is None else kernel_json)
    (folder / "logo-svg.svg").write_text("<svg/>")
    python = prefix / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    return prefix


def shell_alike(prefix: Path) -> Path:
    """A look-alike whose kernel is not ipykernel: its registration is a copy, and starts nothing."""
    kernel = {"argv": ["sh", "{connection_file}"], "display_name": "Shell", "language": "bash"}
    return look_alike(prefix, json.dumps(kernel))


def real(channel_url: str, prefix: Path, specs: Sequence[str]) -> Path:
    """A real environment, solved and linked by py-rattler."""
    asyncio.run(_real(channel_url, prefix, specs))
    return prefix


async def _real(channel_url: str, prefix: Path, specs: Sequence[str]) -> None:
    import rattler

    records = await rattler.solve(
        sources=[rattler.Channel(channel_url)], specs=list(specs), virtual_packages=rattler.VirtualPackage.detect()
    )
    await rattler.install(records, prefix, show_progress=False)
