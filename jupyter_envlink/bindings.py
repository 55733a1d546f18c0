"""Which kernel name each environment bears, and whether its owner attached or detached it: a person's own record."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .errors import DiskError
from .files import write_text

VERSION = 1
_LOCK_WITHIN = 5.0
Records = dict[str, "Binding"]


@dataclass(frozen=True)
class Binding:
    """``name``: the kernel name once given, which never changes. ``attached``: ``None`` where nobody has said."""

    name: str | None = None
    attached: bool | None = None


class Bindings:
    """``folder``/links.json (JUPYTER_DATA_DIR/envlink): ``{"version", "links": {prefix: {"name", "attached"}}}``.

    Several servers may write it: each change is read, made and replaced under a lock. A file that cannot be
    understood is kept beside it as ``links.json.broken`` and counts as empty.
    """

    def __init__(self, folder: Path, log: logging.Logger | None = None) -> None:
        self.path = folder / "links.json"
        self.log = log or logging.getLogger(__name__)
        self._seen: tuple[int, int, int] | None = None
        self._records: Mapping[str, Binding] = MappingProxyType({})

    @property
    def version(self) -> tuple[int, int, int] | None:
        """Changes with the file: one stat."""
        try:
            stat = os.stat(self.path)
        except OSError:
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def all(self) -> Mapping[str, Binding]:
        """Every record by prefix, in the order in which they were made."""
        version = self.version
        if version != self._seen:
            self._records, self._seen = MappingProxyType(self._read()), version
        return self._records

    def get(self, prefix: str) -> Binding:
        """The record of ``prefix``; an empty one where there is none."""
        return self.all().get(prefix, Binding())

    def bind(self, names: Mapping[str, str]) -> None:
        """Give each prefix its kernel name. One that has a name already keeps it. ``DiskError`` where it cannot."""

        def give(records: Records) -> None:
            for prefix, name in names.items():
                known = records.get(prefix, Binding())
                records[prefix] = known if known.name else replace(known, name=name)

        self._change(give)

    def set_attached(self, prefix: str, attached: bool) -> None:
        """Record what the person wants for ``prefix``. ``DiskError`` where it cannot be written."""

        def give(records: Records) -> None:
            records[prefix] = replace(records.get(prefix, Binding()), attached=attached)

        self._change(give)

    def forget(self, prefixes: Collection[str]) -> None:
        """Drop the records of environments that are gone, so that their names are free again. ``DiskError``."""

        def drop(records: Records) -> None:
            for prefix in prefixes:
                records.pop(prefix, None)

        self._change(drop)

    def _change(self, change: Callable[[Records], None]) -> None:
        try:
            with self._locked():
                records = self._read()
                before = dict(records)
                change(records)
                if records != before:
                    write_text(self.path, _encode(records))
        except OSError as e:
            raise DiskError(
                f"cannot write {self.path}: {e.strerror or e}", "Make that folder writable, then try again."
            ) from e

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        # filelock's Timeout is a TimeoutError, so an OSError: reported as any other failure to write.
        with FileLock(f"{self.path}.lock", timeout=_LOCK_WITHIN):
            yield

    def _read(self) -> Records:
        try:
            return _decode(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as e:
            self.log.warning("envlink: cannot read %s: %s. Environments keep their default names.", self.path, e)
            return {}
        except ValueError as e:
            self._set_aside(e)
            return {}

    def _set_aside(self, reason: ValueError) -> None:
        aside = f"{self.path}.broken"
        with suppress(OSError):  # another server may have moved it already, or the folder is read-only
            os.replace(self.path, aside)
        self.log.warning("envlink: %s cannot be understood (%s); it is kept as %s.", self.path, reason, aside)


def is_gone(prefix: str) -> bool:
    """Whether the environment is certainly no more. Where its folder's parent is missing too, a disk may be."""
    return not os.path.lexists(prefix) and os.path.isdir(os.path.dirname(prefix))


def _decode(data: bytes) -> Records:
    content = json.loads(data.decode("utf-8"))
    links = content.get("links") if isinstance(content, dict) else None
    if not isinstance(links, dict):
        raise ValueError("it has no mapping `links`")
    return {prefix: _binding(record) for prefix, record in links.items()}


def _binding(record: Any) -> Binding:
    if not isinstance(record, dict):
        raise ValueError("a link is not a mapping")
    name, attached = record.get("name"), record.get("attached")
    return Binding(name if isinstance(name, str) and name else None, attached if isinstance(attached, bool) else None)


def _encode(records: Records) -> str:
    links = {prefix: {"name": b.name, "attached": b.attached} for prefix, b in records.items()}
    return json.dumps({"version": VERSION, "links": links}, indent=1)
