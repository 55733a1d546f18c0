"""A kernel kept outside its environment: what ipykernel needs, in a folder that the environment's own Python is given.

``JUPYTER_DATA_DIR/envlink/overlays/ID/``, ``ID`` being the environment's:

``overlay.json``  for which prefix and which Python it was made
``lib/``          ipykernel and those of its dependencies that the environment does not hold
``launch.py``     what the environment's Python is started with: it appends ``lib`` to ``sys.path``

The environment's own packages come first and none of its files is touched (``-B``: no byte code is written either).
Nothing reaches the kernel's child processes: there is no ``PYTHONPATH``.
"""

from __future__ import annotations

import os
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from .bindings import is_gone
from .environment import Environment, Kernel, State, prefix_id
from .errors import EnvlinkError
from .files import read_json, write_json
from .journal import HOME
from .locators.kernelfiles import read_kernel_files
from .recovery import empty_trash, tidy
from .transaction import change

RECORD, LAUNCHER, LIB = "overlay.json", "launch.py", "lib"
_MODULE = "ipykernel_launcher"

#: For every Python from 2.7 on. The script's own folder, which Python puts first, is no place to import from.
LAUNCHER_TEXT = """\
import os
import runpy
import site
import sys

del sys.path[0]
site.addsitedir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Overlay:
    """One that is whole. It serves exactly this Python of this prefix."""

    prefix: str
    python: str
    python_version: str | None
    job: str
    kernel: Kernel


def overlays_dir() -> Path:
    """The folder of all overlays of this person; it may not exist."""
    return Path(jupyter_data_dir(), "envlink", "overlays")


def overlay_path(prefix: str) -> Path:
    """Where the overlay of ``prefix`` is, if there is one."""
    return overlays_dir() / prefix_id(prefix)


def read_overlays() -> Mapping[str, Overlay]:
    """Every overlay by the prefix that it is for. What cannot be understood is none. Raises nothing."""
    found = (_read(overlays_dir() / name) for name in _names())
    return {overlay.prefix: overlay for overlay in found if overlay}


def dressed(environment: Environment, overlays: Mapping[str, Overlay]) -> Environment:
    """``environment``, with the kernel of its overlay where it has none of its own and the overlay fits its Python."""
    overlay = overlays.get(environment.prefix) if environment.state is State.NO_KERNEL else None
    if overlay is None or not _fits(overlay, environment):
        return environment
    signature = f"{environment.signature}+{overlay.job}"
    kernels = (overlay.kernel,)
    return replace(environment, state=State.READY, kernels=kernels, problem=None, signature=signature, overlay=True)


def finish(folder: Path, prefix: str, python: str, version: str | None, job: str) -> Kernel:
    """Make an overlay of a ``folder`` that holds ``lib``: its launcher and, last, its record. Returns its kernel.

    ``version`` is that Python's, major and minor. Raises ``OSError``, and ``LookupError`` where no kernel is in it.
    """
    (folder / LAUNCHER).write_text(LAUNCHER_TEXT, encoding="utf-8")
    kernel = _kernel(folder, python)
    if kernel is None:
        raise LookupError(f"{folder / LIB} holds no kernel")
    write_json(folder / RECORD, {"prefix": prefix, "python": python, "python_version": version, "job": job})
    return kernel


def drop(prefix: str) -> None:
    """Remove the overlay of ``prefix``, whole; none is no error. Raises ``Conflict``, ``DiskError`` and ``OSError``."""
    place = overlay_path(prefix)
    if os.path.lexists(place):
        job = f"drop-{place.name}"
        with change(str(place.parent), str(place), job, "remove") as transaction:
            transaction.move_away()
            transaction.commit()
        empty_trash(str(place.parent), job)
        tidy(str(place.parent))
        with suppress(OSError):  # there are others
            place.parent.rmdir()


def drop_over(staying: Container[str] = ()) -> None:
    """Remove those whose environment is certainly gone, and not among those ``staying``, which can come back.

    One that cannot be removed now is so the next time.
    """
    for prefix in read_overlays():
        if is_gone(prefix) and prefix not in staying:
            with suppress(EnvlinkError, OSError):
                drop(prefix)


def command(kernel: Kernel, module: str) -> list[str]:
    """What runs ``module`` of an overlay as a program, in the environment's Python."""
    return [*kernel.argv[: kernel.argv.index(_MODULE)], module]


def _names() -> list[str]:
    try:
        return sorted(name for name in os.listdir(overlays_dir()) if name != HOME)
    except OSError:
        return []


def _read(folder: Path) -> Overlay | None:
    """``None`` also where it lies in another environment's place: somebody has copied it."""
    try:
        record = read_json(folder / RECORD) or {}
    except OSError:
        return None
    prefix, python, version, job = (record.get(key) for key in ("prefix", "python", "python_version", "job"))
    if not (isinstance(prefix, str) and isinstance(python, str) and isinstance(job, str)):
        return None
    kernel = _kernel(folder, python)
    if kernel is None or overlay_path(prefix) != folder:
        return None
    return Overlay(prefix, python, version if isinstance(version, str) else None, job, kernel)


def _kernel(folder: Path, python: str) -> Kernel | None:
    """The one that ipykernel's wheel brings, started by the launcher."""
    kernels = read_kernel_files(str(folder / LIB / "share" / "jupyter" / "kernels"), {}).kernels
    argv = (python, "-B", str(folder / LAUNCHER), _MODULE, "-f", "{connection_file}")
    return replace(kernels[0], argv=argv) if kernels else None


def _fits(overlay: Overlay, environment: Environment) -> bool:
    return (overlay.python, overlay.python_version) == (environment.python, environment.python_version)
