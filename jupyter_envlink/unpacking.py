"""An environment out of an archive of conda-pack: unpacked with care, then made to know its place. In the worker.

Archives come from anywhere. Nothing of one is run before it is in place, nothing is written outside its folder, and
what is no file, folder or link is refused.
"""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .formats.archive import Member, bad_archive, damage_told, turns
from .recorded_files import record_hashes
from .sentence import told

#: Real environments shrink to a third or a fifth; zeros to a thousandth.
LARGEST_RATIO = 100
LARGEST_AT_LEAST = 1 << 30
_BLOCK = 1 << 20
_SCRIPTS = ("bin/conda-unpack", "Scripts/conda-unpack-script.py")
_LEFT_OVER = (*_SCRIPTS, "Scripts/conda-unpack.exe")


def unpack(archive: Path, folder: Path, on_share: Callable[[float, str], None]) -> None:
    """Everything in ``archive`` into ``folder``, which is empty. Raises ``InvalidFile``, ``OSError``.

    Symbolic links are made last: nothing is ever written through one.
    """
    folder = Path(os.path.realpath(folder))
    left = max(LARGEST_AT_LEAST, LARGEST_RATIO * archive.stat().st_size)
    links: list[tuple[Path, str]] = []
    with damage_told():
        for turn in turns(archive):
            member = turn.member
            place = _place(member.name, folder)
            on_share(turn.share, member.name)
            if member.kind == "symlink":
                links.append((place, member.target))
            elif place != folder:
                left -= _written(member, place, folder, left)
    for place, target in links:
        _link(place, target, folder)
    for place, target in links:
        _refuse_outside(place, target, folder)


def _place(name: str, folder: Path) -> Path:
    """Where a member goes. Raises ``InvalidFile`` for whatever leads out of ``folder``."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    odd = name.startswith("/") or ".." in parts or "\0" in name or (os.name == "nt" and set(name) & set('\\:*?"<>|'))
    if odd:
        raise bad_archive(told("{name!r} leads out of it", name=name))
    return folder.joinpath(*parts)


def _written(member: Member, place: Path, folder: Path, left: int) -> int:
    try:
        return _write(member, place, folder, left)
    except (FileExistsError, NotADirectoryError):
        raise bad_archive(told("{name!r} is in it twice, or below what is no folder", name=member.name)) from None


def _write(member: Member, place: Path, folder: Path, left: int) -> int:
    """One member that is no symbolic link; how many bytes it has."""
    if member.kind == "folder":
        place.mkdir(parents=True, exist_ok=True)
        return 0
    place.parent.mkdir(parents=True, exist_ok=True)
    if member.kind == "hardlink":
        source = _place(member.target, folder)
        if not source.is_file():
            raise bad_archive(told("{name!r} is a link to what is not there", name=member.name))
        os.link(source, place)
        return 0
    if member.kind != "file":
        raise bad_archive(told("{name!r} is neither a file nor a link", name=member.name))
    return _copy(member, place, left)


def _copy(member: Member, place: Path, left: int) -> int:
    written = 0
    with member.open() as source, open(place, "xb") as target:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > left:
                raise bad_archive(
                    told("it unpacks to more than {largest_ratio} times its size", largest_ratio=LARGEST_RATIO)
                )
            target.write(block)
    place.chmod(member.mode & 0o777 | stat.S_IRUSR | stat.S_IWUSR)
    return written


def _link(place: Path, target: str, folder: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.realpath(place.parent) != str(place.parent):  # another link stands where a folder should
        raise bad_archive(told("{folder!r} lies behind a link", folder=str(place.relative_to(folder))))
    try:
        os.symlink(target, place)
    except FileExistsError:
        raise bad_archive(told("{folder!r} is in it twice", folder=str(place.relative_to(folder)))) from None


def _refuse_outside(place: Path, target: str, folder: Path) -> None:
    """Once all links are there: where this one really leads."""
    real = os.path.realpath(place)
    if os.path.isabs(target) or not real.startswith(f"{folder}{os.sep}"):
        raise bad_archive(
            told(
                "{folder!r} is a link that leads out of it, to {target!r}",
                folder=str(place.relative_to(folder)),
                target=target,
            )
        )


def fix_prefixes(folder: Path, prefix: str) -> None:
    """Write ``prefix`` into the files in ``folder`` that hold the place where the environment was packed.

    What ``conda-unpack`` does, from the list in that script, which itself is not run; it goes, as its work is done.
    Raises ``InvalidFile``.
    """
    from conda_pack.prefixes import update_prefix  # type: ignore[import-untyped]

    folder = Path(os.path.realpath(folder))
    for path, placeholder, mode in _prefix_records(folder):
        place = _place(path, folder)
        if not os.path.realpath(place).startswith(f"{folder}{os.sep}"):
            raise bad_archive(told("{path!r} leads out of it", path=path))
        try:
            with _writable(place):
                update_prefix(str(place), prefix, placeholder, mode=mode)
        except (OSError, ValueError) as error:
            raise bad_archive(
                told("the path in {path!r} cannot be replaced: {error}", path=path, error=error)
            ) from None
    record_hashes(str(folder))
    for name in _LEFT_OVER:
        (folder / name).unlink(missing_ok=True)


def _prefix_records(folder: Path) -> Iterator[tuple[str, str, str]]:
    """``(path, placeholder, mode)`` of each file, as ``conda-unpack`` lists them."""
    script = next((folder / name for name in _SCRIPTS if (folder / name).is_file()), None)
    if script is None:
        raise bad_archive(told("it has no conda-unpack, so it is for one place only, or packed by something else"))
    for record in _listed(script.read_bytes()):
        if len(record) != 3 or not all(isinstance(each, str) for each in record) or record[2] not in ("text", "binary"):
            raise bad_archive(told("its conda-unpack lists something odd"))
        yield record


def _listed(source: bytes) -> list[Any]:
    try:
        assigned = [each for each in ast.parse(source).body if isinstance(each, ast.Assign)]
        values = [each.value for each in assigned if isinstance(each.targets[0], ast.Name)
                  and each.targets[0].id == "_prefix_records"]  # fmt: skip
        found = ast.literal_eval(values[0])
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        raise bad_archive(told("its conda-unpack cannot be read")) from None
    return list(found) if isinstance(found, (list, tuple)) else []


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode | stat.S_IWUSR)
    try:
        yield
    finally:
        path.chmod(mode)
