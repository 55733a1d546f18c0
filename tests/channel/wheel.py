"""A wheel as PEP 427 describes it: metadata and content, with the interpreters that it was chosen for."""

from __future__ import annotations

import configparser
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from .interpreter import Interpreter


@dataclass(frozen=True)
class Wheel:
    path: Path
    interpreters: tuple[Interpreter, ...]
    metadata: Message
    pure: bool
    entry_points: tuple[str, ...]
    """``name = module:function`` of the console scripts."""

    @staticmethod
    def read(path: Path, interpreters: list[Interpreter]) -> Wheel:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            info = next(name.partition("/")[0] for name in names if name.endswith(".dist-info/WHEEL"))
            metadata = BytesParser().parsebytes(archive.read(f"{info}/METADATA"))
            tags = BytesParser().parsebytes(archive.read(f"{info}/WHEEL"))
            scripts = archive.read(f"{info}/entry_points.txt") if f"{info}/entry_points.txt" in names else b""
        pure = path.stem.endswith("-none-any") and tags["Root-Is-Purelib"].lower() == "true"
        return Wheel(path, tuple(interpreters), metadata, pure, _console_scripts(scripts.decode()))

    @property
    def name(self) -> str:
        return canonicalize_name(self.metadata["Name"])

    @property
    def version(self) -> str:
        return str(self.metadata["Version"])

    @property
    def summary(self) -> str:
        return str(self.metadata["Summary"] or "")

    @property
    def requires_python(self) -> str:
        """As conda writes it: ``>=3.9,!=3.9.1``, empty for any."""
        return ",".join(sorted(str(part) for part in SpecifierSet(self.metadata["Requires-Python"] or "")))

    def requirements(self, interpreter: Interpreter) -> Iterator[Requirement]:
        """What it needs under that interpreter on this platform, extras left out."""
        environment = {
            "python_version": interpreter.minor,
            "python_full_version": interpreter.version,
            "implementation_version": interpreter.version,
            "extra": "",
        }
        for text in self.metadata.get_all("Requires-Dist") or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate(environment):
                yield requirement

    def content(self) -> Iterator[tuple[str, bytes, int]]:
        """Path in the wheel, data, and mode of each file."""
        with zipfile.ZipFile(self.path) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    executable = member.external_attr >> 16 & 0o111
                    yield member.filename, archive.read(member), 0o755 if executable else 0o644


def _console_scripts(text: str) -> tuple[str, ...]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    section = parser["console_scripts"] if parser.has_section("console_scripts") else {}
    return tuple(f"{name} = {target}" for name, target in section.items())
