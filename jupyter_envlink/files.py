"""Writing small files so that a reader, or a crash, sees the old content or the new one, never half of it."""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

_TEMPORARY = ".envlink-new"
"""How the name of what is not yet whole ends: by it we know our own in other people's folders."""
_SWEPT_AT_MOST = 20


def write_text(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` (UTF-8), readable by its owner alone. Raises ``OSError``."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes, like: os.stat_result | None = None) -> None:
    """As ``write_text``; with the mode and, where that is allowed, the owner of ``like``."""
    for _ in range(_SWEPT_AT_MOST):
        with suppress(FileNotFoundError):  # whoever swept took ours for one of the dead
            _write_bytes(path, data, like)
            return
        if not path.parent.is_dir():
            break
    _write_bytes(path, data, like)


def sweep(folder: Path, name: str = "*") -> None:
    """Remove what writers that were killed have left of files of that ``name`` (a pattern) in ``folder``.

    Whoever is writing one just now writes it again. Raises nothing.
    """
    for left in folder.glob(f".{name}.*{_TEMPORARY}"):
        with suppress(OSError):
            left.unlink()


def _write_bytes(path: Path, data: bytes, like: os.stat_result | None) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_TEMPORARY, dir=path.parent)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
        if like is not None:
            _make_alike(temporary, like)
        else:
            os.chmod(temporary, 0o600)  # whatever the umask has taken
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def rewrite_bytes(path: Path, data: bytes) -> None:
    """Replace what somebody's file holds: its mode stays, and a link to it stays a link. Raises ``OSError``."""
    target = Path(os.path.realpath(path))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    write_bytes(target, data, target.stat())


def _make_alike(path: str, like: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, like.st_uid, like.st_gid)
    os.chmod(path, stat.S_IMODE(like.st_mode))


def write_json(path: Path, value: Any) -> None:
    """Replace ``path`` by ``value`` as JSON."""
    write_text(path, json.dumps(value, ensure_ascii=False))


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in ``path``; ``None`` where there is no such file or it does not hold a JSON object."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return value if isinstance(value, dict) else None
