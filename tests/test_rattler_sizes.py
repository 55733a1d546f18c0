from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.engines.base import Solution
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.engines.rattler_sizes import RATIO, package_folder

from .channel import Channel

SPECS = ["humanize", "envlink-text-prefix"]


@pytest.fixture
def engine(tmp_path: Path) -> RattlerEngine:
    return RattlerEngine(tmp_path / "cache")


@pytest.fixture
def solution(engine: RattlerEngine, channel: Channel) -> Solution:
    return asyncio.run(engine.solve(Channels((channel.conda_forge,), "strict"), SPECS))


def _install(engine: RattlerEngine, solution: Solution, prefix: Path) -> None:
    asyncio.run(engine.install(solution, str(prefix), str(prefix), [], lambda step: None))


def _held(folder: Path) -> int:
    """Bytes of all extracted packages in a cache, without their metadata."""
    files = [path for path in folder.glob("*/**/*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files if path.relative_to(folder).parts[1] != "info")


def test_what_no_cache_holds_is_downloaded_and_estimated(engine: RattlerEngine, solution: Solution) -> None:
    weight = asyncio.run(engine.weigh(solution))
    assert weight.download_bytes == solution.archive_bytes > 0
    assert weight.disk_bytes == sum(int((package.size or 0) * RATIO) for package in solution.packages)
    assert not weight.disk_exact
    assert not package_folder(engine.cache).exists()


def test_what_the_cache_holds_is_counted_file_by_file(
    engine: RattlerEngine, solution: Solution, tmp_path: Path
) -> None:
    assert engine.cache is not None
    _install(engine, solution, tmp_path / "env")
    weight = asyncio.run(engine.weigh(solution))
    assert (weight.download_bytes, weight.disk_exact) == (0, True)
    assert weight.disk_bytes == _held(engine.cache) > 0


def test_of_a_part_only_that_part(engine: RattlerEngine, solution: Solution, tmp_path: Path) -> None:
    _install(engine, solution.only({"envlink-text-prefix"}), tmp_path / "env")
    weight = asyncio.run(engine.weigh(solution))
    missing = [package for package in solution.packages if package.name != "envlink-text-prefix"]
    assert weight.download_bytes == sum(package.size or 0 for package in missing)
    assert not weight.disk_exact
    assert asyncio.run(engine.weigh(solution.only({"envlink-text-prefix"}))).disk_exact


def test_another_archive_of_the_same_name_is_not_in_the_cache(
    engine: RattlerEngine, solution: Solution, tmp_path: Path
) -> None:
    """Two channels may have packages of one name, version and build."""
    assert engine.cache is not None
    _install(engine, solution, tmp_path / "env")
    lock = next(engine.cache.glob("humanize-*.lock"))
    lock.write_bytes(lock.read_bytes()[:8] + bytes(32))
    assert asyncio.run(engine.weigh(solution)).download_bytes > 0


def test_an_extracted_package_that_does_not_say_is_estimated(
    engine: RattlerEngine, solution: Solution, tmp_path: Path
) -> None:
    assert engine.cache is not None
    _install(engine, solution, tmp_path / "env")
    for paths in engine.cache.glob("*/info/paths.json"):
        paths.unlink()
    weight = asyncio.run(engine.weigh(solution))
    assert (weight.download_bytes, weight.disk_exact) == (0, False)
    assert weight.disk_bytes > 0


def test_the_cache_that_rattler_chooses_is_found(
    solution: Solution, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that rattler puts where it likes is then seen there."""
    monkeypatch.delenv("RATTLER_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    engine = RattlerEngine(None)
    _install(engine, solution, tmp_path / "env")
    assert asyncio.run(engine.weigh(solution)).download_bytes == 0
    assert package_folder(None).is_dir()
