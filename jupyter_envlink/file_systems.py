"""What the file system that a folder lies on can do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

_SHARING = frozenset({"btrfs", "xfs", "bcachefs", "zfs", "apfs", "overlay"})
"""On these copies may share their blocks, which no file's own properties tell. What an overlay lies on is not said."""
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "9p", "glusterfs"}
)
_MOUNTS = "/proc/self/mountinfo"


def shares_blocks(path: str) -> bool:
    """Whether files there may share their blocks without being hard links. Where that is not known, they may not."""
    if sys.platform == "darwin":
        return True
    return file_system(path) in _SHARING


def is_remote(path: str) -> bool:
    """Whether it lies on another machine, as far as the system says."""
    kind = file_system(path) or ""
    return kind in _REMOTE or kind.startswith("fuse.")


def file_system(path: str) -> str | None:
    """The kind of file system, on Linux; ``None`` elsewhere."""
    real = os.path.realpath(path)
    found = [(len(place), order, kind) for order, (place, kind) in enumerate(_mounts()) if _is_below(real, place)]
    return max(found)[2] if found else None  # of two that are mounted at one place, the later one is seen


def _mounts() -> Iterator[tuple[str, str]]:
    """Where each is mounted, and what it is."""
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as stream:
            lines = stream.read().splitlines()
    except OSError:
        return
    for line in lines:
        head, _, tail = line.partition(" - ")
        words = head.split(" ")
        if len(words) > 4 and tail:
            yield _unescaped(words[4]), tail.split(" ")[0]


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def _is_below(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/") + "/")
