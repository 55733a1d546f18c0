"""Virtual environments made by uv, and what the package index has, fetched once per run. A plugin's fixtures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from jupyter_envlink.engines.uv import find_uv
from jupyter_envlink.request import Operation, Request

from .conftest import Machine
from .writing import request

#: pyenv's, of the account whose home the tests hide.
SHELF = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def venv(prefix: Path, python: str = sys.executable, wheels: Sequence[Path | str] = ()) -> Path:
    """A virtual environment as uv makes it, with ``wheels`` in it."""
    prefix.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([find_uv(), "venv", "--quiet", "--python", python, prefix], check=True, timeout=60)
    if wheels:
        argv = [find_uv(), "pip", "install", "--quiet", "--python", python_in(prefix), *map(str, wheels)]
        subprocess.run(argv, check=True, timeout=120)
    return prefix


def python_in(prefix: Path) -> Path:
    return prefix / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages(prefix: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    argv = [python_in(prefix), "-B", "-c", code]
    return Path(subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout.strip())


def distribution(folder: Path, name: str, version: str, source: str) -> None:
    """What stands for an installed package: its metadata, and one module of that source."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "RECORD").touch()
    (folder / f"{name}.py").write_text(source)


def wheels_request(operation: Operation, prefix: Path, root: Path | None = None, version: str = MINOR) -> Request:
    options = {"wheels": True, "python": str(python_in(prefix)), "python_version": version, "tidy": root is None}
    made = request(operation, prefix, **options)
    return made if root is None else Request(**{**vars(made), "root": str(root)})


def pythons(*wanted: str) -> list[str]:
    """Interpreters of these versions, such as ``3.8``, wherever this machine has them: on PATH, or by pyenv."""
    found = []
    for version in wanted:
        kept = sorted(SHELF.glob(f"{version}.*/bin/python"))
        on_path = shutil.which(f"python{version}")
        found += [str(kept[-1])] if kept else [on_path] if on_path else []
    return found


@pytest.fixture(scope="session")
def uv_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "uv-cache"


@pytest.fixture
def index(machine: Machine, uv_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package index of this machine's configuration; what it gave once is not asked for again."""
    monkeypatch.setenv("UV_CACHE_DIR", str(uv_cache))
