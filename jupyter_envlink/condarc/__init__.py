"""What the condarc files and the ``CONDA_*`` variables say. Reading only: nothing is written, nothing is run.

The places, their precedence and the way in which they are merged are conda's, with mamba's ``.mambarc`` beside each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from .._roots import root_prefixes
from .layers import read_layer
from .loading import Loading
from .places import places
from .settings import DEFAULT_ALIAS, Condarc
from .variables import expand_path, expand_variables

__all__ = [
    "DEFAULT_ALIAS",
    "Condarc",
    "envs_dirs_by_file",
    "expand_path",
    "expand_variables",
    "load",
    "root_prefixes",
]


def load(environ: Mapping[str, str] | None = None, home: Path | None = None, prefix: str | None = None) -> Condarc:
    """Every condarc and variable that conda would see, merged. Never raises: see :attr:`Condarc.problems`.

    ``prefix`` is the environment that is to be made or changed, whose own condarc counts, too; where it is ``None``,
    that of the active one (``CONDA_PREFIX``) does.
    """
    environ = os.environ if environ is None else environ
    home = Path(os.path.expanduser("~")) if home is None else home
    return Loading(environ, home).condarc(environ.get("CONDA_PREFIX") if prefix is None else prefix)


def envs_dirs_by_file(environ: Mapping[str, str], home: Path) -> Iterator[tuple[str, Path]]:
    """Each folder of environments that a file configures, absolute, with that file. Never raises."""
    for place in places(environ, home, environ.get("CONDA_PREFIX")):
        layer = read_layer(place.path, environ, lambda sentence: None)
        folders = layer.values.get("envs_dirs") if layer else None
        if isinstance(folders, list):
            yield from ((str(expand_path(str(folder), environ, home)), place.path) for folder in folders if folder)
