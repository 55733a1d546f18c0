"""The command lines that engines are tested with."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

OURS = "conda-like"
REAL = ("conda", "mamba", "micromamba")
FOUND = {name: shutil.which(name) for name in REAL}


@dataclass(frozen=True)
class CommandLine:
    """``name`` is the engine's; ``log`` holds how our own program was called."""

    name: str
    program: str
    log: Path

    @property
    def is_ours(self) -> bool:
        return self.log.name != os.devnull

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.is_file() else []


def ours(folder: Path, patch: pytest.MonkeyPatch, name: str = "conda") -> CommandLine:
    """Our own program, which takes for itself what it is told by ``CONDA_LIKE_FAULT``."""
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")
    source = Path(__file__).with_name("conda_like.py")
    program = folder / "bin" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!{sys.executable}\n{source.read_text(encoding='utf-8')}", encoding="utf-8")
    program.chmod(0o755)
    log = folder / "conda-like.log"
    patch.setenv("CONDA_LIKE_LOG", str(log))
    return CommandLine(name, str(program), log)


def real(name: str) -> CommandLine:
    program = FOUND[name]
    if program is None:
        pytest.skip(f"{name} is not on PATH")
    return CommandLine(name, program, Path(os.devnull))
