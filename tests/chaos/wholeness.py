"""Whether one environment is whole, and what is in it, by what its own records say."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_envlink.recovery import MARK, PLAIN_MARK

Content = Mapping[str, str]
"""Everything that makes an environment this one: packages with version and build, what else lies in it, by hash."""

_OURS = (MARK, PLAIN_MARK, os.path.join("conda-meta", "history"), "overlay.json")
_REVISION = re.compile(r"==> \d{4}-\d\d-\d\d \d\d:\d\d:\d\d <==")
_STARTS_WITHIN = 60


def content(prefix: Path) -> Content | None:
    """``None`` where nothing is at all. Compiled modules, our mark and the history's times are no part of it."""
    if not os.path.lexists(prefix):
        return None
    records = _records(prefix)
    packaged = {path for record in records for path in record["files"]}
    found = {f"package {record['name']}": f"{record['version']} {record['build']}" for record in records}
    for path in sorted(prefix.rglob("*")):
        inside = str(path.relative_to(prefix))
        if path.is_dir() and not path.is_symlink():
            continue
        if inside not in packaged and not _is_ours(inside) and "__pycache__" not in path.parts:
            found[f"file {inside}"] = sha256(path)
    return found


def faults(prefix: Path, starts: bool = False) -> Iterator[str]:
    """What is not as the environment's own records have it. With ``starts`` its Python has to start, too."""
    for record in _records(prefix):
        yield from _faults_of_package(prefix, record)
    yield from _faults_of_wheels(prefix)
    if (prefix / "conda-meta").is_dir():
        yield from _faults_of_history(prefix)
    if starts:
        yield from _faults_of_python(prefix)


def sha256(path: Path) -> str:
    """Of a link what it says; of one that leads out what it leads to: uv finds a Python by one name or the other."""
    if path.is_symlink():
        target = os.readlink(path)
        return f"-> {os.path.realpath(target) if os.path.isabs(target) else target}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_ours(inside: str) -> bool:
    return inside in _OURS or (inside.startswith("conda-meta") and inside.endswith(".json"))


def _records(prefix: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(prefix.glob("conda-meta/*.json"))]


def _faults_of_package(prefix: Path, record: Mapping[str, Any]) -> Iterator[str]:
    name = record["name"]
    listed = {each["_path"]: each for each in record["paths_data"]["paths"]}
    if not set(record["files"]) <= listed.keys():
        yield f"{name} lists files of which its record has no hashes"
    for inside, entry in listed.items():
        path = prefix / inside
        if not os.path.lexists(path):
            yield f"{name}: {path} is missing"
        elif (entry["path_type"] == "softlink") != path.is_symlink():
            yield f"{name}: {path} is no {entry['path_type']}"
        elif (wanted := _sha256_of(entry)) and sha256(path) != wanted:
            yield f"{name}: {path} is another file"


def _sha256_of(entry: Mapping[str, Any]) -> str | None:
    """That of the file at its place: where the prefix was written into it, another one than in the package."""
    if entry["path_type"] != "hardlink":
        return None
    wanted: str | None = entry.get("sha256_in_prefix") or entry.get("sha256")
    return wanted


def _faults_of_wheels(prefix: Path) -> Iterator[str]:
    """PEP 376: each distribution's RECORD. uv and pip write hashes, but for the RECORD itself and compiled modules."""
    for info in prefix.glob("lib/python*/site-packages/*.dist-info"):
        if not (info / "RECORD").is_file():
            yield f"{info} has no RECORD"
            continue
        for inside, hashed, _ in csv.reader((info / "RECORD").read_text().splitlines()):
            path = info.parent / inside
            if "__pycache__" not in path.parts and not path.exists():
                yield f"{info.name}: {path} is missing"
            elif hashed.startswith("sha256=") and _urlsafe(path) != hashed.partition("=")[2]:
                yield f"{info.name}: {path} is another file"


def _urlsafe(path: Path) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()


def _faults_of_history(prefix: Path) -> Iterator[str]:
    """Replayed as conda does it, the revisions come to what is there."""
    try:
        lines = (prefix / "conda-meta" / "history").read_text().splitlines()
    except OSError as error:
        yield f"no history: {error}"
        return
    there: set[str] = set()
    for line in lines:
        if line.startswith("-"):
            there.discard(_package_of(line))
        elif line.startswith("+"):
            there.add(_package_of(line))
        elif not line.startswith("#") and not _REVISION.fullmatch(line):
            yield f"a line of the history is none: {line!r}"
    found = {f"{each['name']}-{each['version']}-{each['build']}" for each in _records(prefix)}
    if there != found:
        yield f"the history of {prefix} comes to {sorted(there - found)}, not {sorted(found - there)}"


def _package_of(line: str) -> str:
    return line[1:].rpartition("::")[2].rpartition("/")[2]


def _faults_of_python(prefix: Path) -> Iterator[str]:
    python = prefix / "bin" / "python"
    if not os.path.lexists(python):
        return
    argv = [str(python), "-B", "-I", "-c", "import sys; print(sys.prefix)"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=_STARTS_WITHIN, check=False)
    if done.returncode or done.stdout.strip() != str(prefix):
        yield f"the Python of {prefix} does not start: {done.stdout}{done.stderr}"
