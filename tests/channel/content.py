"""Everything the channel holds, written and indexed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .handmade import CORRUPT, handmade_packages
from .interpreter import Interpreter
from .package import Package
from .python_package import python_package
from .requirements import PIP_EXAMPLES
from .wheel import Wheel
from .wheel_package import wheel_packages
from .wheelhouse import download


def write_content(dest: Path, work: Path, pythons: list[Path]) -> tuple[str, ...]:
    """Write the packages and their indexes below ``dest``; answers the interpreters' versions."""
    from rattler import Subdir
    from rattler.index import index_fs

    channel = dest / "conda-forge"
    interpreters = [Interpreter.probe(python) for python in pythons]
    wheels = download(interpreters, work / "wheels")
    _write_all(_packages(interpreters, wheels, work), channel, str(Subdir.current()))
    asyncio.run(index_fs(channel))
    _truncate(next((channel / "noarch").glob(f"{CORRUPT}-*.conda")))
    _copy_examples(wheels, dest / "wheels")
    return tuple(interpreter.version for interpreter in interpreters)


def _packages(interpreters: list[Interpreter], wheels: list[Wheel], work: Path) -> Iterable[Package]:
    for interpreter in interpreters:
        yield python_package(interpreter, work / f"python-{interpreter.version}")
    for wheel in wheels:
        yield from wheel_packages(wheel)
    yield from handmade_packages()


def _write_all(packages: Iterable[Package], channel: Path, platform: str) -> None:
    for subdir in ("noarch", platform):
        (channel / subdir).mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        for written in [pool.submit(package.write, channel, platform) for package in packages]:
            written.result()


def _truncate(archive: Path) -> None:
    """After indexing, so that the index's size and hash are those of the whole file."""
    with archive.open("r+b") as file:
        file.truncate(archive.stat().st_size // 2)


def _copy_examples(wheels: list[Wheel], folder: Path) -> None:
    folder.mkdir()
    for wheel in wheels:
        if wheel.name in PIP_EXAMPLES:
            shutil.copy2(wheel.path, folder)
