"""The kernel specs that lie in Jupyter's folders, foreign ones and those that we registered."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

OWNER = "jupyter_envlink"
NATIVE = "python3"
_FIELDS: Mapping[str, type] = {
    "argv": list, "display_name": str, "language": str, "env": dict, "interrupt_mode": str, "metadata": dict,
    "kernel_protocol_version": str, "mimetype": str, "name": str,
}  # fmt: skip
_RACY_NS = 2_000_000_000
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class StoredSpec:
    """A kernel spec folder. ``spec`` is the content of its kernel.json: known keys only, of the right types."""

    name: str
    directory: str
    spec: Mapping[str, Any]
    resources: tuple[str, ...] = ()
    """File names that pages may ask for: logos, ``kernel.js``, ``kernel.css``."""

    @property
    def owned(self) -> Mapping[str, Any] | None:
        """Our ownership record; ``None`` where the spec is foreign."""
        return ownership(self.spec)


def ownership(spec: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Our ownership record in a kernel.json: ``{"owner", "prefix", "id", "signature", "kernel"}``, if it is ours."""
    metadata = spec.get("metadata")
    record = metadata.get("envlink") if isinstance(metadata, dict) else None
    return record if isinstance(record, dict) and record.get("owner") == OWNER else None


def resource_names(directory: str) -> tuple[str, ...]:
    """The files of ``directory`` that belong to a kernel's looks, sorted; none where it cannot be read."""
    try:
        names = os.listdir(directory)
    except OSError:
        return ()
    return tuple(sorted(name for name in names if name.startswith("logo-") or name in ("kernel.js", "kernel.css")))


def read_spec(file: str) -> dict[str, Any]:
    """A kernel.json. ``ValueError`` says what is wrong with it, ``OSError`` that it cannot be read.

    Keys that jupyter_client does not know are dropped (it would only warn of them), a missing title is left out.
    """
    with open(file, encoding="utf-8") as stream:
        content = json.load(stream)
    if not isinstance(content, dict):
        raise ValueError("it does not hold a JSON object")
    wrong = [key for key, kind in _FIELDS.items() if key in content and not isinstance(content[key], kind)]
    if wrong or not all(isinstance(word, str) for word in content.get("argv", ())):
        raise ValueError(f"`{wrong[0] if wrong else 'argv'}` has the wrong type")
    if not content.get("argv") or content.get("interrupt_mode", "signal").lower() not in ("signal", "message"):
        raise ValueError("`argv` is empty or `interrupt_mode` unknown")
    return {key: content[key] for key in _FIELDS if key in content}


class KernelDirs:
    """The specs of several ``kernels`` folders; the first folder that has a name wins, as in jupyter_client.

    Asked again, it costs one stat per folder and two per spec. Names are in lower case. Broken specs are logged once
    and skipped.
    """

    def __init__(self, directories: Sequence[str], log: logging.Logger | None = None) -> None:
        self.directories = tuple(directories)
        self.log = log or logging.getLogger(__name__)
        self._listings: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._loaded: dict[str, tuple[tuple[_Stamp, int], StoredSpec | None]] = {}
        self._last: tuple[StoredSpec, ...] = ()
        self._by_name: Mapping[str, StoredSpec] = MappingProxyType({})

    def all(self) -> Mapping[str, StoredSpec]:
        """Every spec by name. The very same object is returned while nothing changed on the disk."""
        found: dict[str, StoredSpec] = {}
        for directory in self.directories:
            for path in self._subfolders(directory):
                stored = self._load(path)
                if stored is not None:
                    found.setdefault(stored.name, stored)
        specs = tuple(found.values())
        if specs != self._last:
            self._last, self._by_name = specs, MappingProxyType(found)
        return self._by_name

    def _subfolders(self, directory: str) -> tuple[str, ...]:
        stamp = _mtime(directory)
        known = self._listings.get(directory)
        if stamp is None:
            return ()
        if known is None or known[0] != stamp:
            known = (stamp, _subfolders_of(directory))
            # A folder changed just now may change again within the resolution of its clock.
            if time.time_ns() - stamp > _RACY_NS:
                self._listings[directory] = known
        return known[1]

    def _load(self, directory: str) -> StoredSpec | None:
        file = os.path.join(directory, "kernel.json")
        stamp, folder = _stamp(file), _mtime(directory)
        if stamp is None or folder is None:
            return None
        known = self._loaded.get(directory)
        if known is None or known[0] != (stamp, folder):
            known = ((stamp, folder), self._read(directory, file))
            self._loaded[directory] = known
        return known[1]

    def _read(self, directory: str, file: str) -> StoredSpec | None:
        try:
            spec = read_spec(file)
        except (OSError, ValueError, RecursionError) as e:
            self.log.warning("envlink: the kernel spec %s is skipped: %s", file, e)
            return None
        return StoredSpec(os.path.basename(directory).lower(), directory, spec, resource_names(directory))


def native_spec() -> StoredSpec | None:
    """The ``python3`` of the server's own ipykernel, as jupyter_client adds it; ``None`` without ipykernel."""
    try:
        from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    except ImportError:
        return None
    return StoredSpec(NATIVE, RESOURCES, get_kernel_dict(), resource_names(RESOURCES))


def _subfolders_of(directory: str) -> tuple[str, ...]:
    try:
        with os.scandir(directory) as entries:
            return tuple(sorted(entry.path for entry in entries if entry.is_dir()))
    except OSError:
        return ()


def _stamp(path: str) -> _Stamp | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _mtime(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
