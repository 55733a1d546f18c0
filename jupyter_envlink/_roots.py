"""Where base installations of conda, mamba and micromamba are. Looks at names only, runs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMES = ("miniforge3", "mambaforge", "miniconda3", "anaconda3", "micromamba", "miniforge", "miniconda", "anaconda")
_MARKS = ("conda-meta", "condabin", "envs", "pkgs")


def root_prefixes(environ: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Base installations that exist, absolute, each once. Those that the variables name come first."""
    found: dict[str, str] = {}
    for place in (*map(str, _named(environ)), *map(str, _on_path(environ)), *_usual(environ, str(home))):
        if _is_root(place):
            found.setdefault(os.path.realpath(place), str(Path(place).absolute()))
    return tuple(found.values())


def _is_root(place: str) -> bool:
    """Most places do not exist, which the first call tells."""
    return os.access(place, os.F_OK) and any(os.path.isdir(os.path.join(place, mark)) for mark in _MARKS)


def _named(environ: Mapping[str, str]) -> Iterator[Path]:
    for name in ("CONDA_ROOT", "_CONDA_ROOT", "MAMBA_ROOT_PREFIX"):
        if environ.get(name):
            yield Path(os.path.expanduser(environ[name]))
    for name in ("CONDA_EXE", "_CONDA_EXE"):
        if environ.get(name):
            yield Path(environ[name]).parent.parent
    if environ.get("CONDA_PYTHON_EXE"):
        folder = Path(environ["CONDA_PYTHON_EXE"]).parent
        yield folder if os.name == "nt" else folder.parent


def _on_path(environ: Mapping[str, str]) -> Iterator[Path]:
    """The installation whose ``conda`` is on PATH: a shell may use it without having been initialised."""
    program = "conda.exe" if os.name == "nt" else "conda"
    for folder in filter(None, environ.get("PATH", "").split(os.pathsep)):
        candidate = Path(folder, program)
        if os.path.isfile(candidate):
            root = Path(os.path.realpath(candidate)).parent.parent
            if os.path.isdir(root / "condabin"):
                yield root


def _usual(environ: Mapping[str, str], home: str) -> Iterator[str]:
    """Texts: there are many, few exist, and a ``Path`` costs as much as the look."""
    join = os.path.join
    parents = [home, join(home, "opt"), join(home, ".local"), *map(str, _system_parents(environ))]
    yield from (join(parent, name) for parent in parents for name in _NAMES)
    yield from (join(home, ".local", "share", "mamba"), join(home, ".conda", "root"))
    for brew in ("/opt/homebrew", "/usr/local"):
        yield from (
            join(brew, "Caskroom", name, "base") for name in ("miniforge", "mambaforge", "miniconda", "anaconda")
        )
        yield join(brew, "anaconda3")
    if os.name != "nt":
        yield from ("/opt/conda", "/srv/conda", "/opt/mamba", "/opt/tljh/user", "/usr/share/miniconda")


def _system_parents(environ: Mapping[str, str]) -> list[Path]:
    if os.name != "nt":
        return [Path("/opt"), Path("/usr/local"), Path("/srv")]
    local = [Path(environ["LOCALAPPDATA"])] if environ.get("LOCALAPPDATA") else []
    return [*local, Path(environ.get("PROGRAMDATA", "C:/ProgramData")), Path("C:/"), Path("C:/tools")]
