"""What a person has said about each environment, and the kernel name that it was given: a record that lasts."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .binding import NOTHING, Records, checked, decode, encode
from .binding import Binding as Binding
from .errors import DiskError
from .files import write_text
from .sentence import told

_LOCK_WITHIN = 5.0


class Bindings:
    """``folder``/links.json (JUPYTER_DATA_DIR/envlink): ``{"version", "links": {prefix: Binding}}``.

    Several servers may write it: each change is read, made and replaced under a lock. A file that cannot be
    understood is kept beside it as ``links.json.broken`` and counts as empty. Keys that are unknown here survive.
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

    def remember(self, kernels: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what ``Binding.kernels`` is to hold, by prefix. ``DiskError`` where it cannot be written."""

        def give(records: Records) -> None:
            for prefix, languages in kernels.items():
                records[prefix] = replace(records.get(prefix, Binding()), kernels=dict(languages))

        self._change(give)

    def set_attached(self, prefix: str, attached: bool) -> None:
        """Record what the person wants for ``prefix``. ``DiskError`` where it cannot be written."""
        self.change(prefix, lambda known: replace(known, attached=attached))

    def change(self, prefix: str, changed: Callable[[Binding], Binding]) -> None:
        """Put ``changed`` of its record in place of it. ``DiskError``, and whatever ``changed`` raises."""

        def give(records: Records) -> None:
            records[prefix] = changed(records.get(prefix, Binding()))

        self._change(give)

    def rename(self, old_prefix: str, new_prefix: str) -> None:
        """An environment is, or is going to be, at another place: what is known of it counts there, too, and the
        names that it bore are former ones, which go on to resolve. ``DiskError``.

        The record of ``old_prefix`` stays until it is forgotten: the environment may yet stay.
        """

        def copy(records: Records) -> None:
            known = records.get(old_prefix)
            if known is not None:
                former = dict.fromkeys([*known.former, *filter(None, [known.name])])
                records[new_prefix] = replace(known, name=None, former=tuple(former))

        self._change(copy)

    def restore(self, prefix: str, binding: Binding) -> None:
        """``prefix`` is back: its record is what it was; another name is to be given where its own is taken by now."""

        def give(records: Records) -> None:
            taken = any(one.name == binding.name for other, one in records.items() if other != prefix)
            records[prefix] = replace(binding, name=None) if taken else binding

        self._change(give)

    def forget(self, prefixes: Collection[str]) -> None:
        """Drop the records of environments that were removed, so that their names are free again. ``DiskError``."""

        def drop(records: Records) -> None:
            for prefix in prefixes:
                records.pop(prefix, None)

        self._change(drop)

    def forget_unsaid(self) -> None:
        """Drop the records in which the person has said nothing, and the file where none is left. ``DiskError``."""
        unsaid = [prefix for prefix, binding in self.all().items() if not binding.is_said]
        if unsaid:
            self.forget(unsaid)
        if self._content().get("links") == {}:
            try:
                self.path.unlink()
            except OSError as e:
                raise DiskError(
                    told("cannot remove {path}: {reason}", path=self.path, reason=e.strerror or e),
                    told("Make its folder writable."),
                ) from e

    def release(self, prefixes: Collection[str]) -> None:
        """Free the names of environments that are gone. What was set is known when one is made anew. ``DiskError``."""

        def free(records: Records) -> None:
            for prefix in prefixes:
                known = records.pop(prefix, None)
                if known is not None and known.is_set:
                    records[prefix] = replace(known, name=None, former=(), kernels=NOTHING)

        self._change(free)

    def _change(self, change: Callable[[Records], None]) -> None:
        try:
            with self._locked():
                content = self._content()
                records = decode(content)
                before = dict(records)
                change(records)
                if records != before:
                    write_text(self.path, encode(content, records))
        except OSError as e:
            raise DiskError(
                told("cannot write {path}: {reason}.", path=self.path, reason=e.strerror or e),
                told("Make that folder writable, then try again."),
            ) from e

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        # filelock's Timeout is a TimeoutError, so an OSError: reported as any other failure to write.
        with FileLock(f"{self.path}.lock", timeout=_LOCK_WITHIN):
            yield

    def _read(self) -> Records:
        return decode(self._content())

    def _content(self) -> dict[str, Any]:
        """The file's; empty where there is none that can be understood."""
        try:
            return checked(json.loads(self.path.read_bytes().decode("utf-8")))
        except FileNotFoundError:
            return {}
        except OSError as e:
            self.log.warning("envlink: cannot read %s: %s. Environments keep their default names.", self.path, e)
            return {}
        except (ValueError, RecursionError) as e:
            self._set_aside(e)
            return {}

    def _set_aside(self, reason: Exception) -> None:
        aside = f"{self.path}.broken"
        with suppress(OSError):  # another server may have moved it already, or the folder is read-only
            os.replace(self.path, aside)
        self.log.warning("envlink: %s cannot be understood (%s); it is kept as %s.", self.path, reason, aside)


def is_gone(prefix: str) -> bool:
    """Whether the environment is certainly no more. Where its folder's parent is missing too, a disk may be."""
    return not os.path.lexists(prefix) and os.path.isdir(os.path.dirname(prefix))
