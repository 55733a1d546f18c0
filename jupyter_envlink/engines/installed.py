"""The distributions that a Python finds already, shown to uv as if they lay in another folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from .. import process
from ..distributions import is_version

_PATH = "import json, sys; print(json.dumps([p for p in sys.path[1:] if p]))"
_ASKED_WITHIN = 120


def search_path(python: str, cwd: str) -> list[str]:
    """``sys.path`` of ``python``, without the folder that it is started in. Raises ``EnvlinkError``."""
    environ = process.clean_environ(os.environ)
    done = process.run([python, "-B", "-c", _PATH], env=environ, cwd=cwd, timeout=_ASKED_WITHIN, check=True)
    return [str(place) for place in json.loads(done.stdout.splitlines()[-1])]


def installed(path: Sequence[str]) -> Mapping[str, Distribution]:
    """What is found in ``path``, by normalised name: the first of each, as an import takes it.

    One without a name or with a version that is none (PEP 440) is passed over: no installer can reckon with it.
    """
    found: dict[str, Distribution] = {}
    for one in distributions(path=list(path)):
        name = one.metadata["Name"] if one.metadata else None
        if name and is_version(str(one.version)):
            found.setdefault(canonicalize_name(name), one)
    return found


def constraints(found: Mapping[str, Distribution]) -> str:
    """Lines of a requirements file that keep each at the version that it has."""
    return "".join(f"{name}=={one.version}\n" for name, one in found.items())


def show_in(folder: Path, found: Mapping[str, Distribution]) -> list[Path]:
    """Metadata in ``folder``, by which uv takes ``found`` for installed there and leaves them out; what was made."""
    return [_shown(folder, name, one) for name, one in found.items()]


def _shown(folder: Path, name: str, one: Distribution) -> Path:
    made = folder / f"{name.replace('-', '_')}-{one.version}.dist-info"
    made.mkdir()
    text = one.read_text("METADATA") or one.read_text("PKG-INFO") or str(one.metadata)
    (made / "METADATA").write_text(text, encoding="utf-8")
    (made / "RECORD").touch()
    return made
