"""``events.jsonl``: what a job has said, one JSON object a line, appended; read by byte offset."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .record import now

#: Read at most this much of a log at once: bytes.
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Part:
    """The whole entries from an offset on. ``is_last``: there was no more to read."""

    entries: list[dict[str, Any]]
    next_offset: int
    is_last: bool


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one entry (``kind``, ``text``, …) in one write. Raises ``OSError``."""
    line = json.dumps({"time": now(), **entry}, ensure_ascii=False) + "\n"
    with open(path, "a+b") as stream:
        start = b"" if _ends_whole(stream) else b"\n"
        stream.write(start + line.encode("utf-8", "replace"))


def read(path: Path, offset: int) -> Part:
    """None of a file that is not there. Raises ``OSError``."""
    chunk = _read(path, offset)
    whole = chunk[: chunk.rfind(b"\n") + 1]
    entries = [entry for line in whole.split(b"\n") if (entry := _entry(line)) is not None]
    return Part(entries, offset + len(whole), len(chunk) < CHUNK)


def _read(path: Path, offset: int) -> bytes:
    """At least one whole line, where there is one, however long."""
    try:
        with open(path, "rb") as stream:
            stream.seek(offset)
            chunk = stream.read(CHUNK)
            return chunk if b"\n" in chunk else chunk + stream.readline()
    except FileNotFoundError:
        return b""


def _ends_whole(stream: IO[bytes]) -> bool:
    """Whether the last line has its end: its writer may have been killed, or the disk full."""
    if stream.seek(0, os.SEEK_END) == 0:
        return True
    stream.seek(-1, os.SEEK_END)
    return stream.read(1) == b"\n"


def _entry(line: bytes) -> dict[str, Any] | None:
    """One entry; ``None`` for a line that was cut."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
