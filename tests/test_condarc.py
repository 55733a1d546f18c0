from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_envlink import condarc


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _root(path: Path) -> Path:
    (path / "conda-meta").mkdir(parents=True)
    return path


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    found = condarc.load({}, tmp_path)
    assert not [source for source in found.sources if source.startswith(str(tmp_path))]
    assert condarc.Condarc().channel_alias == "https://conda.anaconda.org"
    assert condarc.Condarc().channel_priority == "flexible"


def test_lists_are_joined_with_the_strongest_source_first(tmp_path: Path) -> None:
    root = _root(tmp_path / "root")
    _write(root / ".condarc", "channels: [from-root]\nchannel_alias: https://root.example/\n")
    _write(tmp_path / ".condarc", "channels: [from-home, from-root]\nchannel_alias: https://home.example/\n")
    named = _write(tmp_path / "named.yml", "channels: [from-condarc]\n")
    environ = {"CONDA_ROOT": str(root), "CONDARC": str(named), "CONDA_CHANNELS": "first,second"}
    found = condarc.load(environ, tmp_path)
    assert found.channels[:5] == ("first", "second", "from-condarc", "from-home", "from-root")
    assert found.channel_alias == "https://home.example"
    ours = [source for source in found.sources if source.startswith(str(tmp_path))]
    assert ours == [str(root / ".condarc"), str(tmp_path / ".condarc"), str(named)]


@pytest.mark.parametrize(
    "place",
    [
        ".condarc",
        ".mambarc",
        ".conda/.condarc",
        ".conda/condarc",
        ".conda/condarc.d/one.yml",
        ".config/conda/.condarc",
        ".config/conda/condarc.d/two.yaml",
        "miniforge3/.condarc",
        "miniforge3/condarc.d/x.yml",
    ],
)
def test_every_place_is_read(tmp_path: Path, place: str) -> None:
    _root(tmp_path / "miniforge3")
    _write(tmp_path / place, "envs_dirs: [~/mine]\n")
    assert str(tmp_path / "mine") in condarc.load({}, tmp_path).envs_dirs


def test_places_named_by_variables_are_read(tmp_path: Path) -> None:
    _write(tmp_path / "xdg/conda/condarc", "envs_dirs: [/xdg]\n")
    _write(tmp_path / "prefix/.condarc", "envs_dirs: [/prefix]\n")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "CONDA_PREFIX": str(tmp_path / "prefix")}
    expected = tuple(os.path.abspath(path) for path in ("/prefix", "/xdg"))
    assert condarc.load(environ, tmp_path).envs_dirs[:2] == expected


def test_a_second_base_gives_its_envs_dirs_and_nothing_else(tmp_path: Path) -> None:
    _write(_root(tmp_path / "miniforge3") / ".condarc", "channels: [conda-forge]\nenvs_dirs: [/one]\n")
    _write(_root(tmp_path / "miniconda3") / ".condarc", "channels: [other]\nenvs_dirs: [/two]\n")
    found = condarc.load({"CONDA_ROOT": str(tmp_path / "miniforge3")}, tmp_path)
    assert found.envs_dirs[:2] == (os.path.abspath("/one"), os.path.abspath("/two"))
    assert "conda-forge" in found.channels
    assert "other" not in found.channels


@pytest.mark.parametrize("variable", ["CONDA_ENVS_DIRS", "CONDA_ENVS_PATH"])
def test_envs_dirs_come_from_variables_and_are_expanded(tmp_path: Path, variable: str) -> None:
    environ = {variable: os.pathsep.join(["~/a", "$DATA/b"]), "DATA": str(tmp_path / "data")}
    assert condarc.load(environ, tmp_path).envs_dirs[:2] == (str(tmp_path / "a"), str(tmp_path / "data/b"))


def test_values_of_every_key(tmp_path: Path) -> None:
    text = """
default_channels: [https://mirror.example/main]
custom_channels: {lab: https://lab.example/conda}
custom_multichannels: {ours: [a, b]}
channel_priority: strict
pkgs_dirs: [~/pkgs]
ssl_verify: ~/ca.pem
proxy_servers: {http: http://proxy.example:3128}
offline: yes
"""
    named = _write(tmp_path / "named", text)
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.default_channels[0] == "https://mirror.example/main"
    assert found.custom_channels["lab"] == "https://lab.example/conda"
    assert found.custom_multichannels["ours"] == ("a", "b")
    assert found.channel_priority == "strict"
    assert found.pkgs_dirs[0] == str(tmp_path / "pkgs")
    assert found.ssl_verify == str(tmp_path / "ca.pem")
    assert found.proxy_servers["http"] == "http://proxy.example:3128"
    assert found.offline is True


@pytest.mark.parametrize(
    ("written", "expected"),
    [("true", True), ("false", False), ("'no'", False), ("truststore", "truststore"), ("<true>", True)],
)
def test_ssl_verify(tmp_path: Path, written: str, expected: bool | str) -> None:
    named = _write(tmp_path / "named", f"ssl_verify: {written}\n")
    assert condarc.load({"CONDARC": str(named)}, tmp_path).ssl_verify == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("strict", "strict"), ("true", "flexible"), ("false", "disabled"), ("flexible", "flexible")],
)
def test_channel_priority(tmp_path: Path, written: str, expected: str) -> None:
    assert condarc.load({"CONDA_CHANNEL_PRIORITY": written}, tmp_path).channel_priority == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("channels: [a\n", "could not be read"),
        ("- a\n- b\n", "does not hold a mapping"),
        ("channels: conda-forge\n", "channels must be a list"),
        ("custom_channels: [a]\n", "custom_channels must be a mapping"),
        ("channel_priority: sometimes\n", "channel_priority must be"),
        ("a: " + "[" * 3000, "could not be read"),
        ("a: \x00", "could not be read"),
    ],
)
def test_a_bad_file_is_reported_and_the_others_still_count(tmp_path: Path, text: str, said: str) -> None:
    _write(tmp_path / ".condarc", text)
    named = _write(tmp_path / "named", "channels: [good]\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.channels[0] == "good"
    assert any(said in problem for problem in found.problems)


def test_a_missing_condarc_is_reported(tmp_path: Path) -> None:
    found = condarc.load({"CONDARC": str(tmp_path / "nowhere")}, tmp_path)
    assert any("nowhere" in problem for problem in found.problems)


def test_root_prefixes_exist_are_absolute_and_come_once(tmp_path: Path) -> None:
    named = _root(tmp_path / "named")
    _root(tmp_path / "miniforge3")
    (tmp_path / "miniconda3").mkdir()
    environ = {"CONDA_EXE": str(named / "bin/conda"), "MAMBA_ROOT_PREFIX": str(named)}
    ours = [root for root in condarc.root_prefixes(environ, tmp_path) if root.startswith(str(tmp_path))]
    assert ours == [str(named), str(tmp_path / "miniforge3")]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and the layout of bin are POSIX's")
def test_the_base_of_a_conda_on_path_is_found(tmp_path: Path) -> None:
    root = _root(tmp_path / "elsewhere")
    (root / "condabin").mkdir()
    _write(root / "bin/conda", "#!/bin/sh\n")
    assert str(root) in condarc.root_prefixes({"PATH": str(root / "bin")}, tmp_path)


def test_yaml_is_not_imported_without_a_condarc(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from jupyter_envlink import condarc;"
        "found = condarc.load({}, pathlib.Path(sys.argv[1]));"
        "print(bool(found.sources) or 'yaml' not in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
