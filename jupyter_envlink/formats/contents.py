"""What a file that an environment can be made from holds, whichever format it is in. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from ..envfile.findings import Findings
from ..envfile.model import EnvironmentFile, Kind

Format = Literal[
    "environment-yml", "explicit", "conda-lock", "pixi-lock", "requirements", "pyproject", "pylock", "conda-pack"
]
MAX_BYTES = 16 << 20
"""The lock file of a workspace with several platforms and environments may have some MB."""
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class LockedPackage:
    """One conda package, exactly: where it lies and, as far as the file says so, what it must be."""

    name: str
    version: str
    build: str
    subdir: str
    url: str
    """May hold a token: ``redact`` it before anybody sees it."""
    sha256: str | None = None
    md5: str | None = None
    size: int | None = None
    build_number: int = 0
    noarch: Literal["python", "generic"] | None = None
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    license: str | None = None
    is_described: bool = False
    """Whether ``depends`` and what follows from it is known: else it stands in the package only."""

    @property
    def spec(self) -> str:
        return f"{self.name}=={self.version}={self.build}"

    @property
    def file_name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def channel(self) -> str:
        """The address of the channel it lies in; that of its folder, where that is no platform's."""
        folder = self.url.rpartition("/")[0]
        parent, _, last = folder.rpartition("/")
        return parent if last == self.subdir else folder


@dataclass(frozen=True)
class Locked:
    """Exactly what an environment will hold: nothing is solved for."""

    packages: tuple[LockedPackage, ...]
    pip: tuple[str, ...] = ()
    """Lines of a requirements file, each an exact distribution; what they depend on is among them."""

    @property
    def specs(self) -> tuple[str, ...]:
        return tuple(package.spec for package in self.packages)

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(package.channel for package in self.packages))


@dataclass(frozen=True)
class Venv:
    """A virtual environment that uv makes, on a Python of this machine."""

    requires_python: str | None = None
    """A version specifier (PEP 440)."""
    requirements: tuple[str, ...] = ()
    """Lines of a requirements file."""
    is_pylock: bool = False
    """The text itself is a ``pylock.toml`` (PEP 751): exact, and nothing is resolved."""


@dataclass(frozen=True)
class Archive:
    """A packed environment; what is in it is known once it is read to its end."""

    place: str


@dataclass(frozen=True)
class Contents:
    """A file as it was read: ``file`` holds what all formats have, its diagnostics among it.

    Where ``locked``, ``venv`` and ``archive`` are missing, ``file`` lists specs that are to be solved for.
    """

    format: Format
    file: EnvironmentFile
    locked: Locked | None = None
    venv: Venv | None = None
    archive: Archive | None = None


def file_of(path: str | None, findings: Findings, name: str | None = None) -> EnvironmentFile:
    """What was entered and found, frozen. A part without an entry is one that the file does not have."""
    texts: dict[Kind, list[str]] = {}
    for entry in findings.entries:
        texts.setdefault(entry.kind, []).append(entry.text)
    return EnvironmentFile(
        path=path,
        name=name,
        channels=_part(texts.get("channel")),
        conda=_part(texts.get("conda")),
        pip=_part(texts.get("pip")),
        variables=None,
        prefix=None,
        diagnostics=tuple(sorted(findings.diagnostics, key=lambda found: (found.line or 0, found.column or 0))),
        entries=tuple(findings.entries),
    )


def _part(texts: list[str] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(texts)
