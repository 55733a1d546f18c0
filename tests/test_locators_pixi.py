"""pixi's environments: conda prefixes laid out and marked as pixi does it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from jupyter_envlink.environment import State
from jupyter_envlink.locators import Roots, discover, look
from jupyter_envlink.locators.pixi import PixiLocator
from jupyter_envlink.locators.pythons import is_foreign, python_paths

from .channel import Channel
from .test_locators import add_kernel, install, make


def marked(prefix: Path, name: str = "default", *, old: bool = False) -> Path:
    """The two files that pixi writes into a prefix (``pixi_utils::prefix``, ``EnvironmentFile``)."""
    meta = prefix / "conda-meta"
    (meta / "pixi_env_prefix").write_text(f"{prefix}\n")
    if not old:
        manifest = {"manifest_path": str(prefix.parents[2] / "pixi.toml"), "environment_name": name}
        (meta / "pixi").write_text(
            json.dumps({**manifest, "pixi_version": "0.50.0", "environment_lock_file_hash": "x"})
        )
    return prefix


def kind_and_name(prefix: Path) -> tuple[str, str]:
    found = look(os.path.realpath(prefix))
    assert found
    return found.environment.kind, found.environment.name


@pytest.mark.parametrize("old", [False, True])
def test_an_environment_of_a_project_bears_the_project_s_name(tmp_path: Path, old: bool) -> None:
    envs = tmp_path / "finance" / ".pixi" / "envs"
    for name, label in (("default", "finance"), ("test", "finance-test")):
        assert kind_and_name(marked(make(envs / name), name, old=old)) == ("pixi", label)
    roots = Roots(projects=(os.path.realpath(tmp_path),))
    assert sorted(os.path.basename(prefix) for prefix in PixiLocator().discover(roots)) == ["default", "test"]
    assert len(list(discover(roots))) == 2


def test_detached_environments(tmp_path: Path) -> None:
    """As ``detached-environments`` names them, and in the cache."""
    home = Path(os.path.realpath(tmp_path)) / "home"
    named = marked(make(home / "big disk" / "finance-6837172896226367631" / "envs" / "default"))
    cached = marked(make(home / "cache" / "envs" / "stats-683717289622636763" / "envs" / "gpu"), "gpu")
    (home / ".pixi").mkdir(parents=True)
    (home / ".pixi" / "config.toml").write_text('detached-environments = "~/big disk"\n')
    roots = Roots(home=str(home), environ={"PIXI_CACHE_DIR": str(home / "cache")})
    assert set(PixiLocator().discover(roots)) == {str(named), str(cached)}
    assert [kind_and_name(named), kind_and_name(cached)] == [("pixi", "finance"), ("pixi", "stats-gpu")]


def test_global_ones_bear_no_mark_and_are_conda_s(tmp_path: Path) -> None:
    home = Path(os.path.realpath(tmp_path))
    prefix = make(home / ".pixi" / "envs" / "ipython")
    assert list(PixiLocator().discover(Roots(home=str(home)))) == [str(prefix)]
    assert kind_and_name(prefix) == ("conda", "ipython")


def test_garbage_settings_hurt_nothing(tmp_path: Path) -> None:
    (tmp_path / ".pixi").mkdir()
    for text in ("detached-environments = [", "detached-environments = 3", "cache = 1", "\udcff", "[cache]\nroot = 1"):
        (tmp_path / ".pixi" / "config.toml").write_text(text, errors="surrogateescape")
        assert list(PixiLocator().discover(Roots(home=str(tmp_path)))) == []


def test_a_real_one(tmp_path: Path, channel: Channel, package_cache: Path) -> None:
    prefix = tmp_path / "finance" / ".pixi" / "envs" / "default"
    version = ".".join(map(str, sys.version_info[:3]))
    asyncio.run(install(prefix, channel, package_cache, [f"python={version}", "ipykernel"]))
    before = look(os.path.realpath(prefix))
    assert before
    assert before.environment.kind == "conda"
    found = look(os.path.realpath(marked(prefix)))
    assert found
    environment = found.environment
    assert (environment.kind, environment.name, environment.state) == ("pixi", "finance", State.READY)
    assert environment.python_version == version.rpartition(".")[0]
    assert [kernel.name for kernel in environment.kernels] == ["python3"]


def test_the_mark_is_evidence(tmp_path: Path) -> None:
    prefix = make(tmp_path / "finance" / ".pixi" / "envs" / "default")
    add_kernel(prefix)
    for path in (prefix, *prefix.rglob("*")):
        os.utime(path, (1_000_000_000,) * 2, follow_symlinks=False)
    found = look(os.path.realpath(prefix))
    assert found
    assert found.evidence.holds()
    marked(prefix)
    assert not found.evidence.holds()


@pytest.mark.parametrize("start", [b"\x7fELF", b"\xcf\xfa\xed\xfe", b"MZ"])
def test_one_that_came_with_its_project_from_another_system(tmp_path: Path, start: bytes) -> None:
    prefix = marked(make(tmp_path / "finance" / ".pixi" / "envs" / "default"))
    add_kernel(prefix)
    Path(python_paths(str(prefix))[0]).write_bytes(start + b"\0" * 60)
    own = start == {"linux": b"\x7fELF", "darwin": b"\xcf\xfa\xed\xfe", "win32": b"MZ"}[sys.platform]
    found = look(os.path.realpath(prefix))
    assert found
    environment = found.environment
    code = environment.problem.code if environment.problem else None
    expected = (State.READY, None, 1) if own else (State.BROKEN, "wrong-platform", 0)
    assert (environment.state, code, len(environment.kernels)) == expected


def test_this_python_is_not_foreign() -> None:
    assert not is_foreign(os.path.realpath(sys.executable))
    assert not is_foreign(__file__)
