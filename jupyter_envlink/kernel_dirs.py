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

from .environment import prefix_id

OWNER = "jupyter_envlink"
NATIVE = "python3"
_FIELDS: Mapping[str, type] = {
    "argv": list, "display_name": str, "language": str, "env": dict, "interrupt_mode": str, "metadata": dict,
    "kernel_protocol_version": str, "mimetype": str, "name": str,
}  # fmt: skip
_RECORD = ("owner", "link", "prefix", "id", "signature", "kernel")
_RACY_NS = 2_000_000_000
_Stamp = tuple[int, int, int, int]


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
        return ownership(self.spec, self.name)


def ownership(spec: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Our record in the kernel.json of the folder ``name``: owner, link, prefix, id, signature, kernel.

    ``None`` unless it is whole and was made for that folder: a person's copy of a spec of ours is the person's.
    """
    metadata = spec.get("metadata")
    record = metadata.get("envlink") if isinstance(metadata, dict) else None
    return record if isinstance(record, dict) and _is_whole(record, name.lower()) else None


def claim(name: str, signature: str, kernel: str) -> dict[str, str]:
    """What makes a spec ours, beside the ``prefix`` and ``id`` that each spec of an environment's kernel bears."""
    return {"owner": OWNER, "link": name, "signature": signature, "kernel": kernel}


def _is_whole(record: Mapping[str, Any], name: str) -> bool:
    if not all(isinstance(record.get(key), str) for key in _RECORD):
        return False
    return (record["owner"], record["link"], record["id"]) == (OWNER, name, prefix_id(record["prefix"]))


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
    return checked_spec(content)


def checked_spec(content: Mapping[str, Any]) -> dict[str, Any]:
    """``content`` as that of a kernel.json: its known keys. ``ValueError`` says what is wrong with it."""
    wrong = [key for key, kind in _FIELDS.items() if key in content and not isinstance(content[key], kind)]
    if wrong or not all(isinstance(word, str) for word in content.get("argv", ())):
        raise ValueError(f"`{wrong[0] if wrong else 'argv'}` has the wrong type")
    if not content.get("argv") or content.get("interrupt_mode", "signal").lower() not in ("signal", "message"):
        raise ValueError("`argv` is empty or `interrupt_mode` unknown")
    return {key: content[key] for key in _FIELDS if key in content}


class KernelDirs:
    """The specs of several ``kernels`` folders; the first folder that has a name wins, as in jupyter_client.

    ``directories`` is kept, not copied: programs append to a manager's ``kernel_dirs``. Asked again, it costs one
    stat per folder and one per spec. Names are in lower case. Broken specs are logged once and skipped.
    """

    def __init__(self, directories: Sequence[str], log: logging.Logger | None = None) -> None:
        self.directories = directories
        self.log = log or logging.getLogger(__name__)
        self._listings: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._loaded: dict[str, tuple[_Stamp, StoredSpec | None]] = {}
        self._young: set[str] = set()
        self._last: tuple[StoredSpec, ...] = ()
        self._by_name: Mapping[str, StoredSpec] = MappingProxyType({})

    def all(self) -> Mapping[str, StoredSpec]:
        """Every spec by name. The very same object is returned while nothing changed on the disk."""
        found: dict[str, StoredSpec] = {}
        for directory in tuple(self.directories):
            for file in self._files(directory):
                stored = self._load(file)
                if stored is not None:
                    found.setdefault(stored.name, stored)
        specs = tuple(found.values())
        if specs != self._last:
            self._last, self._by_name = specs, MappingProxyType(found)
        return self._by_name

    def _files(self, directory: str) -> tuple[str, ...]:
        stamp = _mtime(directory)
        known = self._listings.get(directory)
        if stamp is None:
            return ()
        if known is None or known[0] != stamp:
            known = (stamp, _files_of(directory))
            # A folder changed just now may change again within the resolution of its clock.
            if time.time_ns() - stamp > _RACY_NS:
                self._listings[directory] = known
        return known[1]

    def _load(self, file: str) -> StoredSpec | None:
        stamp = _stamp(file)
        if stamp is None:
            return None
        known = self._loaded.get(file)
        if known is None or known[0] != stamp or file in self._young:
            known = (stamp, self._read(file, stamp, known))
            self._loaded[file] = known
        return known[1]

    def _read(self, file: str, stamp: _Stamp, known: tuple[_Stamp, StoredSpec | None] | None) -> StoredSpec | None:
        self._young.discard(file)
        if time.time_ns() - stamp[-1] < _RACY_NS:
            self._young.add(file)  # its logos may still be on their way
        try:
            spec = read_spec(file)
        except (OSError, ValueError, RecursionError) as e:
            if known is None or known[0] != stamp:
                self.log.warning("envlink: the kernel spec %s is skipped: %s", file, e)
            return None
        directory = os.path.dirname(file)
        stored = StoredSpec(os.path.basename(directory).lower(), directory, spec, resource_names(directory))
        return known[1] if known and known[1] == stored else stored


def native_spec() -> StoredSpec | None:
    """The ``python3`` of the server's own ipykernel, as jupyter_client adds it; ``None`` without ipykernel."""
    try:
        from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    except ImportError:
        return None
    return StoredSpec(NATIVE, RESOURCES, get_kernel_dict(), resource_names(RESOURCES))


def _files_of(directory: str) -> tuple[str, ...]:
    """Where a kernel.json is or may come, in each folder of ``directory``."""
    try:
        with os.scandir(directory) as entries:
            return tuple(sorted(os.path.join(entry.path, "kernel.json") for entry in entries if entry.is_dir()))
    except OSError:
        return ()


def _stamp(path: str) -> _Stamp | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_ctime_ns)


def _mtime(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
