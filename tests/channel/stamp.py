"""What makes a built channel current: the builder's sources and the interpreters, without running anything."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import ChannelError

_FILE = "envlink-channel.json"
_NOT_BUILDING = frozenset({"__init__.py", "__main__.py", "condarc.py", "fixtures.py", "server.py"})


@dataclass(frozen=True)
class Stamp:
    key: str
    pythons: tuple[str, ...]

    @staticmethod
    def key_for(pythons: Iterable[Path]) -> str:
        """Changes with any source of the builder and with any interpreter's file. Raises ChannelError."""
        digest = hashlib.sha256()
        for source in sorted(Path(__file__).parent.glob("*.py")):
            if source.name not in _NOT_BUILDING:
                digest.update(source.read_bytes())
        for python in pythons:
            digest.update(_identity(python).encode())
        return digest.hexdigest()

    @staticmethod
    def read(folder: Path) -> Stamp | None:
        try:
            content = json.loads((folder / _FILE).read_text("utf-8"))
        except FileNotFoundError:
            return None
        return Stamp(content["key"], tuple(content["pythons"]))

    def write(self, folder: Path) -> None:
        content = {"key": self.key, "pythons": list(self.pythons)}
        (folder / _FILE).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _identity(python: Path) -> str:
    found = shutil.which(python)
    if found is None:
        raise ChannelError(f"{python} is not an executable file; give the path of a Python interpreter")
    real = os.path.realpath(found)
    status = Path(real).stat()
    return f"{real}:{status.st_size}:{status.st_mtime_ns}\n"
