"""A home with two conda environments that only look like ones, and the menu of a server there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.kernel_dirs import KernelDirs
from jupyter_envlink.menu import KernelMenu

from .prefixes import look_alike


def two_environments(folder: Path) -> Path:
    """The folder of ``finance`` and ``stats``, in a home below ``folder``."""
    envs = folder / "home" / "conda" / "envs"
    for name in ("finance", "stats"):
        look_alike(envs / name)
    return envs


def menu_of(folder: Path, **options: Any) -> KernelMenu:
    """Of a server that has looked at the disk; each call makes another server's."""
    envs = str(folder / "home" / "conda" / "envs")
    catalog = Catalog(environ={"CONDA_ENVS_PATH": envs, "PATH": ""}, home=folder / "home")
    catalog.refresh()
    dirs = KernelDirs([str(folder / "data" / "kernels")])
    return KernelMenu(catalog=catalog, data_dir=str(folder / "data"), kernel_dirs=dirs, **options)
