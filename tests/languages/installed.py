"""Kernels that others wrote, put into environments by their own installers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import platformdirs
import uv

_HAS_IRKERNEL = "quit(status = !requireNamespace('IRkernel', quietly = TRUE))"


class NotHere(Exception):
    """A kernel cannot be had on this machine."""


def irkernel(prefix: Path) -> None:
    """``share/jupyter/kernels/ir`` of the environment, as IRkernel itself writes it. ``scripts/install-r`` brings R."""
    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", _HAS_IRKERNEL], capture_output=True).returncode:
        raise NotHere("R with IRkernel is not installed here; `make test` installs Debian's where it may")
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])  # it asks for `jupyter`
    _run([rscript, "-e", f"IRkernel::installspec(prefix = '{prefix}')"], PATH=path)


def bash_kernel(prefix: Path) -> None:
    if sys.platform == "win32":
        raise NotHere("bash_kernel does not run on Windows")
    _pip_install(prefix, "bash_kernel")
    _run([_python(prefix), "-m", "bash_kernel.install", "--prefix", str(prefix)])


def xeus_python(prefix: Path) -> None:
    """Its wheel brings two kernels of a Python that is not ipykernel's."""
    _pip_install(prefix, "xeus-python")


def async_kernel(prefix: Path) -> None:
    """Its wheel brings a kernel that is interrupted by a message."""
    _pip_install(prefix, "async-kernel")


def ipykernel(prefix: Path) -> None:
    _pip_install(prefix, "ipykernel")


def pixi(prefix: Path) -> None:
    """A conda prefix in a project is pixi's once pixi's own file lies in it (``pixi_utils::prefix``)."""
    project = prefix.parents[2]
    (project / "pixi.toml").write_text('[workspace]\nchannels = ["conda-forge"]\nplatforms = ["linux-64"]\n')
    meta = {"manifest_path": str(project / "pixi.toml"), "environment_name": prefix.name, "pixi_version": "0.50.0"}
    (prefix / "conda-meta" / "pixi").write_text(json.dumps({**meta, "environment_lock_file_hash": "x"}))


def pyenv(prefix: Path) -> None:
    """What pyenv builds is a whole Python in a folder of its own, as conda's package is but for conda's records."""
    shutil.rmtree(prefix / "conda-meta")


def venv(prefix: Path) -> None:
    _run([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(prefix)])


def _pip_install(prefix: Path, package: str) -> None:
    """Wheels alone, kept from run to run. ``NotHere`` without one for this Python and system, or an index."""
    cache = Path(os.environ.get("ENVLINK_TEST_CACHE") or platformdirs.user_cache_dir("jupyter_envlink-tests"))
    argv = [uv.find_uv_bin(), "pip", "install", "--quiet", "--only-binary=:all:", f"--cache-dir={cache / 'uv'}"]
    done = subprocess.run([*argv, "--python", _python(prefix), package], capture_output=True, text=True)
    if done.returncode:
        raise NotHere(f"{package} cannot be installed from wheels here: {done.stderr.strip()[-300:]}")


def _python(prefix: Path) -> str:
    found = [path for path in map(prefix.joinpath, ("python.exe", "Scripts/python.exe", "bin/python")) if path.exists()]
    return str(found[0])


def _run(argv: list[str], **environ: str) -> None:
    done = subprocess.run(argv, env={**os.environ, **environ}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
