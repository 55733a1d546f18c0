"""Where the program of an engine is, and which version it has."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from jupyter_envlink.engines.programs import find_program, version_of
from jupyter_envlink.errors import EngineMissing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts are programs")


def program(path: Path, says: str = "conda 26.7.1", code: int = 0) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\nimport sys\nprint({says!r})\nsys.exit({code})\n")
    path.chmod(0o755)
    return str(path)


def test_what_is_configured_goes_before_all(tmp_path: Path) -> None:
    chosen, other = program(tmp_path / "mine"), program(tmp_path / "bin" / "conda")
    environ = {"PATH": str(tmp_path / "bin"), "CONDA_EXE": other}
    assert find_program("conda", chosen, environ, tmp_path) == chosen


@pytest.mark.parametrize("path", ["conda", "/nowhere/conda", "/etc/passwd", "/"])
def test_what_is_configured_has_to_be_a_program(tmp_path: Path, path: str) -> None:
    program(tmp_path / "bin" / "conda")
    with pytest.raises(EngineMissing) as raised:
        find_program("conda", path, {"PATH": str(tmp_path / "bin")}, tmp_path)
    assert path in raised.value.message
    assert "engine_program" in raised.value.remedy


def test_a_variable_names_it(tmp_path: Path) -> None:
    named = program(tmp_path / "elsewhere" / "micromamba")
    environ = {"PATH": "", "MAMBA_EXE": named, "CONDA_EXE": program(tmp_path / "elsewhere" / "conda")}
    assert find_program("micromamba", None, environ, tmp_path) == named
    with pytest.raises(EngineMissing):
        find_program("mamba", None, environ, tmp_path)


def test_it_is_found_on_path_and_in_a_base_installation(tmp_path: Path) -> None:
    base = program(tmp_path / "miniforge3" / "bin" / "mamba")
    (tmp_path / "miniforge3" / "conda-meta").mkdir()
    assert find_program("mamba", None, {"PATH": ""}, tmp_path) == base
    on_path = program(tmp_path / "bin" / "mamba")
    assert find_program("mamba", None, {"PATH": str(tmp_path / "bin")}, tmp_path) == on_path


def test_where_it_is_missing_the_remedy_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing) as raised:
        find_program("mamba", None, {"PATH": ""}, tmp_path)
    assert raised.value.code == "engine-missing"
    assert "mamba" in raised.value.message
    assert "c.Envlink.engine_program" in raised.value.remedy


@pytest.mark.parametrize(
    ("says", "code", "expected"),
    [
        ("conda 26.7.1", 0, "26.7.1"),
        ("2.8.1", 0, "2.8.1"),
        ("mamba 1.5.8\nconda 23.11.0", 0, "1.5.8"),
        ("no version", 0, None),
        ("conda 26.7.1", 1, None),
    ],
)
def test_its_version(tmp_path: Path, says: str, code: int, expected: str | None) -> None:
    assert version_of(program(tmp_path / "conda", says, code)) == expected


def test_a_version_is_asked_for_again_when_the_program_is_another(tmp_path: Path) -> None:
    path = tmp_path / "conda"
    assert version_of(program(path)) == "26.7.1"
    assert version_of(program(path, "conda 26.10.1")) == "26.10.1"
    path.unlink()
    assert version_of(str(path)) is None
