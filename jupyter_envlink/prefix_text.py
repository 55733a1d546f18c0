"""An environment's path within the content of its files, replaced by another one: by the rules of conda.

Text and binaries as conda's ``conda.core.portability`` does it, from one real prefix to another instead of from a
package's placeholder: a name that only begins like the old prefix (``demo-2`` beside ``demo``) stays.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from functools import cached_property
from mmap import mmap
from urllib.parse import quote

#: The longest first line of a script that every system takes whole (conda's ``MAX_SHEBANG_LENGTH``).
LONGEST_SHEBANG = 512 if sys.platform == "darwin" else 127
#: No character follows that goes on with a name: ``/envs/demo`` is not in ``/envs/demo-2``, nor in ``/envs/demo.old``.
_ENDS = rb"(?![\w@+~\x80-\xff-]|\.\w|\\u|%[0-9A-Fa-f]{2})"
_SPACE = re.compile(rb"\s")


class DoesNotFit(ValueError):
    """The new prefix is longer than the place that a binary has for it: ``by`` so many bytes."""

    def __init__(self, by: int) -> None:
        super().__init__(f"it is {by} bytes too long")
        self.by = by


class Replacement:
    """Every way in which files write one of the prefixes ``old``, and what ``new`` is in the same way of writing.

    ``old`` are the spellings of one place: a path by way of a link is another one.
    """

    def __init__(self, old: Iterable[str], new: str) -> None:
        self.new = os.fsencode(new)
        self.plain = tuple(dict.fromkeys(os.fsencode(each) for each in old))
        self._written: dict[bytes, bytes] = {}
        for form, to in (pair for each in old for pair in _forms(each, new)):
            self._written.setdefault(form, to)

    @cached_property
    def _in_text(self) -> re.Pattern[bytes]:
        return _any_of(self._written)

    @cached_property
    def _itself(self) -> re.Pattern[bytes]:
        return _any_of(self.plain)

    @cached_property
    def _strings(self) -> re.Pattern[bytes]:
        """From the first one in a C string to the end of that string."""
        return re.compile(rb"%s[^\0]*(?=\0)" % self._itself.pattern)

    def is_in(self, data: mmap | bytes) -> bool:
        """Whether any of the old ones is written in ``data``."""
        return any(data.find(form) >= 0 for form in self._written) and self._in_text.search(data) is not None

    def of_path(self, path: str) -> str:
        """``path``, which is or lies in the old prefix, or any other one."""
        for each in map(os.fsdecode, self.plain):
            if path == each or path.startswith(each + os.sep):
                return os.fsdecode(self.new) + path[len(each) :]
        return path

    def in_text(self, data: bytes) -> bytes:
        """``data`` with the new prefix; a script's first line that is too long then is one that works."""
        replaced = self._in_text.sub(lambda found: self._written[found[0]], data)
        return _startable(replaced, self.new) if replaced.startswith(b"#!") and replaced != data else replaced

    def in_binary(self, data: bytes, placeholder: int = 0) -> bytes:
        """``data``, as long as before, with the new prefix in its C strings, which are padded with NULs.

        ``placeholder`` is the length of what the package's own prefix was, where one brought the file: conda has
        padded each string by what that was longer. Raises ``DoesNotFit``.
        """
        if sys.platform == "win32":
            return _launcher(data, self.plain, self.new)
        parts: list[bytes] = []
        at = 0
        for found in self._strings.finditer(data):
            parts += [data[at : found.start()], self._string(found, placeholder, data)]
            at = found.start() + len(parts[-1])
        return b"".join([*parts, data[at:]])

    def _string(self, found: re.Match[bytes], placeholder: int, data: bytes) -> bytes:
        """One C string in the room that it has, which is that of its own and of the NULs that conda put after it."""
        prefixes = self._itself.findall(found[0])
        padding = sum(max(0, placeholder - len(each)) for each in prefixes)
        if data.count(b"\0", found.end(), found.end() + padding + 1) <= padding:  # it was not conda that wrote it
            padding = 0
        room = len(found[0]) + padding
        string = self._itself.sub(lambda _: self.new, found[0])
        if len(string) > room:
            raise DoesNotFit(-(-(len(string) - room) // len(prefixes)))
        return string.ljust(room, b"\0")


def _forms(old: str, new: str) -> Iterable[tuple[bytes, bytes]]:
    """As it is, in an address, and, where that is another, in JSON; on Windows also with the other slashes."""
    yield os.fsencode(old), os.fsencode(new)
    if os.sep == "\\":
        old, new = old.replace("\\", "/"), new.replace("\\", "/")
        yield os.fsencode(old), os.fsencode(new)
    yield b"file://" + quote(os.fsencode(old)).encode(), b"file://" + quote(os.fsencode(new)).encode()
    yield json.dumps(old)[1:-1].encode(), json.dumps(new)[1:-1].encode()


def _any_of(forms: Iterable[bytes]) -> re.Pattern[bytes]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rb"(?:%s)%s" % (b"|".join(map(re.escape, longest_first)), _ENDS))


def _startable(script: bytes, prefix: bytes) -> bytes:
    """``script``, whose first line is one that the system takes.

    A Python is started through the shell, as pip, uv and conda's own entry points do it; whatever else is looked for
    on the ``PATH``, as conda does it.
    """
    line, newline, rest = script.partition(b"\n")
    command = line[2:].strip()
    if not command.startswith(prefix + b"/") or (len(line) <= LONGEST_SHEBANG and not _SPACE.search(prefix)):
        return script
    inside, *options = command[len(prefix) :].split(None, 1)
    if os.path.basename(inside).startswith(b"python"):
        arguments = b" ".join([b'"%s"' % (prefix + inside), *options])
        return b"#!/bin/sh\n'''exec' %s \"$0\" \"$@\"\n' '''%s%s" % (arguments, newline, rest)
    return b" ".join([b"#!/usr/bin/env", os.path.basename(inside), *options]) + newline + rest


def _launcher(data: bytes, old: Iterable[bytes], new: bytes) -> bytes:
    """A program that starts the script that is appended to it, whose first line holds the path."""
    from conda_pack.prefixes import replace_pyzzer_entry_point_shebang  # type: ignore[import-untyped]

    for each in old:
        data = replace_pyzzer_entry_point_shebang(data, each, new)
    return data
