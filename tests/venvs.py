"""Real virtual environments for tests, each made by its own program in a fraction of a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import uv

KERNEL = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def by_venv(prefix: Path, **options: bool) -> Path:
    """As ``python -m venv --without-pip`` makes it."""
    venv.create(prefix, symlinks=os.name != "nt", with_pip=False, **options)
    return real(prefix)


def by_uv(prefix: Path, *options: str) -> Path:
    """As ``uv venv`` makes it with the Python that runs the tests."""
    _run(uv.find_uv_bin(), "venv", "--quiet", "--offline", "--no-config", "--python", sys.executable, *options, prefix)
    return real(prefix)


def by_virtualenv(prefix: Path) -> Path:
    """As ``virtualenv`` makes it, without what it would have to fetch."""
    _run(sys.executable, "-m", "virtualenv", "--quiet", "--no-download", "--no-seed", prefix)
    return real(prefix)


def add_kernel(prefix: Path, spec: object = KERNEL, name: str = "python3") -> Path:
    """The file that the ipykernel wheel brings, or another one."""
    file = prefix / "share" / "jupyter" / "kernels" / name / "kernel.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(spec if isinstance(spec, str) else json.dumps(spec))
    return file


def real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _run(*words: str | Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run(list(map(str, words)), check=True, capture_output=True, timeout=60, env=environ)
