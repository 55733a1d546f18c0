from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from jupyter_envlink.locators import Roots, find_roots
from jupyter_envlink.locators.roots import Resolved, realpaths


def roots(tmp_path: Path, **environ: str) -> Roots:
    (tmp_path / "home").mkdir(exist_ok=True)
    return find_roots(environ, tmp_path / "home")


def real(path: Path) -> str:
    return os.path.realpath(path)


def own(paths: tuple[str, ...], tmp_path: Path) -> list[str]:
    """This machine's own installations may be found, too."""
    return [path for path in paths if path.startswith(real(tmp_path))]


@pytest.mark.parametrize("variable", ["CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"])
def test_envs_dirs_in_the_order_of_conda(tmp_path: Path, variable: str) -> None:
    home, base = tmp_path / "home", tmp_path / "home" / "miniforge3"
    (base / "conda-meta").mkdir(parents=True)
    (home / ".condarc").write_text(f"envs_dirs:\n  - {tmp_path}/shared\n")
    value = os.pathsep.join([str(tmp_path / "first"), "", str(tmp_path / "second")])
    found = roots(tmp_path, **{variable: value})
    names = ["first", "second", "shared", "home/miniforge3/envs", "home/.conda/envs"]
    assert own(found.envs_dirs, tmp_path) == [real(tmp_path / name) for name in names]
    assert own(found.bases, tmp_path) == [real(base)]


def test_mamba_root_prefix_and_extra(tmp_path: Path) -> None:
    (tmp_path / "mamba" / "envs").mkdir(parents=True)
    found = find_roots({"MAMBA_ROOT_PREFIX": str(tmp_path / "mamba")}, tmp_path, [str(tmp_path / "more")])
    assert real(tmp_path / "mamba") in found.bases
    assert real(tmp_path / "mamba" / "envs") in found.envs_dirs
    assert found.envs_dirs[-1] == real(tmp_path / "more")


def test_the_registry_is_read_with_distrust(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target", target_is_directory=True)
    lines = [
        f"{tmp_path}/one/",
        "",
        "# a comment",
        f"  {tmp_path}/two words  ",
        f"{tmp_path}/link",
        f"{tmp_path}/x/../three",
        "relative/path",
        f"{tmp_path}/nul\0",
        f"{tmp_path}/one",
    ]
    registry = tmp_path / "home" / ".conda" / "environments.txt"
    registry.parent.mkdir(parents=True)
    registry.write_bytes("\r\n".join(lines).encode() + b"\n/bad/\xff\n")
    found = roots(tmp_path, CONDA_PREFIX=str(tmp_path / "active"))
    names = ["one", "two words", "target", "three", "active"]
    assert own(found.listed, tmp_path) == [real(tmp_path / name) for name in names]
    assert found.registry == real(registry)


def test_nothing_configured(tmp_path: Path) -> None:
    found = roots(tmp_path)
    assert own(found.envs_dirs, tmp_path) == [real(tmp_path / "home" / ".conda" / "envs")]
    assert own(found.bases + found.listed, tmp_path) == []


def test_canonical_paths_are_asked_for_once_and_all_together(tmp_path: Path) -> None:
    registry = tmp_path / ".conda" / "environments.txt"
    registry.parent.mkdir()
    registry.write_text(f"{tmp_path / 'single'}\n")
    (tmp_path / "miniforge3" / "conda-meta").mkdir(parents=True)
    asked: list[list[str]] = []

    def resolve(paths: Iterable[str]) -> Mapping[str, Resolved]:
        asked.append(list(paths))
        return realpaths(asked[-1])

    find_roots({}, tmp_path, [str(tmp_path / "extra")], [str(tmp_path / "projects")], resolve)
    (together,) = asked
    named = (tmp_path, *(tmp_path / name for name in ("extra", "projects", "miniforge3", "miniforge3/envs")))
    assert {str(path) for path in named} <= set(together)
    assert len(together) == len(set(together))
