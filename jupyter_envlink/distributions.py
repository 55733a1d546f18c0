"""Python distributions in folders, as their own metadata tells: nothing is imported, and no Python is started."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .redaction import without_secrets

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_INFO = (".dist-info", ".egg-info")
#: What a URL may hold as it stands; the rest is escaped, so that none can bring a second line.
_SAFE = "%/:?=&~#+!$,;'@()*[]{}"


@dataclass(frozen=True)
class Distribution:
    """One installed distribution. ``direct_url`` is what PEP 610 keeps of one that came from no index."""

    name: str
    version: str
    direct_url: Mapping[str, Any]
    requested: bool
    """Whether somebody asked for it by name, not as a dependency (``REQUESTED``, PEP 376)."""
    tags: frozenset[str] = frozenset()
    """The tags of the wheel that it came from, such as ``py3-none-any``."""
    metadata: str = field(default="", compare=False)
    """The folder, or the file, that says all this."""

    def as_dict(self) -> dict[str, str]:
        """``PipPackage`` of ``openapi.yaml``."""
        return {"name": self.name, "version": self.version}

    @property
    def is_editable(self) -> bool:
        return bool(self._part("dir_info").get("editable"))

    @property
    def is_local(self) -> bool:
        """Whether it came from a folder or a file of this machine."""
        return str(self.direct_url.get("url", "")).startswith("file:")

    @property
    def is_folder(self) -> bool:
        return "dir_info" in self.direct_url

    @property
    def path(self) -> str | None:
        """The folder or file of this machine that it came from."""
        return _path(str(self.direct_url.get("url"))) if self.is_local else None

    @property
    def requirement(self) -> str:
        """A line of a requirements file that installs just this, without secrets."""
        url = self.url
        if not url:
            return f"{self.name}=={self.version}"
        if self.is_editable:
            return f"-e {_path(url)}"
        return f"{self.name} @ {url}"

    @property
    def url(self) -> str:
        """Where it came from, as pip reads it (PEP 508, PEP 610); empty where an index has it."""
        url = _plain(without_secrets(str(self.direct_url.get("url") or "")))
        vcs = self._part("vcs_info")
        if url and vcs:
            url = f"{_plain(str(vcs.get('vcs')))}+{url}@{_plain(str(vcs.get('commit_id')))}"
        fragments = [f"sha256={_plain(self._sha256)}"] if self._sha256 else []
        subdirectory = self.direct_url.get("subdirectory")
        fragments += [f"subdirectory={_plain(str(subdirectory))}"] if subdirectory else []
        return url + ("#" + "&".join(fragments) if url and fragments else "")

    @property
    def _sha256(self) -> str:
        archive = self._part("archive_info")
        hashes = archive.get("hashes")
        found = hashes.get("sha256") if isinstance(hashes, Mapping) else None
        return str(found or str(archive.get("hash") or "").removeprefix("sha256="))

    def _part(self, key: str) -> Mapping[str, Any]:
        value = self.direct_url.get(key)
        return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True)
class Distributions:
    """What is installed, by name; ``unreadable`` are the folders of metadata that say no name or no version."""

    found: tuple[Distribution, ...] = ()
    unreadable: tuple[str, ...] = ()


def site_packages(prefix: str) -> list[str]:
    """The folders below ``prefix`` in which its Pythons look for distributions."""
    inside = [Path(prefix, "Lib")] if os.name == "nt" else Path(prefix, "lib").glob("python[23].*")
    return sorted(str(folder / "site-packages") for folder in inside if (folder / "site-packages").is_dir())


def distributions(folders: Iterable[str], of_others: frozenset[str] = frozenset()) -> Distributions:
    """Every distribution in ``folders`` whose metadata is not among the paths ``of_others``. Raises ``OSError``."""
    found: dict[str, Distribution] = {}
    unreadable = []
    for path in _metadata(folders):
        if os.path.normcase(path) in of_others:
            continue
        one = _editable_link(path) if path.endswith(".egg-link") else _distribution(path)
        if one is None:
            unreadable.append(path)
        else:
            found.setdefault(canonicalize_name(one.name), one)
    return Distributions(tuple(found[name] for name in sorted(found)), tuple(unreadable))


def _metadata(folders: Iterable[str]) -> Iterator[str]:
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            # pip renames what it is about to remove to `~name`.
            if name.endswith((*_INFO, ".egg-link")) and not name.startswith("~"):
                yield os.path.join(folder, name)


def _distribution(path: str) -> Distribution | None:
    headers = HeaderParser().parsestr(_read(path, "METADATA") or _read(path, "PKG-INFO") or _own(path))
    name, version = str(headers.get("Name", "")), str(headers.get("Version", ""))
    if not _NAME.fullmatch(name) or not is_version(version):
        return None
    wheel = HeaderParser().parsestr(_read(path, "WHEEL"))
    requested = os.path.exists(os.path.join(path, "REQUESTED"))
    return Distribution(
        name, version, _direct_url(path), requested, frozenset(map(str, wheel.get_all("Tag", []))), path
    )


def _editable_link(path: str) -> Distribution | None:
    """What ``setup.py develop`` has left: the folder of the source, in which its metadata lies."""
    lines = _own(path).splitlines()
    source = lines[0].strip() if lines else ""
    if not os.path.isdir(source):
        return None
    one = next((_distribution(each) for each in _metadata([source])), None)
    url = {"url": Path(source).as_uri(), "dir_info": {"editable": True}}
    return Distribution(one.name, one.version, url, True, metadata=one.metadata) if one else None


def _direct_url(path: str) -> Mapping[str, Any]:
    try:
        value = json.loads(_read(path, "direct_url.json") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _read(path: str, name: str) -> str:
    try:
        return Path(path, name).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _own(path: str) -> str:
    """distutils wrote a file where others make a folder."""
    return Path(path).read_text(encoding="utf-8", errors="replace") if os.path.isfile(path) else ""


def _path(url: str) -> str:
    """The path of a ``file:`` URL; of another one (VCS), the URL."""
    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == "file" else url


def _plain(text: str) -> str:
    return quote(text, safe=_SAFE)


def is_version(text: str) -> bool:
    """Whether it is one to Python's installers (PEP 440)."""
    try:
        return bool(Version(text))
    except InvalidVersion:
        return False
