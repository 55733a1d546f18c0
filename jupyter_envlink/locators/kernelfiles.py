"""The ``kernel.json`` files of one environment, read with distrust.

The format: https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
"""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jupyter_envlink.environment import Kernel, made_of
from jupyter_envlink.sentence import all_of, told

from .evidence import UNREADABLE, YOUNG_NS, Stamp, listing, stamp_of

LIMIT = 1 << 20
"""Bytes. No real kernel.json comes near; a larger file is not one."""
OWNER = "jupyter_envlink"
_Spec = tuple[Mapping[str, Any] | None, str | None]
"""The fields of a kernel, or what is wrong with its file; neither for one that does not count."""
KERNELS = os.sep.join(("", "share", "jupyter", "kernels"))
"""Where every prefix keeps its kernels."""
_FILE = os.sep + "kernel.json"

# Not blocking, for a FIFO that bears the name; O_BINARY and O_NONBLOCK exist on one system each.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class KernelFiles:
    """What one environment's ``share/jupyter/kernels`` holds.

    ``seen`` gets the paths that were looked at with their stamps; ``own`` are the stamps of those ``kernel.json``
    that are the environment's own; ``faults`` sentences, each of which begins with a path.
    """

    __slots__ = ("faults", "kernels", "own", "seen")

    def __init__(self, seen: dict[str, Stamp]) -> None:
        self.seen = seen
        self.own: list[Stamp] = []
        self.kernels: list[Kernel] = []
        self.faults: list[str] = []

    def read(self, folder: str, name: str) -> None:
        path = folder + _FILE
        try:
            status = os.stat(path)
            found = (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
            shared, fault = _spec(path, status, found)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self.fail(path, told("cannot be read: {reason}", reason=error.strerror))
            return
        self.seen[path] = found
        if fault:
            self.faults.append(told("{path} {fault}", path=path, fault=fault))
        elif shared:
            self.kernels.append(made_of(Kernel, {**shared, "name": name, "resource_dir": folder}))
        if fault or shared:
            self.own.append(found)

    def fail(self, path: str, fault: str) -> None:
        """``path`` cannot even be opened. That counts for the signature, too."""
        self.seen[path] = UNREADABLE
        self.own.append(UNREADABLE)
        self.faults.append(told("{path} {fault}", path=path, fault=fault))


def read_kernel_files(folder: str, seen: dict[str, Stamp]) -> KernelFiles:
    """Every ``folder/NAME/kernel.json``, sorted by name; what was looked at is added to ``seen``. Raises nothing."""
    files = KernelFiles(seen)
    try:
        found, names = listing(folder)
    except (FileNotFoundError, NotADirectoryError):
        seen[folder] = None
        return files
    except OSError as error:
        files.fail(folder, told("cannot be read: {reason}", reason=error.strerror))
        return files
    seen[folder] = found
    names.sort()
    for name in names:
        files.read(folder + os.sep + name, name)
    return files


def read_file(path: str, status: os.stat_result | None = None) -> tuple[Stamp, bytes]:
    """A regular file's stamp, and at most ``LIMIT`` + 1 bytes of it. Raises ``OSError``, also for what is no file.

    The stamp is taken before the content is read, by the caller where it gives its ``status``: a later change cannot
    be missed.
    """
    file = os.open(path, _FLAGS)
    try:
        status = status or os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", path)
        return stamp_of(status), os.read(file, min(status.st_size, LIMIT + 1))
    finally:
        os.close(file)


_linked: dict[tuple[int, int, Stamp], _Spec] = {}
"""What files with several names say, by inode, device and stamp."""
_MOST = 64


def _spec(path: str, status: os.stat_result, found: Stamp) -> _Spec:
    """What the file says. conda and uv hard-link a wheel's file into each environment: such a file is read once."""
    if status.st_nlink < 2 or status.st_ctime_ns > time.time_ns() - YOUNG_NS:
        return _understood(read_file(path, status)[1])
    link = (status.st_ino, status.st_dev, found)
    return _linked.get(link) or _read_link(path, link)


def _read_link(path: str, link: tuple[int, int, Stamp]) -> _Spec:
    found, content = read_file(path)
    spec = _understood(content)
    if found == link[2]:  # else it is not the file that was looked at
        if len(_linked) >= _MOST:
            _linked.clear()
        _linked[link] = spec
    return spec


def _understood(content: bytes) -> _Spec:
    return _parsed(content) if len(content) <= LIMIT else (None, told("is larger than 1 MiB"))


@lru_cache(maxsize=64)
def _parsed(content: bytes) -> _Spec:
    """The fields of :class:`Kernel` that ``content`` gives, or what is wrong with it; neither for a file of ours.

    A wheel's file is the same in each environment, so it is parsed once, and what was made of it is shared.
    """
    try:
        spec = json.loads(content)
    except (ValueError, RecursionError) as error:
        return None, told("is not JSON: {error}", error=str(error))
    if fault := _fault(spec):
        return None, fault
    return None if _is_ours(spec) else _fields(spec), None


def _fault(spec: object) -> str | None:
    if not isinstance(spec, dict):
        return told("is not a JSON object")
    if missing := [key for key in ("argv", "display_name", "language") if key not in spec]:
        return told("lacks {keys}", keys=all_of(missing))
    if not (isinstance(spec["argv"], list) and spec["argv"] and _are_texts(spec["argv"])):
        return told("has an argv that is not a list of texts")
    for key in ("display_name", "language"):
        if not (isinstance(spec[key], str) and spec[key]):
            return told("has a {key} that is not a text", key=key)
    return _optional_fault(spec)


def _optional_fault(spec: dict[str, Any]) -> str | None:
    """``null`` stands for a key that is not there."""
    env, metadata = spec.get("env") or {}, spec.get("metadata") or {}
    if not (isinstance(env, dict) and _are_texts(env.values())):
        return told("has an env that is not an object of texts")
    if not isinstance(metadata, dict):
        return told("has a metadata that is not an object")
    if _interrupt_mode(spec) not in ("signal", "message"):
        return told('has an interrupt_mode that is neither "signal" nor "message"')
    if not isinstance(spec.get("kernel_protocol_version", ""), str | None):
        return told("has a kernel_protocol_version that is not a text")
    return None


def _interrupt_mode(spec: dict[str, Any]) -> str:
    """In any case of letters, as jupyter_client has it."""
    return str(spec.get("interrupt_mode") or "signal").lower()


def _are_texts(values: Iterable[object]) -> bool:
    return all([isinstance(value, str) for value in values])  # noqa: C419 - four times as fast


def _is_ours(spec: dict[str, Any]) -> bool:
    """A registration of ours that landed here (JUPYTER_DATA_DIR may lie in a prefix) is no kernel *of* the prefix."""
    record = (spec.get("metadata") or {}).get("envlink")
    return isinstance(record, dict) and record.get("owner") == OWNER


def _fields(spec: dict[str, Any]) -> Mapping[str, Any]:
    return {
        "display_name": spec["display_name"],
        "language": spec["language"],
        "argv": tuple(spec["argv"]),
        "env": MappingProxyType(spec.get("env") or {}),
        "interrupt_mode": _interrupt_mode(spec),
        "metadata": MappingProxyType(spec.get("metadata") or {}),
        "protocol_version": spec.get("kernel_protocol_version"),
    }
