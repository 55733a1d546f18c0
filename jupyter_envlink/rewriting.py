"""Environment files on the disk with their faults mended: the same encoding, line ends and mode, all or nothing."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from . import formats
from .envfile.decoding import decoded
from .envfile.findings import Findings
from .envfile.fixing import fixed
from .envfile.writer import unified
from .errors import Conflict, DiskError, EnvlinkError
from .files import rewrite_bytes
from .sentence import told
from .source import read_file

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Rewriting:
    """A file as it was read, and as it would be written."""

    path: str
    content: bytes
    changed: bytes
    diff: str

    def write(self) -> None:
        """Raises ``Conflict`` where somebody has written to it since, and ``DiskError``."""
        if read_file(self.path, self.path) != self.content:
            raise Conflict(
                told("{path} has changed since it was read.", path=self.path), told("Look at the new changes first.")
            )
        try:
            rewrite_bytes(Path(self.path), self.changed)
        except OSError as error:
            reason = error.strerror or error
            raise DiskError(
                told("{path} cannot be written: {reason}.", path=self.path, reason=reason),
                told("Write the diff to a file of yours."),
            ) from None


def rewriting(path: str) -> Rewriting | None:
    """What mends the file at ``path``; ``None`` where nothing is to be mended, or nothing can be read."""
    try:
        content = read_file(path, path)
    except EnvlinkError:
        return None
    before = decoded(content, Findings(""))
    if before is None:
        return None
    after = fixed(before, path=path, reader=lambda text: formats.read(text, path).file)
    return None if after == before else Rewriting(path, content, _encoded(content, after), unified(before, after, path))


def _encoded(content: bytes, text: str) -> bytes:
    """``text`` as the bytes of a file that held ``content``."""
    mark, encoding = next((each for each in _MARKS if content.startswith(each[0])), (b"", "utf-8"))
    return mark + text.encode(encoding)
