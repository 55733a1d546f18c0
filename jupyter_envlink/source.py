"""Where the text of an environment file comes from: the request itself, or a file below the server's root folder."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from .errors import InvalidRequest, NotFound
from .formats.detection import is_archive_name
from .sentence import told

#: The largest file that is read: bytes. An environment.yml is far smaller; a lock file of a large workspace is not.
LARGEST = 16 * 1024 * 1024
_LONGEST_NAME = 255
_TOO_LARGE = told("larger than {size} MiB", size=LARGEST >> 20)


@dataclass(frozen=True)
class Source:
    """What is read, the path to name it by, and the folder that its relative paths count from."""

    content: bytes
    path: str | None
    folder: str | None
    archive: str | None = None
    """Where a packed environment lies, which is not read as a whole: ``content`` is empty then."""

    @property
    def text(self) -> str:
        """The content of a file that ``envfile.read`` accepts: UTF-16 where a byte order mark says so, else UTF-8."""
        marked = self.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return self.content.decode("utf-16" if marked else "utf-8-sig", "replace")


def from_request(body: Mapping[str, Any], root: str | None) -> Source:
    """The source that a ``FileRequest`` (``openapi.yaml``) names. Raises ``InvalidRequest`` and ``NotFound``.

    ``root`` is the folder that ``path`` is relative to and may not leave; ``None`` takes any path, as a command
    line does.
    """
    path, text = body.get("path"), body.get("text")
    if "filename" in body:
        return _named(body)
    if path is None and text is None:
        raise InvalidRequest(
            told("The request names no file."), told("Send the path of an environment file, or its text.")
        )
    full = below(path, root) if path is not None else None
    if text is None and full is not None and is_archive_name(full):
        return Source(b"", path, os.path.dirname(full), checked_archive(full, path or ""))
    content = text.encode("utf-8", "surrogatepass") if text is not None else read_file(full or "", path or "")
    if len(content) > LARGEST:
        raise InvalidRequest(
            told("The text is {too_large}.", too_large=_TOO_LARGE), told("A file that lists packages is not.")
        )
    return Source(content, path, os.path.dirname(full) if full else None)


def _named(body: Mapping[str, Any]) -> Source:
    """A text that lies nowhere here, and is called something all the same: its format is told by that."""
    name = body["filename"]
    if "path" in body or body.get("text") is None:
        raise InvalidRequest(
            told("filename is given without a text, or with a path."), told("It is what a text alone is called.")
        )
    if not name or "/" in name or "\\" in name or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise InvalidRequest(told("filename is no name of a file."), told("Send the last part of its path."))
    return replace(from_request({"text": body["text"]}, None), path=name)


def checked_archive(full: str, shown: str) -> str:
    """``full``, where a file lies there that may be read. Raises ``NotFound``, ``InvalidRequest``."""
    with _opened(full, shown):
        return full


def read_file(full: str, shown: str) -> bytes:
    """The bytes of a file. Raises ``NotFound``, ``InvalidRequest`` where it is no file or too large."""
    with _opened(full, shown) as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        message, remedy = (
            told("{shown!r} is {too_large}.", shown=shown, too_large=_TOO_LARGE),
            told("A file that lists packages is not."),
        )
        raise InvalidRequest(message, remedy, code="too-large")
    return content


@contextmanager
def _opened(full: str, shown: str) -> Iterator[BinaryIO]:
    """A file to read from, what goes wrong meanwhile told as it is told by ``read_file``."""
    try:
        with open(full, "rb", opener=_open_at_once) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise InvalidRequest(told("{shown!r} is no file.", shown=shown), told("Name a file that holds text."))
            yield stream
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(told("There is no file {shown!r}.", shown=shown), told("Look at the path.")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = told("Check that it is a file that you may read.")
        raise InvalidRequest(told("{shown!r} cannot be read: {reason}.", shown=shown, reason=reason), remedy) from None


def _open_at_once(path: str, flags: int) -> int:
    """Opening a pipe must not wait for whoever would write into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def below(path: str, root: str | None) -> str:
    """The full path of ``path``, which counts from ``root`` and may not leave it. Raises ``NotFound``."""
    if root is None:
        return os.path.abspath(path)
    base = os.path.abspath(root)
    full = os.path.abspath(os.path.join(base, *path.strip("/").split("/")))
    if "\0" in path or not full.startswith(base.rstrip(os.sep) + os.sep):
        raise NotFound(
            told("There is no file {path!r} here.", path=path), told("Paths count from the server's root folder.")
        )
    return full
