"""A channel of conda-forge's size that nobody has to download: 30,000 names, a million records, the same each time.

Both ways of serving it are written: ``repodata.json`` with its ``.zst``, and shards (CEP 16). There are no packages.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backports import zstd

NAMES = 30_000
RECORDS = 1_000_000
NOARCH_SHARE = 3
"""Each third package is ``noarch``."""
_STAMP = "made.json"
_KEY = {"names": NAMES, "records": RECORDS, "format": 3}


def big_channel(folder: Path, subdir: str) -> Path:
    """The channel below ``folder``: ``whole/`` and ``sharded/``; made where it is not there already."""
    stamp = folder / _STAMP
    if stamp.exists() and json.loads(stamp.read_text()) == _KEY:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for name, remainder in ((subdir, False), ("noarch", True)):
        numbers = [number for number in range(NAMES) if (number % NOARCH_SHARE == 0) == remainder]
        _write(folder, name, {f"package-{number}": _records(number, name) for number in numbers})
    stamp.write_text(json.dumps(_KEY))
    return folder


def _records(number: int, subdir: str) -> dict[str, Any]:
    """The versions of one package by file name. Dependencies have smaller numbers: there are no circles."""
    chance = random.Random(number)
    needed = {chance.randrange(max(1, number // 2)) for _ in range(chance.randrange(2, 7))} if number else set()
    depends = [f"package-{other} >={chance.randrange(1, 8)}" for other in sorted(needed)]
    records = {}
    for version in range(1, RECORDS // NAMES + 2):
        name, build = f"package-{number}", f"h{number:x}_{version % 3}"
        file = f"{name}-{version}.{version % 7}-{build}.conda"
        records[file] = _record(name, f"{version}.{version % 7}", build, subdir, depends, file)
    return records


def _record(name: str, version: str, build: str, subdir: str, depends: list[str], file: str) -> dict[str, Any]:
    digest = hashlib.sha256(file.encode()).hexdigest()
    return {
        "build": build,
        "build_number": int(build[-1]),
        "depends": depends,
        "license": "BSD-3-Clause",
        "md5": digest[:32],
        "name": name,
        "sha256": digest,
        "size": 1000 + int(digest[:5], 16),
        "subdir": subdir,
        "timestamp": 1_700_000_000_000,
        "version": version,
        **({"noarch": "generic"} if subdir == "noarch" else {}),
    }


def _write(folder: Path, subdir: str, packages: dict[str, dict[str, Any]]) -> None:
    whole, sharded = folder / "whole" / subdir, folder / "sharded" / subdir
    for place in (whole, sharded / "shards"):
        place.mkdir(parents=True)
    records = {file: record for each in packages.values() for file, record in each.items()}
    text = json.dumps({"info": {"subdir": subdir}, "packages": {}, "packages.conda": records}).encode()
    (whole / "repodata.json").write_bytes(text)
    (whole / "repodata.json.zst").write_bytes(zstd.compress(text))
    shards = {name: _write_shard(sharded / "shards", each) for name, each in packages.items()}
    info = {"subdir": subdir, "base_url": "", "shards_base_url": "./shards/", "created_at": "2026-01-01T00:00:00Z"}
    index = zstd.compress(packed({"info": info, "shards": shards}))
    (sharded / "repodata_shards.msgpack.zst").write_bytes(index)


def _write_shard(folder: Path, records: dict[str, dict[str, Any]]) -> bytes:
    binary = {
        file: {**record, "sha256": bytes.fromhex(record["sha256"]), "md5": bytes.fromhex(record["md5"])}
        for file, record in records.items()
    }
    content = zstd.compress(packed({"packages": {}, "packages.conda": binary, "removed": []}))
    digest = hashlib.sha256(content)
    (folder / f"{digest.hexdigest()}.msgpack.zst").write_bytes(content)
    return digest.digest()


def packed(value: Any) -> bytes:
    """``value`` as MessagePack, as far as an index needs it."""
    return b"".join(_pack(value))


def _pack(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict):
        yield struct.pack(">BI", 0xDF, len(value))
        for key, each in value.items():
            yield from _pack(key)
            yield from _pack(each)
    elif isinstance(value, list):
        yield struct.pack(">BI", 0xDD, len(value))
        for each in value:
            yield from _pack(each)
    elif isinstance(value, int):
        yield struct.pack(">BQ", 0xCF, value)
    else:
        data = value.encode() if isinstance(value, str) else value
        yield struct.pack(">BI", 0xDB if isinstance(value, str) else 0xC6, len(data))
        yield data
