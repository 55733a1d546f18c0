"""What an environment holds, read from its own records: conda's, those of Python's installers, its variables."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import condarc
from .channel_names import channel_name
from .conda_records import read_variables
from .distributions import Distribution, distributions, site_packages
from .environment import Environment
from .errors import Conflict
from .locators.venv import config_of
from .python_lock import PythonLock
from .redaction import without_secrets
from .requested import requested_in_history
from .sentence import told

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CondaPackage:
    """One installed conda package, as its record in ``conda-meta`` says. Addresses are without secrets."""

    name: str
    version: str
    build: str
    subdir: str
    channel: str | None
    """The base URL of its channel; ``None`` where it came from none."""
    url: str | None
    sha256: str | None
    md5: str | None
    size: int | None
    license: str | None
    depends: tuple[str, ...]
    constrains: tuple[str, ...]
    asked: tuple[str, ...]
    """What somebody asked for, where the tool that installed it has written it here."""


@dataclass(frozen=True)
class Inventory:
    """Everything that an export can say. By name, each of the lists."""

    name: str
    platform: str
    """``linux-64``, ``osx-arm64``, …"""
    python_version: str | None = None
    conda: tuple[CondaPackage, ...] = ()
    requested: tuple[str, ...] = ()
    """The conda specs that somebody asked for, without secrets."""
    pip: tuple[Distribution, ...] = ()
    """What conda has not installed."""
    unreadable: tuple[str, ...] = ()
    """Folders with metadata that say no name or no version."""
    variables: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    site: bool = False
    """Whether its Python sees the packages of the one that it was made with, too."""
    names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """How people write each channel, by its URL."""
    locked: PythonLock | None = None
    """Where the distributions can be had, for formats that say so."""


def inventory(environment: Environment, platform: str) -> Inventory:
    """Read ``environment``; ``platform`` is this machine's, for where no package says one.

    Raises ``Conflict`` (``damaged-record``) where a package's record cannot be read, and ``OSError``.
    """
    prefix = environment.prefix
    records = records_of(prefix)
    packages = tuple(sorted((_package(record) for record in records), key=lambda package: package.name))
    installed = distributions(site_packages(prefix), metadata_of(prefix, records))
    own = (package.subdir for package in packages if package.subdir not in ("", "noarch"))
    return Inventory(
        environment.name,
        next(own, platform),
        environment.python_version,
        packages,
        _requested(prefix, packages),
        installed.found,
        installed.unreadable,
        _variables(prefix),
        _sees_site(prefix),
        _names(packages),
    )


def _names(packages: tuple[CondaPackage, ...]) -> Mapping[str, str]:
    configured = condarc.load()
    urls = {package.channel for package in packages if package.channel}
    return {url: channel_name(url, configured, os.environ) for url in urls}


def records_of(prefix: str) -> list[Mapping[str, Any]]:
    """The records in ``conda-meta``. Raises ``Conflict`` (``damaged-record``) and ``OSError``."""
    found: list[Mapping[str, Any]] = []
    for path in sorted(Path(prefix, "conda-meta").glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            record = None
        if not isinstance(record, dict) or not all(isinstance(record.get(key), str) for key in ("name", "version")):
            message = told("The record {path} of an installed package cannot be read.", path=path)
            raise Conflict(message, told("Create the environment anew from its file."), code="damaged-record")
        found.append(record)
    return found


def _package(record: Mapping[str, Any]) -> CondaPackage:
    url = without_secrets(_text(record, "url") or "") or None
    subdir = _text(record, "subdir") or (url or "").rsplit("/", 2)[-2:][0]
    return CondaPackage(
        record["name"],
        record["version"],
        _text(record, "build") or _text(record, "build_string") or "",
        subdir,
        _channel(record, url, subdir),
        url,
        _text(record, "sha256"),
        _text(record, "md5"),
        record["size"] if isinstance(record.get("size"), int) else None,
        _text(record, "license"),
        _texts(record, "depends"),
        _texts(record, "constrains"),
        tuple(without_secrets(spec) for spec in _asked(record)),
    )


def _channel(record: Mapping[str, Any], url: str | None, subdir: str) -> str | None:
    """By the record's own word, or else by where it was downloaded; conda writes ``<unknown>`` for neither."""
    said = without_secrets(_text(record, "channel") or "").rstrip("/")
    if "://" not in said and url and url.count("/") > 3:
        said = url.rsplit("/", 1)[0] if said != "<unknown>" else ""
    return said.removesuffix(f"/{subdir}").rstrip("/") or None


def _asked(record: Mapping[str, Any]) -> tuple[str, ...]:
    one = _text(record, "requested_spec")
    return tuple(spec for spec in dict.fromkeys((*_texts(record, "requested_specs"), one)) if spec and spec != "None")


def _requested(prefix: str, packages: tuple[CondaPackage, ...]) -> tuple[str, ...]:
    """By the history, as conda does; where it names none, by the records, which is where pixi and rattler write it."""
    in_history = requested_in_history(prefix, (package.name for package in packages))
    asked = in_history or tuple(spec for package in packages for spec in package.asked)
    return tuple(dict.fromkeys(without_secrets(spec) for spec in asked))


def metadata_of(prefix: str, records: list[Mapping[str, Any]]) -> frozenset[str]:
    """The metadata of Python distributions that conda has installed."""
    files = (file for record in records for file in _texts(record, "files"))
    inside = (file.rpartition("/")[0] if ".dist-info/" in file or ".egg-info/" in file else file for file in files)
    own = {path for path in inside if path.endswith((".dist-info", ".egg-info", ".egg-link"))}
    return frozenset(os.path.normcase(os.path.join(prefix, *path.split("/"))) for path in own)


def _variables(prefix: str) -> Mapping[str, str]:
    """``null`` is an empty text to conda's activation."""
    return {name: value or "" for name, value in read_variables(prefix).items()}


def _sees_site(prefix: str) -> bool:
    try:
        return config_of(Path(prefix, "pyvenv.cfg").read_bytes()).takes_from_base
    except (FileNotFoundError, NotADirectoryError):
        return False


def _text(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) and value else None


def _texts(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
