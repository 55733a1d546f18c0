"""Byte code for environments: rattler writes none, and a first start would have to compile while somebody waits.

What a kernel's start imports is compiled inside the job (``compile_start``), all the rest afterwards by a process of
its own at low priority (``start_rest``, which runs this module). That one is in nobody's way: it holds no lock, it
works in the very folder that it began in, wherever that is moved meanwhile, and ends once something else is at the
environment's place.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from . import process
from .compiled import CompiledCode, byte_code
from .errors import EnvlinkError
from .verification import python_of

#: What a kernel's start imports, and what it imports besides for its debugger and its first cell (ipykernel 4 to 7,
#: measured by the modules of a running one). Each is tried: older ones have not all of them.
START = (
    *("ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger"),
    *("IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic"),
    *("tornado.queues", "tornado.platform.asyncio", "psutil"),
)
_IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception:
        pass
"""
#: Works in its folder, and goes on while that is the environment. For Python 3.5 and later.
_COMPILE = """
import compileall, os, sys, sysconfig
def is_here():
    try:
        return os.path.samestat(os.stat("."), os.stat(sys.argv[1]))
    except OSError:
        return False
for folder, _, names in os.walk(os.path.relpath(sysconfig.get_path("purelib"), sys.prefix)):
    for name in names:
        if not is_here():
            sys.exit()
        if name.endswith(".py"):
            compileall.compile_file(os.path.join(folder, name), quiet=2)
"""
_START, _REST = "start", "rest"
_WITHIN = 120.0
_REST_WITHIN = 1800.0
_LAUNCHER = "ipykernel_launcher.py"


def compile_start(prefix: str, log: Callable[[str], object]) -> None:
    """Compile what a kernel's start imports, where the environment has one. Failing to is told to ``log`` alone."""
    try:
        if _has_kernel(prefix) and not store().lend(prefix, _START):
            _run(prefix, [_IMPORT, *START], _WITHIN)
    except (EnvlinkError, OSError) as error:
        log(f"What a kernel's start imports could not be compiled: {error}")


def has_worked(prefix: str) -> bool:
    """Whether an environment of exactly these packages has been started before; see ``CompiledCode.has_worked``."""
    with suppress(OSError):
        return store().has_worked(prefix)
    return False


def note_working(prefix: str) -> None:
    """The environment's kernel can be imported. Where that cannot be kept, it is tried again the next time."""
    with suppress(OSError):
        store().note_working(prefix)


def drop(prefix: str, staying: Iterable[str]) -> None:
    """Delete what the modules of packages were compiled to that are about to go from ``prefix``: those whose records
    (``NAME-VERSION-BUILD``) are not among ``staying``.

    An engine leaves some of it, which Python would take for the code of a new version whose files have the same times
    and sizes, or for a package without any module.
    """
    kept = set(staying)
    for path in Path(prefix, "conda-meta").glob("*-*-*.json"):
        if path.stem not in kept:
            for each in list(byte_code(prefix, json.loads(path.read_bytes()))):
                os.unlink(os.path.join(prefix, each))
                with suppress(OSError):  # others' code is in it, too
                    os.rmdir(os.path.join(prefix, os.path.dirname(each)))


def start_rest(prefix: str) -> None:
    """Start compiling all that is not compiled yet; this process need not wait. Raises ``EnvlinkError``.

    Not on Windows, where a process in a folder keeps it from being renamed.
    """
    if sys.platform != "win32" and os.path.lexists(python_of(prefix)):
        argv = [sys.executable, "-m", "jupyter_envlink.compiling", prefix]
        process.start_detached(argv, env=_environ(), output=Path(os.devnull))


def compile_rest(prefix: str) -> None:
    """Compile all that the environment's Python could import from it, and keep it for others. Changes the process's
    folder and priority. Raises ``EnvlinkError`` and ``OSError``, also where the environment goes meanwhile."""
    os.nice(19)
    os.chdir(prefix)
    kept = store()
    if _has_kernel("."):
        kept.keep(".", _START)
    kept.lend(".", _REST)
    _run(".", [_COMPILE, prefix], _REST_WITHIN)
    kept.keep(".", _REST)
    kept.sweep()


def store() -> CompiledCode:
    """What is kept of this user's environments."""
    import platformdirs

    return CompiledCode(Path(platformdirs.user_cache_dir("jupyter_envlink", False), "compiled"))


def _has_kernel(prefix: str) -> bool:
    return any(_launchers(prefix))


def _launchers(prefix: str) -> Iterator[Path]:
    yield from Path(prefix).glob(f"lib/python3*/site-packages/{_LAUNCHER}")
    yield from Path(prefix).glob(f"Lib/site-packages/{_LAUNCHER}")


def _run(prefix: str, code: list[str], within: float) -> None:
    python = os.path.abspath(python_of(prefix))
    process.run([python, "-I", "-c", *code], env=_environ(), cwd=prefix, timeout=within, check=True)


def _environ() -> dict[str, str]:
    """Nothing of the server's that says how, where or whether Python compiles."""
    others = ("PYTHON", "SOURCE_DATE_EPOCH")
    return {name: value for name, value in process.clean_environ(os.environ).items() if not name.startswith(others)}


if __name__ == "__main__":
    with suppress(EnvlinkError, OSError):  # nobody waits for it, and Python compiles what is missing
        compile_rest(sys.argv[1])
