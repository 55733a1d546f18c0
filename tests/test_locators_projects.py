"""Environments in project folders, in a bounded time and without loops."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from jupyter_envlink.locators import Roots
from jupyter_envlink.locators.projects import SKIPPED, walk

from .test_locators import posix_only
from .venvs import by_uv, by_venv, real


def found(root: Path, **bounds: int) -> set[str]:
    """Paths below ``root``."""
    return {os.path.relpath(prefix, real(root)) for prefix in walk([str(real(root))], **bounds).prefixes}


def test_under_each_name_and_to_a_depth(tmp_path: Path) -> None:
    by_venv(tmp_path / ".venv")
    by_uv(tmp_path / "a" / ".venv")
    by_uv(tmp_path / "a" / "b" / "venv")
    by_venv(tmp_path / "a" / "b" / "my own")
    (tmp_path / "a" / ".conda" / "conda-meta").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c" / "under-conda" / "conda-meta").mkdir(parents=True)
    by_venv(tmp_path / "a" / "b" / "c" / ".venv")
    by_venv(tmp_path / "a" / "b" / "c" / "d" / ".venv")
    near = {".venv", "a/.venv", "a/.conda", "a/b/venv", "a/b/my own"}
    assert found(tmp_path) == {Path(name).as_posix() for name in near} | {"a/b/c/.venv"}
    assert "a/b/c/d/.venv" in found(tmp_path, depth=4)
    assert "a/b/c/under-conda" in found(tmp_path, depth=4)
    assert found(tmp_path, depth=0) == {".venv"}


def test_nested_places_of_tools(tmp_path: Path) -> None:
    for path in (".pixi/envs/default", ".pixi/envs/test", ".pixi/solve-group-envs/x", ".hatch/docs", ".git/x/.venv"):
        (tmp_path / path).mkdir(parents=True)
    assert found(tmp_path) == {".pixi/envs/default", ".pixi/envs/test", ".hatch/docs"}


def test_what_is_not_walked_into(tmp_path: Path) -> None:
    for name in (*SKIPPED, ".hidden"):
        by_name = tmp_path / name / "x" / ".venv"
        by_name.mkdir(parents=True)
    inside = by_venv(tmp_path / "p" / ".venv")
    by_venv(inside / "nested" / ".venv")
    assert found(tmp_path) == {os.path.join("p", ".venv")}


@posix_only
def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    by_venv(elsewhere / "project" / ".venv")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(elsewhere, target_is_directory=True)
    (root / "again").symlink_to(elsewhere, target_is_directory=True)
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "self").symlink_to("self")
    (elsewhere / "up").symlink_to("..", target_is_directory=True)
    (root / ".venv").symlink_to(elsewhere / "project" / ".venv", target_is_directory=True)
    result = walk([str(real(root))], depth=20)
    assert result.prefixes == (str(real(elsewhere / "project" / ".venv")),)
    assert len(result.folders) == len(set(result.folders))


def test_the_number_of_folders_is_bounded_and_near_ones_come_first(tmp_path: Path) -> None:
    for i in range(20):
        (tmp_path / f"p{i:02}" / "deep" / ".venv").mkdir(parents=True)
        (tmp_path / f"p{i:02}" / ".venv").mkdir()
    result = walk([str(real(tmp_path))], most=21)
    assert (len(result.folders), result.is_whole) == (21, False)
    assert len(result.prefixes) == 20
    assert walk([str(real(tmp_path))]).is_whole
    assert len(walk([str(real(tmp_path))]).prefixes) == 40


def test_what_comes_and_goes_is_seen_at_once(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "docs").mkdir(parents=True)
    for folder in (project / "docs", project, tmp_path):
        os.utime(folder, (time.time() - 60,) * 2)
    assert found(tmp_path) == set()
    by_uv(project / ".venv")
    assert found(tmp_path) == {os.path.join("project", ".venv")}
    shutil.rmtree(project / ".venv")
    assert found(tmp_path) == set()
    (project / "docs" / "env" / "conda-meta").mkdir(parents=True)
    assert found(tmp_path) == {os.path.join("project", "docs", "env")}


def test_an_unchanged_tree_is_not_listed_again(tmp_path: Path) -> None:
    (tmp_path / "a" / ".venv").mkdir(parents=True)
    for folder in (tmp_path / "a", tmp_path):
        os.utime(folder, (time.time() - 60,) * 2)
    first = walk([str(real(tmp_path))])
    listed: list[object] = []
    real_scandir = os.scandir
    try:
        os.scandir = lambda path: (listed.append(path), real_scandir(path))[1]  # type: ignore[assignment]
        assert walk([str(real(tmp_path))]) == first
    finally:
        os.scandir = real_scandir
    assert listed == []


def test_what_cannot_be_listed_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert walk([str(tmp_path / "gone"), str(tmp_path / "file")]).prefixes == ()
    assert Roots().walked.prefixes == ()
