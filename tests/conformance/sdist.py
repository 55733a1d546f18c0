"""What a project tests itself with: its source distribution, of the very version that is installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import platformdirs
import pytest


def unpacked(project: str) -> Path:
    """The sources of ``project``, fetched once per machine. Skips the test where the index does not answer."""
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    final = cache / "sdists" / f"{project}-{version(project)}"
    if not final.is_dir():
        _fetch(project, final)
    return final


def _fetch(project: str, final: Path) -> None:
    work = final.with_name(f"{final.name}.{os.getpid()}")
    try:
        _download(project, work)
        (archive,) = work.glob("*.tar.gz")
        with tarfile.open(archive) as members:
            members.extractall(work / "unpacked", filter="data")
        (top,) = (work / "unpacked").iterdir()
        top.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(project: str, folder: Path) -> None:
    """The project alone from source: pip wants to know its name and version, for which it needs its build tool."""
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"--no-binary={project}"]
    wanted = f"{project}=={version(project)}"
    done = subprocess.run([*argv, f"--dest={folder}", wanted], capture_output=True, text=True, timeout=150)
    if done.returncode:
        pytest.skip(f"the sources of {wanted} cannot be had from the package index: {done.stderr.strip()[-300:]}")
