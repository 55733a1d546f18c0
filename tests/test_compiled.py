"""What packages were compiled to is taken over from one environment, and lent to the next where it fits."""

from __future__ import annotations

import json
import os
import py_compile
import time
from pathlib import Path

import pytest

from jupyter_envlink.compiled import KEPT_FOR, CompiledCode

DIGEST, OTHER = "a" * 64, "b" * 64


def installed(prefix: Path, digest: str = DIGEST, python: str = "python-3.11.7-0_cpython") -> Path:
    """An environment with Python and a package of two modules; its code is the same in each."""
    modules = prefix / "lib" / "python3.11" / "site-packages" / "pkg"
    modules.mkdir(parents=True)
    for name in ("__init__", "prefixed"):
        (modules / f"{name}.py").write_text("x = 1\n")
        os.utime(modules / f"{name}.py", (1_700_000_000, 1_700_000_000))
    relative = modules.relative_to(prefix)
    paths = [
        {"_path": f"{relative}/__init__.py"},
        {"_path": f"{relative}/prefixed.py", "prefix_placeholder": "/placeholder"},
    ]
    write_record(prefix, "pkg-1.0-0", digest, paths)
    write_record(prefix, python, DIGEST, [])
    return prefix


def write_record(prefix: Path, name: str, digest: str, paths: list[dict[str, str]]) -> None:
    (prefix / "conda-meta").mkdir(exist_ok=True)
    record = {"sha256": digest, "paths_data": {"paths": paths}}
    (prefix / "conda-meta" / f"{name}.json").write_text(json.dumps(record, indent=2))


def compiled(prefix: Path) -> Path:
    for source in prefix.rglob("*.py"):
        py_compile.compile(str(source), doraise=True)
    return prefix


def code(prefix: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in prefix.rglob("*.pyc"))


@pytest.fixture
def kept(tmp_path: Path) -> CompiledCode:
    """What is kept of one environment."""
    made = CompiledCode(tmp_path / "kept")
    made.keep(str(compiled(installed(tmp_path / "first"))), "start")
    return made


def test_it_is_lent_to_the_same_packages(tmp_path: Path, kept: CompiledCode) -> None:
    other = installed(tmp_path / "other")

    assert kept.lend(str(other), "start")
    assert code(other) == ["__init__"]  # and not what may hold the other one's prefix


def test_nothing_is_known_of_what_was_never_there(tmp_path: Path, kept: CompiledCode) -> None:
    other = installed(tmp_path / "other")

    assert not kept.lend(str(other), "rest")
    assert code(other) == []


@pytest.mark.parametrize(
    "different", [{"digest": OTHER}, {"python": "python-3.11.8-0_cpython"}, {"python": "python-3.11.7-0_pypy"}]
)
def test_it_is_not_lent_to_another_package_or_python(
    tmp_path: Path, kept: CompiledCode, different: dict[str, str]
) -> None:
    other = installed(tmp_path / "other", **different)

    assert not kept.lend(str(other), "start")
    assert code(other) == []


def test_a_package_without_a_hash_is_never_known(tmp_path: Path, kept: CompiledCode) -> None:
    first, other = installed(tmp_path / "a", digest=""), installed(tmp_path / "b", digest="")
    kept.keep(str(compiled(first)), "start")

    assert not kept.lend(str(other), "start")
    assert code(other) == []


def test_what_is_there_stays(tmp_path: Path, kept: CompiledCode) -> None:
    other = compiled(installed(tmp_path / "other"))
    before = {path: path.stat().st_ino for path in other.rglob("*.pyc")}

    assert kept.lend(str(other), "start")
    assert {path: path.stat().st_ino for path in other.rglob("*.pyc")} == before


def test_what_the_package_brings_is_not_kept(tmp_path: Path) -> None:
    first = compiled(installed(tmp_path / "first"))
    brought = next(path.relative_to(first) for path in first.rglob("__init__*.pyc"))
    paths = [{"_path": str(path)} for path in (brought.parent.parent / "__init__.py", brought)]
    write_record(first, "pkg-1.0-0", DIGEST, paths)
    CompiledCode(tmp_path / "kept").keep(str(first), "start")

    assert not list((tmp_path / "kept").rglob("*.pyc"))


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may give files away")
def test_what_others_have_written_is_not_kept(tmp_path: Path) -> None:
    first = compiled(installed(tmp_path / "first"))
    os.chown(next(first.rglob("__init__*.pyc")), 12345, -1)
    CompiledCode(tmp_path / "kept").keep(str(first), "start")

    assert not list((tmp_path / "kept").rglob("*.pyc"))


def test_nobody_else_may_read_it(kept: CompiledCode) -> None:
    assert kept.folder.stat().st_mode & 0o077 == 0


def test_what_nobody_has_asked_for_goes(tmp_path: Path, kept: CompiledCode) -> None:
    (package,) = kept.folder.glob("*/pkg-*")
    long_ago = time.time() - KEPT_FOR - 1
    for folder in kept.folder.glob("*/*"):
        os.utime(folder, (long_ago, long_ago))
    kept.lend(str(installed(tmp_path / "other")), "start")
    kept.sweep()
    assert package.is_dir()

    os.utime(package, (long_ago, long_ago))
    kept.sweep()
    assert not package.exists()


def conda_installed(prefix: Path, installer: str = "conda") -> Path:
    """As ``installed``, with the metadata of a distribution."""
    info = installed(prefix) / "lib" / "python3.11" / "site-packages" / "pkg-1.0.dist-info"
    info.mkdir()
    (info / "INSTALLER").write_text(f"{installer}\n")
    return prefix


def test_what_has_worked_once_will_work_with_the_same_packages(tmp_path: Path) -> None:
    kept, first = CompiledCode(tmp_path / "kept"), conda_installed(tmp_path / "first")
    assert not kept.has_worked(str(first))

    kept.note_working(str(first))

    assert kept.has_worked(str(conda_installed(tmp_path / "same")))
    other = conda_installed(tmp_path / "other")
    write_record(other, "more-1.0-0", DIGEST, [])
    assert not kept.has_worked(str(other))


@pytest.mark.parametrize("installer", ["pip", "uv", ""])
def test_nothing_is_known_of_what_pip_has_installed(tmp_path: Path, installer: str) -> None:
    kept, first = CompiledCode(tmp_path / "kept"), conda_installed(tmp_path / "first", installer)
    kept.note_working(str(first))

    assert not kept.has_worked(str(first))
    assert not kept.has_worked(str(conda_installed(tmp_path / "same")))


def test_what_has_worked_long_ago_is_tried_again(tmp_path: Path) -> None:
    kept, first = CompiledCode(tmp_path / "kept"), conda_installed(tmp_path / "first")
    kept.note_working(str(first))
    (proof,) = (tmp_path / "kept" / "worked").iterdir()
    os.utime(proof, (0, 0))

    kept.sweep()

    assert not kept.has_worked(str(first))
