"""A machine with environments of mixed kinds, which look like real ones to whoever only reads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from jupyter_envlink.catalog import Catalog

RECORDS = 30
KERNEL = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "metadata": {"debugger": True},
}
UV = "home = /usr/bin\nimplementation = CPython\nuv = 0.13.9\nversion_info = 3.11.7\n"
VENV = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\nexecutable = /usr/bin/python3.11\n"


Mix = tuple[tuple[Callable[[Path, Path], object], str], ...]
"""What is made turn about, and where."""


def build(folder: Path, count: int, mix: Mix | None = None) -> None:
    """``count`` prefixes, all with a kernel, by default of all kinds (``MIXED``)."""
    mix = mix or MIXED
    home, elsewhere, projects = folder / "home", folder / "elsewhere", folder / "projects"
    for made in (home / ".conda", elsewhere, projects, folder / "cache"):
        made.mkdir(parents=True)
    (folder / "cache" / "kernel.json").write_text(json.dumps(KERNEL))
    for i in range(count):
        make, place = mix[i % len(mix)]
        make(folder / place.format(i), folder / "cache")
    listed = "\n".join(str(path) for path in sorted(elsewhere.iterdir()))
    (home / ".conda" / "environments.txt").write_text(listed + "\n")


def catalog(folder: Path, data_dir: str = "") -> Catalog:
    """Of that machine, which has nothing else. It has looked at nothing yet; what is kept for the next one lies in
    ``data_dir``, where one is given."""
    environ = {"CONDA_ENVS_DIRS": str(folder / "envs"), "PATH": ""}
    projects = [str(folder / "projects")]
    return Catalog(environ=environ, home=folder / "home", project_roots=projects, data_dir=data_dir)


def make_environment(prefix: Path, cache: Path | None = None) -> Path:
    """As conda leaves it: its files are hard links to those of the package cache, where there is one."""
    meta = prefix / "conda-meta"
    for made in (meta, prefix / "bin"):
        made.mkdir(parents=True)
    (meta / "history").write_text("==> 2026-01-01 00:00:00 <==\n")
    for i in range(RECORDS - 1):
        (meta / f"package{i}-1.{i}.0-h123456_{i}.json").write_text("{}")
    (meta / "python-3.11.7-hab00c5b_0_cpython.json").write_text("{}")
    _link_python(prefix, "python3.11")
    (prefix / "bin" / "python3.11").touch()
    return _add_kernel(prefix, cache)


def _make_pixi(prefix: Path, cache: Path) -> None:
    make_environment(prefix, cache)
    for name in ("pixi", "pixi_env_prefix"):
        (prefix / "conda-meta" / name).write_text("{}")


def _make_uv(prefix: Path, cache: Path) -> None:
    _make_venv(prefix, cache, UV)
    kernel = _kernel(prefix)
    kernel.unlink()
    os.link(cache / "kernel.json", kernel)


def _make_venv(prefix: Path, _: Path, config: str = VENV) -> None:
    """As venv and pip leave it: pip copies."""
    (prefix / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (prefix / "pyvenv.cfg").write_text(config + f"prompt = {prefix.parent.name}\n")
    _link_python(prefix, "/usr/bin/env")
    _add_kernel(prefix)


def _make_pyenv(prefix: Path, _: Path) -> None:
    _link_python(prefix, "python3.11")
    (prefix / "bin" / "python3.11").touch()
    (prefix / "lib" / "python3.11").mkdir(parents=True)
    _add_kernel(prefix)


def _link_python(prefix: Path, target: str) -> None:
    (prefix / "bin").mkdir(parents=True, exist_ok=True)
    (prefix / "bin" / "python").symlink_to(target)


def _add_kernel(prefix: Path, cache: Path | None = None) -> Path:
    kernel = _kernel(prefix)
    kernel.parent.mkdir(parents=True)
    if cache:
        os.link(cache / "kernel.json", kernel)
    else:
        kernel.write_text(json.dumps(KERNEL))
    return prefix


def _kernel(prefix: Path) -> Path:
    return prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"


CONDA: Mix = ((make_environment, "envs/env{}"), (make_environment, "elsewhere/env{}"))
"""Half in an envs folder, half named in environments.txt."""
MIXED: Mix = (
    *CONDA * 2,
    CONDA[0],
    *((_make_uv, "projects/project{}/.venv"),) * 2,
    (_make_pixi, "projects/project{}/.pixi/envs/default"),
    (_make_venv, "home/.virtualenvs/env{}"),
    (_make_pyenv, "home/.pyenv/versions/3.11.{}"),
)
"""Of ten three conda's in an envs folder and two in environments.txt, three in projects, two in the home folder."""
