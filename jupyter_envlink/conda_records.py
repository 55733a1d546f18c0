"""What conda, mamba and micromamba expect to find about an environment, written as they write it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .files import read_json, sweep, write_bytes
from .redaction import without_secrets

_ADDRESSES = ("url", "channel", "schannel")
_SPECS = ("requested_spec", "requested_specs")
_LOGIN = re.compile(rb"://[^/\s\"]*@")
_LINK_HASH = re.compile(rb'("softlink"[^{}]*?),\s*"sha256_in_prefix":\s*"[0-9a-f]*"')


def begin(prefix: str) -> None:
    """Make an empty environment of conda at ``prefix``, a path that does not exist."""
    meta = Path(prefix, "conda-meta")
    meta.mkdir(parents=True)
    (meta / "history").touch()


def write_history(
    prefix: str, command: str, changes: Iterable[str], specs: Sequence[str], removed: Sequence[str] = ()
) -> None:
    """Append one revision to ``conda-meta/history``: without this file conda does not see an environment.

    ``changes`` are ``+channel/subdir::name-version-build`` and ``-…`` lines, ``specs`` what was asked for
    (``conda env export --from-history`` reads them), ``removed`` what is wanted no more. Format: conda's
    ``conda.history``. Secrets are left out. A revision in which nothing came or went is to conda one of an empty
    environment (``History.construct_states``): one package comes once more.
    """
    path = Path(prefix, "conda-meta", "history")
    path.parent.mkdir(exist_ok=True)
    lines = [without_secrets(change) for change in changes] or _one_again(prefix)
    revision = [f"==> {datetime.now():%Y-%m-%d %H:%M:%S} <==", f"# cmd: {command}", *lines]
    if specs:
        revision.append(f"# update specs: {list(map(without_secrets, specs))!r}")
    if removed:
        revision.append(f"# remove specs: {list(removed)!r}")
    with open(path, "a", encoding="utf-8") as stream:
        stream.write("\n".join(revision) + "\n")


def _one_again(prefix: str) -> list[str]:
    path = next(iter(sorted(Path(prefix, "conda-meta").glob("*-*-*.json"))), None)
    channel = (read_json(path) or {}).get("channel") if path else None
    return [f"+{without_secrets(str(channel))}::{path.stem}"] if path and channel else []


def write_variables(prefix: str, variables: Mapping[str, str]) -> None:
    """The file's ``variables:``, into ``conda-meta/state``, from where every activation exports them.

    What stands there already and is not among them stays as it is, as for ``conda env update``. Raises ``OSError``.
    """
    if variables:
        path = Path(prefix, "conda-meta", "state")
        path.parent.mkdir(exist_ok=True)
        state = read_json(path) or {}
        known = state.get("env_vars")
        state["env_vars"] = {**(known if isinstance(known, dict) else {}), **variables}
        _replace(path, json.dumps(state).encode())


def _replace(path: Path, data: bytes) -> None:
    """In one step. A new file has the mode that conda gives it, which is for the umask to say."""
    temporary = path.with_name(f".{path.name}.envlink")
    temporary.write_bytes(data)
    if path.exists():
        shutil.copymode(path, temporary)
    os.replace(temporary, path)


def read_variables(prefix: str) -> Mapping[str, str | None]:
    """What :func:`write_variables` or conda has set, as texts: conda keeps the types that YAML gave.

    Raises ``OSError`` where there is something that may not be read.
    """
    found = (read_json(Path(prefix, "conda-meta", "state")) or {}).get("env_vars")
    values = found.items() if isinstance(found, dict) else ()
    return {str(name): None if value is None else str(value) for name, value in values}


def recorded(prefix: str) -> Mapping[str, tuple[str, str]]:
    """Version and build of each conda package, by the names of their records alone: ``NAME-VERSION-BUILD.json``."""
    parts = (path.stem.rsplit("-", 2) for path in Path(prefix, "conda-meta").glob("*-*-*.json"))
    return {name: (version, build) for name, version, build in parts}


def publish(prefix: str) -> None:
    """Make the packages' records what conda would have written, and everybody may read.

    Tokens and passwords go from their addresses; so do the hashes of what links say, which rattler writes and conda
    does not: ``conda doctor`` takes them for those of the files that the links lead to, and calls each link altered.
    Then who may read their folder may read them: rattler writes them for their owner alone, and an administrator's
    environment would be to everybody else one without packages. Raises ``OSError``.
    """
    meta = Path(prefix, "conda-meta")
    readable = meta.stat().st_mode & 0o444
    for path in meta.glob("*.json"):
        data = path.read_bytes()
        plain = _without_secrets(_without_link_hashes(data))
        if plain != data:
            path.write_bytes(plain)
        mode = path.stat().st_mode & 0o7777
        if mode | readable != mode:
            path.chmod(mode | readable)


def _without_link_hashes(data: bytes) -> bytes:
    return _LINK_HASH.sub(rb"\1", data) if b'"softlink"' in data else data


def _without_secrets(data: bytes) -> bytes:
    if not _may_hold_secret(data):
        return data
    record = json.loads(data)
    plain = {key: _plain(record[key]) for key in (*_ADDRESSES, *_SPECS) if record.get(key)}
    return data if plain.items() <= record.items() else json.dumps({**record, **plain}, indent=2).encode()


def _may_hold_secret(data: bytes) -> bool:
    """A record may have megabytes: single bytes are looked for before what takes ten times as long."""
    return b"/t/" in data or (b"@" in data and _LOGIN.search(data) is not None)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return without_secrets(value) if isinstance(value, str) else value


def remember(prefix: str, home: Path) -> None:
    """Add ``prefix`` to ``~/.conda/environments.txt``, the list that every conda-like tool shares.

    It is appended, as conda does, so that two who do so at once do not lose each other's. Raises ``OSError``.
    """
    text = _text(home)
    if prefix not in text.splitlines():
        path = _path(home)
        path.parent.mkdir(parents=True, exist_ok=True)
        start = "\n" if text and not text.endswith("\n") else ""
        with open(path, "ab") as stream:
            stream.write(os.fsencode(f"{start}{prefix}\n"))


def remembers(prefix: str, home: Path) -> bool:
    """Whether that list names ``prefix``; not where it cannot be read."""
    try:
        return prefix in _text(home).splitlines()
    except OSError:
        return False


def remembered(home: Path) -> list[str]:
    """The prefixes in that list, as whoever wrote them did. Raises ``OSError``."""
    return _text(home).splitlines()


def forget(prefix: str, home: Path) -> None:
    """Take ``prefix`` from that list. Raises ``OSError``.

    Repeatable: what one that was killed has left beside the list goes as well.
    """
    place = Path(os.path.realpath(_path(home)))
    sweep(place.parent, place.name)
    lines = _text(home).splitlines(keepends=True)
    kept = [line for line in lines if line.rstrip("\r\n") != prefix]
    if kept != lines:
        mode = place.stat().st_mode
        write_bytes(place, os.fsencode("".join(kept)))
        place.chmod(mode)


def _path(home: Path) -> Path:
    return home / ".conda" / "environments.txt"


def _text(home: Path) -> str:
    try:
        return os.fsdecode(_path(home).read_bytes())
    except FileNotFoundError:
        return ""
