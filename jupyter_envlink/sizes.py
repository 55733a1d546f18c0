"""How large environments are: measured one at a time, remembered as long as their signature stays what it was."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Instance, Unicode
from traitlets.config import LoggingConfigurable

from .catalog import Catalog
from .environment import Environment, State
from .file_systems import is_remote
from .files import read_json, write_json

if TYPE_CHECKING:
    from .disk_usage import Usage

SIZES = "sizes.json"
AT_MOST = 200
"""So many environments are measured unasked in the life of one server; the next one goes on."""
_REST = 9.0
"""While it measures unasked, for each second of work so many go by without."""
_WORK = 0.01
"""It rests after so many seconds."""
_PICTURES = 8
"""So many are kept in memory."""


class GivenUp(Exception):
    """Whoever asked for it does not wait any more."""


class Sizes(LoggingConfigurable):
    """Safe to use from several threads. ``size`` reads memory; ``usage`` and ``measure_slowly`` walk on the disk."""

    background = Bool(
        True,
        help="Measure what environments take on the disk also where nobody has asked: slowly, one at a time, those on "
        "this machine's own disks. Else an environment has a size once a job of envlink has changed it, or somebody "
        "has looked at where its disk goes.",
    ).tag(config=True)

    catalog = Instance(Catalog)
    data_dir = Unicode(help="Jupyter's data folder; what was measured is kept in its folder `envlink`.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, int, int]] | None = None
        self._pictures: dict[str, tuple[object, Usage]] = {}
        self._ended = threading.Event()
        self._measured = 0
        self._failed: set[tuple[str, str]] = set()

    def size(self, environment: Environment) -> dict[str, int] | None:
        """``{"total", "unique"}`` in bytes; ``None`` until it was measured as it is now."""
        known = self._all().get(environment.prefix)
        if known is None or known[0] != environment.signature:
            return None
        return {"total": known[1], "unique": known[2]}

    def usage(self, environment: Environment, pause: Callable[[], object], refresh: bool = False) -> Usage:
        """Where its disk goes: of a moment ago, where nothing shows that it has changed since. ``refresh`` looks anew.

        ``pause`` is called for each folder; what it raises (``GivenUp``) ends the work. Raises ``OSError`` where it is
        gone.
        """
        from .disk_usage import measure

        stamp = _stamp(environment)
        known = self._pictures.get(environment.prefix)
        if known is not None and known[0] == stamp and not refresh:
            return known[1]
        usage = measure(environment.prefix, package_caches(), pause)
        with self._lock:
            self._pictures.pop(environment.prefix, None)
            self._pictures[environment.prefix] = (stamp, usage)
            while len(self._pictures) > _PICTURES:
                self._pictures.pop(next(iter(self._pictures)))
        self._remember(environment, usage)
        return usage

    def unmeasured(self) -> Environment | None:
        """The next one to measure unasked; ``None`` where there is none, or enough were."""
        if not self.background or self._measured >= AT_MOST or not self.catalog.snapshot.is_scanned:
            return None
        return next(self._due(), None)

    def end(self) -> None:
        """Give up what is measured unasked, now and from now on."""
        self._ended.set()

    def measure_slowly(self, environment: Environment) -> bool:
        """Measure it, mostly resting; whether it has a size now. Raises ``GivenUp`` after ``end``."""
        self._measured += 1
        try:
            self.usage(environment, _Rest(self._ended), refresh=True)
        except OSError as error:
            self.log.info("envlink: %s was not measured: %s", environment.prefix, error)
            self._failed.add((environment.prefix, environment.signature))
            return False
        return True

    def _due(self) -> Iterator[Environment]:
        remote = cache(is_remote)
        for environment in self.catalog.snapshot.environments:
            if environment.state is State.BUILDING or self.size(environment) is not None:
                continue
            if (environment.prefix, environment.signature) in self._failed:
                continue
            if not self.catalog.snapshot.is_stale(environment.prefix) and not remote(
                os.path.dirname(environment.prefix)
            ):
                yield environment

    @property
    def _path(self) -> Path:
        return Path(self.data_dir, "envlink", SIZES)

    def _all(self) -> Mapping[str, tuple[str, int, int]]:
        with self._lock:
            if self._known is None:
                self._known = dict(_read(self._path))
            return self._known

    def _remember(self, environment: Environment, usage: Usage) -> None:
        known = dict(self._all())
        known[environment.prefix] = (environment.signature, usage.whole.total, usage.whole.unique)
        there = self.catalog.snapshot.by_prefix
        kept = {prefix: each for prefix, each in known.items() if prefix in there}
        with self._lock:
            self._known = kept
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._path, kept)
        except OSError as error:
            self.log.warning("envlink: sizes cannot be kept in %s: %s", self._path, error)


def package_caches() -> list[str]:
    """Folders in which extracted packages may lie: rattler's, as this engine and pixi use it, and conda's."""
    import platformdirs

    from . import condarc
    from .engines.package_cache import FOLDER

    own = os.path.join(platformdirs.user_cache_dir("rattler", False, opinion=False), "cache", "pkgs")
    of_conda = condarc.load().pkgs_dirs
    found = [os.environ.get("RATTLER_CACHE_DIR"), own, *of_conda, *(os.path.join(each, FOLDER) for each in of_conda)]
    return list(dict.fromkeys(each for each in found if each))


class _Rest:
    """Lets a walk rest nine times as long as it has worked."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended
        self._begun = time.monotonic()

    def __call__(self) -> None:
        worked = time.monotonic() - self._begun
        if self._ended.wait(worked * _REST if worked > _WORK else 0):
            raise GivenUp
        if worked > _WORK:
            self._begun = time.monotonic()


def _stamp(environment: Environment) -> object:
    """What differs once packages have come or gone, or a generation has."""
    from .distributions import site_packages
    from .generations import folder_of

    prefix = environment.prefix
    places = [prefix, os.path.join(prefix, "conda-meta"), *site_packages(prefix)]
    places.append(str(folder_of(os.path.dirname(prefix), prefix)))
    return (environment.signature, *map(_changed, places))


def _changed(path: str) -> int | None:
    with suppress(OSError):
        return os.stat(path).st_mtime_ns
    return None


def _read(path: Path) -> Iterable[tuple[str, tuple[str, int, int]]]:
    try:
        found = read_json(path) or {}
    except OSError:
        return
    for prefix, each in found.items():
        if isinstance(each, list) and [type(part) for part in each] == [str, int, int]:
            yield prefix, (each[0], each[1], each[2])
