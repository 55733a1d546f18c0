"""A channel of packages that are linked in no time, each with what makes linking real: prefixes, links, modes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

from tests.channel.file import PLACEHOLDER, File, Link
from tests.channel.package import Package

BIG = 3_000_000
"""Bytes of the package ``boulder``: it does not fit on a small disk."""


def build(folder: Path) -> str:
    """Write the channel to ``folder``, which must not exist; its address."""
    from rattler.index import index_fs

    (folder / "noarch").mkdir(parents=True)
    for package in _packages():
        package.write(folder, "noarch")
    asyncio.run(index_fs(folder))
    return folder.as_uri()


def _packages() -> Iterator[Package]:
    yield _package("moss", "1.0")
    yield _package("moss", "2.0")
    yield _package("stone", "1.0")
    yield _package("lichen", "1.0", "stone")
    yield _package("fern", "1.0", "moss >=2")
    yield _package("amber", "1.0")
    yield Package("boulder", "1.0", "0", (File("share/boulder", random.Random(1).randbytes(BIG)),))


def _package(name: str, version: str, *depends: str) -> Package:
    return Package(name, version, "0", tuple(_files(name, version)), depends=depends, summary=f"{name}, for chaos")


def _files(name: str, version: str) -> Iterator[File | Link]:
    text = f"#!{PLACEHOLDER}/bin/sh\n# {name} {version}\n".encode()
    yield File(f"bin/{name}", text, 0o755, prefix_mode="text")
    binary = b"\x00" + PLACEHOLDER.encode() + f"/share/{name}\x00 {version}\xff\x00".encode()
    yield File(f"lib/{name}.bin", binary, prefix_mode="binary")
    yield Link(f"lib/{name}.link", f"{name}.bin")
    for number in range(4):
        yield File(f"share/{name}/{number}.txt", f"{name} {version} {number}\n".encode() * 50)
    yield File(f"share/{name}/only-in-{version}.txt", b"this version's alone\n")
