"""What the tests of the write loop have in common: requests, somebody who only listens, trees, another user."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from jupyter_envlink.engines.base import Step
from jupyter_envlink.request import Operation, Request

NOBODY = 65534


class Listener:
    """Keeps what an operation says. Fits ``operations.Reporter``; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.phases: list[str] = []
        self.lines: list[str] = []
        self.steps: list[Step] = []

    def phase(self, name: str, text: str) -> None:
        with self._lock:
            self.phases.append(name)

    def step(self, step: Step) -> None:
        with self._lock:
            self.steps.append(step)

    def line(self, text: str) -> None:
        with self._lock:
            self.lines.append(text)


def yml(*dependencies: str, channel: str = "conda-forge", pip: tuple[str, ...] = (), name: str = "demo") -> str:
    """An environment file."""
    lines = [f"name: {name}", "channels:", f"  - {channel}", "dependencies:"]
    lines += [f"  - {each}" for each in dependencies]
    if pip:
        lines += ["  - pip:", *(f"    - {each}" for each in pip)]
    return "\n".join(lines) + "\n"


def request(operation: Operation, prefix: Path, job: str = "20260101-000000-0000abcd", **options: Any) -> Request:
    return Request(job, operation, prefix.name, str(prefix), str(prefix.parent), "2026-01-01T00:00:00Z", options)


def create_request(prefix: Path, text: str, folder: Path | None = None) -> Request:
    options = {"text": text, "path": "environment.yml", "folder": str(folder) if folder else None}
    return request(Operation.CREATE, prefix, **options)


def kernel_request(prefix: Path, spec: str = "ipykernel") -> Request:
    return request(Operation.INSTALL_KERNEL, prefix, spec=spec)


def tree_of(folder: Path) -> dict[str, str]:
    """Every file, link and folder below ``folder`` with a hash of what it is: content, mode, target."""
    return {str(path.relative_to(folder)): _hash(path) for path in sorted(folder.rglob("*"))}


def _hash(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    mode = oct(path.stat().st_mode)
    return mode if path.is_dir() else f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def holding(folder: Path, text: str) -> list[str]:
    """Every file and link below ``folder`` whose name, bytes or target hold ``text``."""
    return [str(path) for path in folder.rglob("*") if _holds(path, os.fsencode(text))]


def _holds(path: Path, data: bytes) -> bool:
    if path.is_symlink():
        return data in os.fsencode(path.readlink())
    return data in os.fsencode(path.name) or (path.is_file() and data in path.read_bytes())


def litter(root: Path) -> list[str]:
    """What jupyter_envlink has left below ``root``, but for locks, empty folders, and generations that are whole."""
    home = root / ".envlink"
    whole = tuple(
        f"{record.parent}{os.sep}"
        for record in home.glob("generations/*/*/generation.json")
        if (record.parent / "env").is_dir()
    )
    # ``walk`` takes links to folders for folders; one that goes meanwhile has nothing in it.
    left = (
        Path(folder, name) for folder, folders, names in os.walk(home) for name in (*names, *_links(folder, folders))
    )
    return [str(path) for path in left if path.parent != home / "locks" and not str(path).startswith(whole)]


def _links(folder: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if os.path.islink(os.path.join(folder, name))]


def nothing_left(envs: Path) -> None:
    """No environment lies in ``envs``, if there is such a folder, and nothing of ours but locks."""
    assert not envs.exists() or [name for name in os.listdir(envs) if name != ".envlink"] == []
    assert litter(envs) == []


def as_nobody(code: str, *arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``code`` as somebody whom rights on files bind; the tests may run as root. ``code`` may say ``nobody()``
    after its imports, and from there on it is."""
    head = (
        "import os, sys\n"
        "def nobody():\n"
        "    if os.getuid() == 0:\n"
        f"        os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
    )
    argv = [sys.executable, "-c", head + code, *map(str, arguments)]
    # Nobody may not write down either what was covered, and would be heard complaining.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=False, env=environ)


_DROP = """
import ctypes, os, sys
if sys.platform == "linux" and os.getuid() == 0:
    drop, overrides = 24, (1, 2)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    for capability in overrides:
        assert ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def bound_by_rights(argv: Sequence[str]) -> list[str]:
    """``argv``, so that rights on files bind it and all that it starts: root gives up its power to ignore them."""
    return [sys.executable, "-c", _DROP, *argv]


def open_to_all(folder: Path) -> nullcontext[Path]:
    """``folder``, so that another user reaches and owns it; pytest's are their owner's alone.

    They stay so: tests that run at the same time share them.
    """
    for each in folder.parents:
        if each != Path("/") and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o011)
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return nullcontext(folder)
