"""CPython as the package ``python``: the running interpreter's files, made independent of where they stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .binaries import SharedLibraries, is_binary
from .debian import debian_links, without_debian_scheme
from .file import PLACEHOLDER, File, Link
from .interpreter import Interpreter
from .package import Package

_LEFT_OUT = frozenset({"test", "tests", "idlelib", "turtledemo", "tkinter", "site-packages", "dist-packages"})
_LEFT_OUT_FILES = ("EXTERNALLY-MANAGED", "sitecustomize.py", "usercustomize.py")
_NAMES_PREFIX = ("_sysconfigdata", "Makefile", "python-config", "build-details.json")


def python_package(interpreter: Interpreter, work: Path) -> Package:
    """The package of that interpreter; changed copies of its binaries are made below ``work``.

    Without tests, tkinter and what lies in site-packages. Raises ChannelError where a binary cannot be moved.
    """
    files = _windows_files(interpreter) if os.name == "nt" else _unix_files(interpreter, work)
    return Package(
        name="python",
        version=interpreter.version,
        build="henv_0_cpython",
        noarch=None,
        files=tuple(files),
        summary=f"CPython {interpreter.version} of this machine",
    )


def _unix_files(interpreter: Interpreter, work: Path) -> Iterator[File | Link]:
    name = f"python{interpreter.minor}"
    sources = {f"bin/{name}": interpreter.binary}
    sources |= _tree(interpreter.stdlib, f"{interpreter.platlibdir}/{name}")
    libraries = SharedLibraries(interpreter, work)
    sources = libraries.relocated(sources)
    if interpreter.include.is_dir():
        sources |= _tree(interpreter.include, f"include/{name}")
    yield from _files(sources, interpreter)
    yield from (Link(f"bin/{alias}", name) for alias in ("python", "python3"))
    yield from debian_links(interpreter)
    yield File(f"{interpreter.site_packages}/README.txt", b"Modules of conda's and pip's packages are put here.\n")


def _windows_files(interpreter: Interpreter) -> Iterator[File]:
    sources = {path.name: path for pattern in ("python*.exe", "*.dll") for path in interpreter.prefix.glob(pattern)}
    for folder in ("DLLs", "Lib", "include", "libs"):
        sources |= _tree(interpreter.prefix / folder, folder)
    yield from _files(sources, interpreter)


def _tree(root: Path, target: str) -> dict[str, Path]:
    """Path in the package → file. Links are followed: Debian's lead out of the prefix."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _LEFT_OUT)
        relative = Path(folder).relative_to(root)
        for name in sorted(names):
            if _is_wanted(Path(folder, name)):
                found[(Path(target) / relative / name).as_posix()] = Path(folder, name)
    return found


def _is_wanted(path: Path) -> bool:
    if path.name in _LEFT_OUT_FILES or path.name.startswith("_tkinter.") or not path.is_file():
        return False
    return path.suffix not in (".a", ".o") and not path.stem.endswith((".opt-1", ".opt-2"))


def _files(sources: dict[str, Path], interpreter: Interpreter) -> Iterator[File]:
    """Without the compiled form of sources that are changed here or by linking."""
    changed: set[str] = set()
    for target, source in sources.items():
        if not target.endswith(".pyc"):
            file = _file(target, source, interpreter)
            if isinstance(file.content, bytes):
                changed.add(_module(target))
            yield file
    for target, source in sources.items():
        if target.endswith(".pyc") and _module(target) not in changed:
            yield File(target, source, time=int(source.stat().st_mtime))


def _module(target: str) -> str:
    """``lib/x/__pycache__/site.cpython-311.pyc`` and ``lib/x/site.py`` → ``lib/x/site``"""
    folder, _, name = target.replace("__pycache__/", "").rpartition("/")
    return f"{folder}/{name.partition('.')[0]}"


def _file(target: str, source: Path, interpreter: Interpreter) -> File:
    status = source.stat()
    mode, time = status.st_mode & 0o777 | 0o200, int(status.st_mtime)
    own = str(interpreter.prefix).encode()
    if source.name.startswith(_NAMES_PREFIX) and own != b"/usr" and not is_binary(source):
        data = source.read_bytes()
        if own in data:
            return File(target, data.replace(own, PLACEHOLDER.encode()), mode, time, "text")
    patched = without_debian_scheme(source)
    return File(target, source if patched is None else patched, mode, time)
