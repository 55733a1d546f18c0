"""An environment at another place: its tree cloned, with the new prefix wherever the old one was written.

What is shared with the original by hard links is what nobody writes into: files that conda packages brought and that
hold no prefix, as conda itself links them from its cache, and compiled modules, which Python replaces. Everything else
is the clone's own, so that who edits in one of the two does not edit in the other.
"""

from __future__ import annotations

import base64
import glob
import hashlib
import mmap
import os
import platform
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import process, tree
from .errors import Conflict
from .prefix_text import DoesNotFit, Replacement
from .recorded_files import RecordedFile, recorded_files
from .sentence import told

_SIGNED_WITHIN = 60
_EXECUTABLES = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")
"""Formats in which a path is a C string, and may be padded."""
_RECORDED = re.compile(rb"sha256=[\w-]+,\d+")
_META = "conda-meta" + os.sep
_KEPT_AS_WRITTEN = ("history", ".json")
"""Of ``conda-meta``: what was done where, and where packages were linked from, stays true."""


@dataclass
class Relocation:
    """What has come of one. ``unchanged`` hold the old prefix in a form that cannot be rewritten, a database say."""

    rewritten: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def clone_to(
    source: str,
    target: str,
    old: Collection[str],
    new: str,
    *,
    moves: bool = False,
    leave_out: Collection[str] = (),
    on_file: Callable[[str], object] | None = None,
) -> Relocation:
    """Make ``target`` a clone of the tree ``source`` that is to lie at ``new``, and in whose files ``old`` is written.

    ``old`` are the spellings of one place (``spellings``). With ``moves`` the original goes afterwards, and
    all that need not be rewritten is shared. ``leave_out`` are names directly in ``source``. ``on_file`` is told each
    file that has come.

    Raises ``Conflict`` (``prefix-too-long``) where a binary has no room for ``new``, and ``OSError``.
    """
    work = _Work(source, Replacement(old, new), moves, on_file)
    tree.clone(source, target, work.put, leave_out)
    _drop_compiled(target, work.done.rewritten, work.files)
    _record(target, work.hashes, work.files)
    _record_for_pip(target, work.wheel_hashes, work.files)
    return work.done


def spellings(prefix: str, registry: Iterable[str] = (), tree: str = "") -> tuple[str, ...]:
    """The ways in which the files of ``prefix``, or of a ``tree`` that was there, may name it: itself, and whatever
    leads to it by a link.

    That stands in the first lines of its scripts, and in its ``activate``; ``registry`` are other paths that may
    (``~/.conda/environments.txt``).
    """
    found = [prefix, os.path.realpath(prefix), *registry, *_started_from(Path(tree or prefix, "bin"))]
    return tuple(each for each in dict.fromkeys(found) if each == prefix or _is_same(each, prefix))


def _is_same(path: str, prefix: str) -> bool:
    try:
        return os.path.isabs(path) and (
            os.path.realpath(path) == os.path.realpath(prefix) or os.path.samefile(path, prefix)
        )
    except (OSError, ValueError):
        return False


def _started_from(folder: Path) -> Iterable[str]:
    for name in os.listdir(folder) if folder.is_dir() else ():
        path = folder / name
        if path.is_file() and not path.is_symlink():
            yield from _named_in(path)


def _named_in(script: Path) -> Iterable[str]:
    """The prefix whose program a script starts, or which it activates."""
    with script.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"#!"):
        command = os.fsdecode(head[2:].partition(b"\n")[0].strip())
        yield command.partition("/bin/")[0]
    for line in head.splitlines() if script.name == "activate" else ():
        name, sign, value = line.strip().partition(b"=")
        if sign and name.rpartition(b" ")[2] == b"VIRTUAL_ENV":
            yield os.fsdecode(value.strip(b"\"'"))


class _Work:
    """One clone under way: how each file comes into it."""

    def __init__(
        self, source: str, replacement: Replacement, moves: bool, on_file: Callable[[str], object] | None
    ) -> None:
        self.source = source
        self.replacement = replacement
        self.moves = moves
        self.on_file = on_file
        self.files = recorded_files(source)
        self.done = Relocation()
        self.hashes: dict[str, tuple[bytes, bytes]] = {}
        self.wheel_hashes: dict[bytes, bytes] = {}

    def put(self, item: os.DirEntry[str], target: str) -> None:
        """``tree.Put``."""
        name = item.path[len(self.source) + 1 :]
        if item.is_symlink():
            os.symlink(self.replacement.of_path(os.readlink(item.path)), target)
        elif name.startswith(_META) and name.endswith(_KEPT_AS_WRITTEN):
            tree.copy(item.path, target)
        elif self._is_shared(name, item):
            tree.link(item.path, target)
        else:
            self._own(name, item.path, target)
        if self.on_file:
            self.on_file(name)

    def _is_shared(self, name: str, item: os.DirEntry[str]) -> bool:
        if name.endswith(".pyc"):
            return True
        brought = self.files.get(name)
        return brought is not None and brought.is_plain(item.stat(follow_symlinks=False))

    def _own(self, name: str, path: str, target: str) -> None:
        """The clone's own file, rewritten where it holds the old prefix."""
        with _content(path) as content:
            rewrite = self._rewriting(name, content)
            data = content[:] if rewrite else b""
        if rewrite is None:
            (tree.link if self.moves and not name.startswith(_META) else tree.copy)(path, target)
            return
        try:
            changed = rewrite(data)
        except DoesNotFit as error:
            raise self._too_long(path, error) from None
        _write(target, changed, os.stat(path))
        self.done.rewritten.append(name)
        if name in self.files:
            self.hashes[name] = (_sha256(data), _sha256(changed))
        else:
            self.wheel_hashes[_recorded_by_pip(data)] = _recorded_by_pip(changed)

    def _rewriting(self, name: str, content: mmap.mmap | bytes) -> Callable[[bytes], bytes] | None:
        """What makes a file's content fit the new place; ``None`` where it may, or must, stay as it is."""
        if not self.replacement.is_in(content):
            return None
        brought = self.files.get(name)
        if brought and brought.mode == "binary":
            return partial(self.replacement.in_binary, placeholder=brought.placeholder)
        if brought or content.find(b"\0") < 0:
            return self.replacement.in_text
        if content[:4] in _EXECUTABLES or name.endswith(".exe"):
            return self.replacement.in_binary
        self.done.unchanged.append(name)
        return None

    def _too_long(self, path: str, error: DoesNotFit) -> Conflict:
        new = os.fsdecode(self.replacement.new)
        message = told(
            "{path} holds the environment's own path, and has no room for {new}: {error}.",
            path=path,
            new=new,
            error=error,
        )
        room = len(self.replacement.new) - error.by - len(os.fsencode(os.path.dirname(new))) - 1
        remedy = (
            told("Choose a name of at most {room} bytes.", room=room)
            if room > 0
            else told("Create it anew from its exported file.")
        )
        return Conflict(message, remedy, code="prefix-too-long")


@contextmanager
def _content(path: str) -> Iterator[mmap.mmap | bytes]:
    """What a file holds; an empty one cannot be mapped."""
    with open(path, "rb") as stream:
        if not os.fstat(stream.fileno()).st_size:
            yield b""
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def _write(path: str, data: bytes, like: os.stat_result) -> None:
    """A file of today: a module that was compiled from the former one is compiled again."""
    with open(path, "xb") as stream:
        stream.write(data)
    os.chmod(path, stat.S_IMODE(like.st_mode))
    if sys.platform == "darwin" and platform.machine() == "arm64" and data.startswith(_EXECUTABLES):
        argv = ["/usr/bin/codesign", "--sign", "-", "--force", path]  # what it was signed for is not what it is now
        process.run(argv, env=os.environ, timeout=_SIGNED_WITHIN, check=True)


def _drop_compiled(target: str, rewritten: Collection[str], files: Mapping[str, RecordedFile]) -> None:
    """Of rewritten modules: the compiled one is told apart by a time of whole seconds, and a size."""
    for name in rewritten:
        if name.endswith(".py"):
            path = Path(target, name)
            for compiled in (path.parent / "__pycache__").glob(f"{glob.escape(path.stem)}.*.pyc"):
                if str(compiled.relative_to(target)) not in files:  # never valid where its source holds the prefix
                    compiled.unlink()


def _record(target: str, hashes: Mapping[str, tuple[bytes, bytes]], files: Mapping[str, RecordedFile]) -> None:
    """Into the packages' records what their rewritten files are now; a file that was another one before stays so."""
    for record in {files[name].record for name in hashes}:
        path = Path(target, "conda-meta", record)
        before, content = path.stat(), path.read_bytes()
        for was, now in hashes.values():
            content = content.replace(was, now)
        path.write_bytes(content)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _record_for_pip(target: str, hashes: Mapping[bytes, bytes], files: Mapping[str, RecordedFile]) -> None:
    """Into the ``RECORD`` of what pip has installed: scripts are in it with hash and size (PEP 376, PEP 427)."""
    for folder in ("lib/python*/site-packages", "Lib/site-packages") if hashes else ():
        for path in Path(target).glob(f"{folder}/*.dist-info/RECORD"):
            content = path.read_bytes()
            now = _RECORDED.sub(lambda found: hashes.get(found[0], found[0]), content)
            if now != content and str(path.relative_to(target)) not in files:
                like = path.stat()
                path.unlink()  # it may be shared
                _write(str(path), now, like)


def _recorded_by_pip(data: bytes) -> bytes:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return b"sha256=%s,%d" % (digest, len(data))


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
