"""Lock files of every format, written from what the local channel really solves to."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from rattler import LockChannel, LockFile, LockPlatform, RepoDataRecord

from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.rattler import RattlerEngine, cache_folder
from jupyter_envlink.envfile.platforms import current

from .channel import Channel

HERE = current()


def solved(url: str, *specs: str) -> list[RepoDataRecord]:
    """The records of a solve."""
    engine = RattlerEngine(cache_folder())
    solution = asyncio.run(engine.solve(Channels((url,), "strict"), specs))
    return sorted(solution.records, key=lambda record: str(record.url))


def python_spec(channel: Channel) -> str:
    return f"python {'.'.join(channel.pythons[0].split('.')[:2])}.*"


def explicit(records: Sequence[RepoDataRecord], sums: str = "sha256") -> str:
    """As ``conda list --explicit`` writes it, with ``--md5`` or ``--sha256``."""
    head = ["# This file may be used to create an environment using:", f"# platform: {HERE}", "@EXPLICIT"]
    return "\n".join([*head, *(record.url + _fragment(record, sums) for record in records)]) + "\n"


def _fragment(record: RepoDataRecord, sums: str) -> str:
    if sums == "sha256" and record.sha256:
        return f"#sha256:{record.sha256.hex()}"
    return f"#{record.md5.hex()}" if sums == "md5" and record.md5 else ""


def conda_lock(records: Sequence[RepoDataRecord], pip: Sequence[Path] = ()) -> str:
    """As conda-lock writes it for two platforms, with the packages of a category that is not taken."""
    packages = [_of_conda(record, HERE) for record in records]
    packages += [_of_pip(wheel) for wheel in pip]
    packages += [{**packages[0], "platform": "zos-z"}, {**packages[0], "name": "left-out", "category": "docs"}]
    metadata = {
        "content_hash": {HERE: "0" * 64, "zos-z": "0" * 64},
        "channels": [{"url": "conda-forge", "used_env_vars": []}],
        "platforms": [HERE, "zos-z"],
        "sources": ["environment.yml"],
    }
    return yaml.safe_dump({"version": 1, "metadata": metadata, "package": packages}, sort_keys=False)


def _of_conda(record: RepoDataRecord, platform: str) -> dict[str, object]:
    depends = dict(([*each.split(" ", 1), ""])[:2] for each in record.depends)
    sums = {"md5": (record.md5 or b"").hex(), "sha256": (record.sha256 or b"").hex()}
    return {
        "name": record.name.normalized, "version": str(record.version), "manager": "conda", "platform": platform,
        "dependencies": depends, "url": record.url, "hash": sums, "category": "main", "optional": False,
    }  # fmt: skip


def _of_pip(wheel: Path) -> dict[str, object]:
    name, version = wheel.name.split("-")[:2]
    return {
        "name": name, "version": version, "manager": "pip", "platform": HERE, "dependencies": {},
        "url": wheel.as_uri(), "hash": {"sha256": sha256_of(wheel)},
        "category": "main", "optional": False,
    }  # fmt: skip


def pixi_lock(folder: Path, channel: str, records: Sequence[RepoDataRecord], pip: Sequence[Path] = ()) -> str:
    """As pixi writes it, by rattler's own hand."""
    here = LockPlatform(HERE)
    lock = LockFile([here, LockPlatform("win-arm64" if HERE != "win-arm64" else "linux-64")])
    lock.set_channels("default", [LockChannel(f"{channel}/")])
    for record in records:
        lock.add_conda_package("default", here, record)
    for wheel in pip:
        name, version = wheel.name.split("-")[:2]
        lock.add_pypi_package("default", here, name, version, wheel.as_uri())
    path = folder / "pixi.lock"
    lock.to_path(path)
    return path.read_text(encoding="utf-8")


def path_of(url: str) -> Path:
    return Path(url2pathname(urlsplit(url).path))


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
