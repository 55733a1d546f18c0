"""The machine that operations are done on, brought back to what was there before as often as one likes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import tree
from jupyter_envlink.recovery import recover
from tests.channel import Channel
from tests.conftest import Machine, another_machine
from tests.prefixes import look_alike

from . import packages
from .wholeness import sha256

_TRIES = 50
_UV_CACHE = "uv-cache"
_LINKED_FROM = 4096
"""Bytes from which on a file of an environment is linked, not copied, when it is brought back."""
UNTOUCHED = "untouched"
"""The name of the ground on which nothing has been done yet."""
_LISTED_BY_OTHERS = "/opt/somebody/elses/environment\n"


@dataclass(frozen=True)
class Ground:
    """``home`` and all else that may change is below ``folder``; what is cached lies beside it."""

    machine: Machine
    channel: Channel
    folder: Path
    tiny: str
    """The address of the channel of ``packages``."""

    @property
    def envs(self) -> Path:
        return self.machine.envs

    @property
    def project(self) -> Path:
        return self.folder / "a project"

    @property
    def cache(self) -> Path:
        return self.folder.parent / "cache"

    def foreign(self) -> Mapping[str, str]:
        """Hashes of everything that is not ours to touch; what may be added to is left to the checker."""
        places = [self.envs / "theirs", self.envs / "notes.txt", self.envs / ".hidden", self.envs / "no environment"]
        places += [self.machine.home / ".condarc", self.machine.home / "thesis.tex", self.machine.condarc]
        places += [self.machine.data / "kernels" / "mine", self.project / "setup.py", self.project / "data"]
        return {str(path): found for place in places for path, found in _hashes(place)}

    def cached(self) -> Mapping[str, tuple[int, int]]:
        """Size and time of each extracted file that environments are linked from."""
        return {str(path): (stat.st_size, stat.st_mtime_ns) for path, stat in self._extracted()}

    def cached_hashes(self) -> Mapping[str, str]:
        return {str(path): sha256(path) for path, _ in self._extracted()}

    def _extracted(self) -> Iterator[tuple[Path, os.stat_result]]:
        """By rattler and by uv."""
        packages = [folder for folder in self.cache.glob("*") if (folder / "info").is_dir()]
        packages += (self.folder.parent / _UV_CACHE).glob("archive-*/*")
        for path in (path for folder in packages for path in folder.rglob("*")):
            with suppress(FileNotFoundError):  # an extraction that was killed is done again by the next one
                if path.is_symlink() or not path.is_dir():
                    yield path, path.lstat()

    def keep(self, name: str) -> None:
        """What is here now is what ``restore`` brings back by that name."""
        recover(str(self.envs))
        shutil.rmtree(self.envs / ".envlink" / "locks", ignore_errors=True)
        (self.machine.data / "envlink" / "last-seen.json").unlink(missing_ok=True)
        tree.delete(str(self._kept(name)))
        _copy(self.folder, self._kept(name))

    def restore(self, name: str) -> None:
        """Whoever is still at work here is killed first: workers compile modules once their job has ended."""
        while busy := [process for process in psutil.process_iter() if self._is_at_work(process)]:
            for process in busy:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(busy, timeout=10)
        tree.delete(str(self.folder))
        _copy(self._kept(name), self.folder)
        os.chdir(self.machine.home)

    def _is_at_work(self, process: psutil.Process) -> bool:
        """Whether it has anything to do with this ground; not this process, and none that has ended."""
        try:
            words = [*process.cmdline(), process.cwd(), process.exe()]
            running = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False
        return running and process.pid != os.getpid() and any(str(self.folder) in word for word in words)

    def _kept(self, name: str) -> Path:
        return self.folder.with_name(f"kept {name}")


@contextmanager
def ground(channel: Channel, folder: Path | None = None) -> Iterator[Ground]:
    """One of its own, in memory where that is possible. The variables of this process are set for it meanwhile."""
    shm = Path("/dev/shm")
    parent = folder or (shm if sys.platform == "linux" and os.access(shm, os.W_OK) else None)
    base = Path(os.path.realpath(tempfile.mkdtemp(prefix="envlink-chaos-", dir=parent)))
    here = os.getcwd()
    try:
        with pytest.MonkeyPatch.context() as patch:
            (base / "ground").mkdir()
            machine = another_machine(base / "ground", patch, channel, base / "cache")
            patch.setenv("UV_CACHE_DIR", str(base / _UV_CACHE))
            patch.setenv("UV_LINK_MODE", "hardlink")  # copies of thousands of files take their time
            made = Ground(machine, channel, base / "ground", packages.build(base / "tiny"))
            _settle_others(made)
            made.keep(UNTOUCHED)
            yield made
    finally:
        os.chdir(here)
        _given_up(base)


def _given_up(base: Path) -> None:
    """A program of an environment may still write into it for a moment."""
    for _ in range(_TRIES):
        with suppress(OSError):
            tree.delete(str(base))
            return
        time.sleep(0.1)
    tree.delete(str(base))


def _settle_others(made: Ground) -> None:
    """What other people and programs have on this machine."""
    home, envs = made.machine.home, made.envs
    look_alike(envs / "theirs")
    (envs / ".hidden").mkdir()
    (envs / ".hidden" / "file").write_text("hidden")
    (envs / "no environment").mkdir()
    (envs / "no environment" / "result.csv").write_text("1,2\n")
    (envs / "notes.txt").write_text("mine\n")
    (home / ".condarc").write_text("# mine\nshow_channel_urls: true\n")
    (home / "thesis.tex").write_text("years of work\n")
    (home / ".conda").mkdir()
    (home / ".conda" / "environments.txt").write_text(_LISTED_BY_OTHERS)
    kernel = made.machine.data / "kernels" / "mine"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["true"], "display_name": "Mine", "language": "x"}')
    made.project.mkdir()
    (made.project / "setup.py").write_text("# mine\n")
    (made.project / "data").mkdir()
    (made.project / "data" / "rows.csv").write_text("1\n")


def _hashes(place: Path) -> Iterator[tuple[Path, str]]:
    """Of a file, or of all that is in a folder; modes as well."""
    for path in [place, *sorted(place.rglob("*"))] if place.is_dir() else [place]:
        if not os.path.lexists(path):
            continue
        kind = "" if path.is_dir() and not path.is_symlink() else sha256(path)
        yield path, f"{os.lstat(path).st_mode:o} {kind}"


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, copy_function=_put)


def _put(source: str, target: str) -> None:
    """Whoever writes into a file of an environment in place is then found out: it is the one that is kept, too."""
    if "/envs/" in source and "/conda-meta/" not in source and os.path.getsize(source) >= _LINKED_FROM:
        os.link(source, target)
    else:
        shutil.copy2(source, target, follow_symlinks=False)
