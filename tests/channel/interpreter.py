"""A CPython on this machine: what it says of itself, and which others are at hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import ChannelError

_PROBE = """
import json, os, sys, sysconfig
base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": sys.implementation.name,
    "release": sys.version_info[3] == "final",
    "binary": base,
    "prefix": os.path.realpath(sys.base_prefix),
    "stdlib": os.path.realpath(sysconfig.get_path("stdlib")),
    "platlibdir": getattr(sys, "platlibdir", "lib"),
    "include": os.path.realpath(sysconfig.get_config_var("INCLUDEPY") or sysconfig.get_path("include")),
    "libdir": sysconfig.get_config_var("LIBDIR") or "",
    "framework": sysconfig.get_config_var("PYTHONFRAMEWORK") or "",
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
"""


@dataclass(frozen=True)
class Interpreter:
    executable: Path
    """As it was asked for: perhaps a virtual environment's."""
    version: str
    binary: Path
    prefix: Path
    stdlib: Path
    platlibdir: str
    include: Path
    libdir: str

    @property
    def minor(self) -> str:
        """``3.11``"""
        return ".".join(self.version.split(".")[:2])

    @property
    def tag(self) -> str:
        """``py311``"""
        return "py" + self.minor.replace(".", "")

    @property
    def site_packages(self) -> str:
        """Where conda's packages for this interpreter put modules, relative to the prefix."""
        return "Lib/site-packages" if os.name == "nt" else f"lib/python{self.minor}/site-packages"

    @staticmethod
    def probe(executable: Path) -> Interpreter:
        """Ask ``executable``. Raises ChannelError where it does not run or cannot be packaged."""
        answer = _ask(executable)
        _refuse_unpackageable(executable, answer)
        paths = {key: Path(str(answer[key])) for key in ("binary", "prefix", "stdlib", "include")}
        texts = {key: str(answer[key]) for key in ("version", "platlibdir", "libdir")}
        return Interpreter(executable=executable, **paths, **texts)  # type: ignore[arg-type]


def _ask(executable: Path) -> dict[str, object]:
    try:
        done = subprocess.run([executable, "-I", "-c", _PROBE], capture_output=True, text=True, check=True, timeout=30)
    except subprocess.CalledProcessError as error:
        raise ChannelError(f"{executable} does not run: {error.stderr.strip()}; name another with --python") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChannelError(f"{executable} does not run: {error}; name another with --python") from error
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _refuse_unpackageable(executable: Path, answer: dict[str, object]) -> None:
    version = tuple(int(part) for part in str(answer["version"]).split("."))
    if answer["implementation"] != "cpython" or answer["free_threaded"] or version < (3, 10):
        raise ChannelError(f"{executable} is not an ordinary CPython >= 3.10: {answer}; name another with --python")
    if answer["framework"]:
        raise ChannelError(
            f"{executable} is a macOS framework build, which cannot be moved to another prefix; "
            "make the virtual environment with another one (`uv venv --managed-python`), or name one with --python"
        )


def other_pythons() -> list[Path]:
    """Interpreters >= 3.10 of another minor version than the running one, the nearest (then newest) first.

    From PATH, pyenv and uv; one per minor version; each has been run, so each can be packaged.
    """
    found: dict[int, Path] = {}
    for minor, path in _candidates():
        if minor not in found and minor >= 10 and minor != sys.version_info[1] and _packageable(path):
            found[minor] = path
    return [found[minor] for minor in sorted(found, key=lambda m: (abs(m - sys.version_info[1]), -m))]


def _packageable(path: Path) -> bool:
    try:
        Interpreter.probe(path)
    except ChannelError:
        return False
    return True


def _candidates() -> Iterator[tuple[int, Path]]:
    roots = [Path.home() / ".pyenv" / "versions", Path.home() / ".local" / "share" / "uv" / "python"]
    for root in roots:
        for folder in sorted(root.glob("*3.*")):
            match = re.search(r"(?:^|cpython-)3\.(\d+)\.\d+", folder.name)
            if match and (folder / "bin" / "python3").exists():
                yield int(match[1]), folder / "bin" / "python3"
    for directory in os.get_exec_path():
        if Path(directory).name != "shims":  # a version manager's: may answer as another version, or not at all
            for minor in range(10, 16):
                if (path := Path(directory, f"python3.{minor}")).exists():
                    yield minor, path
