"""The channel on disk: built once into a temporary sibling, renamed into place, told current by a stamp."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import ChannelError
from .stamp import Stamp


@dataclass(frozen=True)
class Channel:
    """A built channel: ``path/conda-forge/<platform>`` and ``path/conda-forge/noarch``."""

    path: Path
    pythons: tuple[str, ...]
    """Versions of the packaged interpreters, ``3.11.7``, the first one asked for first."""

    @property
    def url(self) -> str:
        """What ``custom_channels`` wants: the address that ``/conda-forge`` is appended to."""
        return self.path.as_uri()

    @property
    def conda_forge(self) -> str:
        """The address of the channel itself."""
        return f"{self.url}/conda-forge"

    @property
    def wheels(self) -> Path:
        """A folder of small pure wheels (humanize, tabulate) for ``pip install --no-index --find-links``."""
        return self.path / "wheels"


def build(dest: Path, *, pythons: Sequence[Path | str] = (sys.executable,)) -> Channel:
    """The channel at ``dest``, built unless the one there is current (same builder, same interpreters).

    Raises ChannelError where an interpreter cannot be packaged, a wheel cannot be had, or ``dest`` is
    something that this builder did not write. An interrupted build leaves ``dest`` as it was.
    """
    dest = Path(dest).resolve()
    key = Stamp.key_for([Path(python) for python in pythons])
    return _current(dest, key) or _build_locked(dest, key, [Path(python) for python in pythons])


def _current(dest: Path, key: str) -> Channel | None:
    stamp = Stamp.read(dest)
    return Channel(dest, stamp.pythons) if stamp and stamp.key == key else None


def _build_locked(dest: Path, key: str, pythons: list[Path]) -> Channel:
    from filelock import FileLock

    dest.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(dest.with_name(f".{dest.name}.lock")):
        return _current(dest, key) or _build(dest, key, pythons)


def _build(dest: Path, key: str, pythons: list[Path]) -> Channel:
    from .content import write_content

    _refuse_foreign(dest)
    with _workspace(dest) as work:
        versions = write_content(work / "new", work, pythons)
        Stamp(key, versions).write(work / "new")
        if dest.exists():
            dest.rename(work / "old")
        (work / "new").rename(dest)
    return Channel(dest, versions)


def _refuse_foreign(dest: Path) -> None:
    if dest.exists() and Stamp.read(dest) is None and any(dest.iterdir()):
        raise ChannelError(f"{dest} exists and was not written by this builder; name another folder or remove it")


@contextmanager
def _workspace(dest: Path) -> Iterator[Path]:
    """A hidden sibling of ``dest`` (renames must stay on one file system), without what a killed build left."""
    prefix = f".{dest.name}.building-"
    for left in dest.parent.glob(f"{prefix}*"):
        shutil.rmtree(left)
    work = Path(tempfile.mkdtemp(prefix=prefix, dir=dest.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work)
