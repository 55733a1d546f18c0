"""What an index says about installed distributions: where their files are, and their hashes (PEP 751)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from .distributions import Distribution
from .errors import EnvlinkError
from .redaction import without_secrets
from .sentence import told

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Artifact:
    """One file that can be installed. ``sha256`` is empty for a commit of a repository."""

    name: str
    version: str
    url: str
    sha256: str


@dataclass(frozen=True)
class PythonLock:
    """``text`` is a ``pylock.toml``, ``artifacts`` the one file of each distribution that fits the installed one."""

    text: str
    artifacts: tuple[Artifact, ...]


def python_lock(text: str, installed: Sequence[Distribution]) -> PythonLock:
    """Read a ``pylock.toml``, less what its addresses hold of secrets. Raises ``EnvlinkError`` where it is none."""
    text = without_secrets(text)
    try:
        packages = tomllib.loads(text).get("packages", [])
        by_name: dict[str, Any] = {canonicalize_name(str(package["name"])): package for package in packages}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise EnvlinkError(
            told("uv has written a pylock.toml that cannot be read: {error}", error=error), told("Please report it.")
        ) from None
    return PythonLock(text, tuple(_artifacts(by_name, installed)))


def _artifacts(by_name: Mapping[str, Mapping[str, Any]], installed: Sequence[Distribution]) -> Iterator[Artifact]:
    for one in installed:
        source = _source(by_name.get(canonicalize_name(one.name), {}), one)
        if source:
            sha256 = str(source.get("hashes", {}).get("sha256", ""))
            yield Artifact(one.name, one.version, one.url if "vcs" in source else str(source["url"]), sha256)


def _source(package: Mapping[str, Any], one: Distribution) -> Mapping[str, Any] | None:
    """The wheel with a tag that the installed one has, or else the source."""
    if "vcs" in package:
        return {"vcs": True, **package["vcs"]}
    wheels = [wheel for wheel in package.get("wheels", ()) if wheel.get("url")]
    fitting = (wheel for wheel in wheels if _tags(str(wheel["url"])) & one.tags)
    found = next(fitting, None) or package.get("archive") or package.get("sdist")
    return found if found and found.get("url") else None


def _tags(url: str) -> set[str]:
    try:
        return {str(tag) for tag in parse_wheel_filename(url.partition("#")[0].rpartition("/")[2])[3]}
    except InvalidWheelFilename:
        return set()
