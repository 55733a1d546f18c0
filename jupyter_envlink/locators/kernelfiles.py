"""The ``kernel.json`` files of one environment, read with distrust.

The format: https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jupyter_envlink.environment import Kernel

from .evidence import Stamp, listing, stamp_of

LIMIT = 1 << 20
"""Bytes. No real kernel.json comes near; a larger file is not one."""
OWNER = "jupyter_envlink"

# Not blocking, for a FIFO that bears the name; O_BINARY and O_NONBLOCK exist on one system each.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class KernelFile:
    """A ``kernel.json``: the kernel it describes, or the fault (half a sentence) that keeps it from being one.

    With neither, the file is none of the environment's own kernels.
    """

    path: str
    stamp: Stamp
    kernel: Kernel | None = None
    fault: str | None = None


def read_kernel_files(folder: str) -> list[KernelFile]:
    """Every ``folder/NAME/kernel.json``, sorted by name, after the folder itself. Raises nothing.

    The first is the folder: never a kernel, with a fault where it cannot be read.
    """
    try:
        found, names = listing(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [KernelFile(folder, None)]
    except OSError as error:
        return [KernelFile(folder, None, fault=f"cannot be read: {error.strerror}")]
    files = [_read(folder + os.sep + name, name) for name in sorted(names)]
    return [KernelFile(folder, found), *[file for file in files if file is not None]]


def _read(folder: str, name: str) -> KernelFile | None:
    path = folder + os.sep + "kernel.json"
    try:
        found, content = _content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return KernelFile(path, None, fault=f"cannot be read: {error.strerror}")
    return _judged(path, found, folder, name, content)


def _content(path: str) -> tuple[Stamp, bytes]:
    """The stamp is taken before the content is read: a later change cannot be missed."""
    file = os.open(path, _FLAGS)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", path)
        return stamp_of(status), os.read(file, min(status.st_size, LIMIT + 1))
    finally:
        os.close(file)


def _judged(path: str, found: Stamp, folder: str, name: str, content: bytes) -> KernelFile:
    if len(content) > LIMIT:
        return KernelFile(path, found, fault="is larger than 1 MiB")
    spec, fault = _parsed(content)
    if spec is None or _is_ours(spec):
        return KernelFile(path, found, fault=fault)
    return KernelFile(path, found, kernel=_kernel(spec, folder, name))


@lru_cache(maxsize=64)
def _parsed(content: bytes) -> tuple[dict[str, Any] | None, str | None]:
    """The spec, which nobody changes, or what is wrong with it. A wheel's file is the same in each environment."""
    try:
        spec = json.loads(content)
    except (ValueError, RecursionError) as error:
        return None, f"is not JSON: {error}"
    fault = _fault(spec)
    return (None if fault else spec), fault


def _fault(spec: object) -> str | None:
    if not isinstance(spec, dict):
        return "is not a JSON object"
    if missing := [key for key in ("argv", "display_name", "language") if key not in spec]:
        return f"lacks {' and '.join(missing)}"
    if not (isinstance(spec["argv"], list) and spec["argv"] and _are_texts(spec["argv"])):
        return "has an argv that is not a list of texts"
    for key in ("display_name", "language"):
        if not (isinstance(spec[key], str) and spec[key]):
            return f"has a {key} that is not a text"
    return _optional_fault(spec)


def _optional_fault(spec: dict[str, Any]) -> str | None:
    """``null`` stands for a key that is not there."""
    env, metadata = spec.get("env") or {}, spec.get("metadata") or {}
    if not (isinstance(env, dict) and _are_texts(env.values())):
        return "has an env that is not an object of texts"
    if not isinstance(metadata, dict):
        return "has a metadata that is not an object"
    if spec.get("interrupt_mode") not in (None, "signal", "message"):
        return 'has an interrupt_mode that is neither "signal" nor "message"'
    if not isinstance(spec.get("kernel_protocol_version", ""), str | None):
        return "has a kernel_protocol_version that is not a text"
    return None


def _are_texts(values: Iterable[object]) -> bool:
    return all([isinstance(value, str) for value in values])  # noqa: C419 - four times as fast


def _is_ours(spec: dict[str, Any]) -> bool:
    """A registration of ours that landed here (JUPYTER_DATA_DIR may lie in a prefix) is no kernel *of* the prefix."""
    record = (spec.get("metadata") or {}).get("envlink")
    return isinstance(record, dict) and record.get("owner") == OWNER


def _kernel(spec: dict[str, Any], folder: str, name: str) -> Kernel:
    return Kernel(
        name=name,
        display_name=spec["display_name"],
        language=spec["language"],
        argv=tuple(spec["argv"]),
        resource_dir=folder,
        env=MappingProxyType(spec.get("env") or {}),
        interrupt_mode=spec.get("interrupt_mode") or "signal",
        metadata=MappingProxyType(spec.get("metadata") or {}),
        protocol_version=spec.get("kernel_protocol_version"),
    )
