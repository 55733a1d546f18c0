from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_envlink import condarc
from jupyter_envlink.channels import resolve
from jupyter_envlink.condarc import keys, unsupported
from jupyter_envlink.network import network_of
from jupyter_envlink.pins import pins_of


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
    named = _write(tmp_path / "named.yml", text)
    _write(tmp_path / "ca.pem", "")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.default_channels
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
    named = _write(tmp_path / "named.yml", f"ssl_verify: {written}\n")
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
    named = _write(tmp_path / "named.yml", "channels: [good]\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.channels[0] == "good"
    assert any(said in problem for problem in found.problems)


def test_a_missing_condarc_is_reported(tmp_path: Path) -> None:
    found = condarc.load({"CONDARC": str(tmp_path / "nowhere")}, tmp_path)
    assert any("nowhere" in problem for problem in found.problems)


def test_root_prefixes_exist_are_absolute_and_come_once(tmp_path: Path) -> None:
    named = _root(tmp_path / "named.yml")
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


def test_certificates_that_are_not_there_are_said_and_the_systems_are_used(tmp_path: Path) -> None:
    named = _write(tmp_path / "named.yml", "ssl_verify: ~/nowhere.pem\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.ssl_verify is True
    assert any("nowhere.pem" in problem for problem in found.problems)


def test_a_condarc_of_another_name_is_ignored_as_conda_does_and_said(tmp_path: Path) -> None:
    named = _write(tmp_path / "settings.txt", "channels: [mine]\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert "mine" not in found.channels
    assert any("settings.txt" in problem for problem in found.problems)


def test_condarc_may_name_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.txt"):
        _write(tmp_path / "many" / name, f"channels: [{name[0]}]\n")
    assert condarc.load({"CONDARC": str(tmp_path / "many")}, tmp_path).channels[:2] == ("b", "a")


def test_a_file_counts_once_at_the_first_of_its_places(tmp_path: Path) -> None:
    """conda keeps its files in a dictionary by path, so that ``CONDARC=~/.condarc`` makes that no stronger."""
    home = _write(tmp_path / ".condarc", "channels: [home]\n")
    _write(tmp_path / "active/.condarc", "channels: [active]\n")
    environ = {"CONDARC": str(home), "CONDA_PREFIX": str(tmp_path / "active")}
    assert condarc.load(environ, tmp_path).channels[:2] == ("active", "home")


def test_the_condarc_of_the_environment_that_is_changed_counts_not_the_active_one(tmp_path: Path) -> None:
    for name in ("active", "changed"):
        _write(tmp_path / name / ".condarc", f"channels: [{name}]\n")
    environ = {"CONDA_PREFIX": str(tmp_path / "active")}
    assert condarc.load(environ, tmp_path).channels[:1] == ("active",)
    assert condarc.load(environ, tmp_path, str(tmp_path / "changed")).channels[:1] == ("changed",)
    assert "active" not in condarc.load(environ, tmp_path, "").channels


MARKED = """
channels:
  - low
  - first       #!top
  - both
  - last        #!bottom
custom_channels:
  lab: https://one.example   #!final
  open: https://one.example
channel_alias: https://final.example   #!final
envs_dirs:      #!final
  - /one
"""


def test_marks_of_a_condarc_mean_what_they_do_to_conda(tmp_path: Path) -> None:
    root = _root(tmp_path / "root")
    _write(root / ".condarc", MARKED)
    strong = "channels: [high, both]\nenvs_dirs: [/two]\nchannel_alias: https://strong.example\n"
    strong += "custom_channels: {lab: https://two.example, open: https://two.example}\n"
    _write(tmp_path / ".condarc", strong)
    found = condarc.load({"CONDA_ROOT": str(root), "CONDA_ENVS_DIRS": "/three"}, tmp_path)
    assert found.channels == ("first", "high", "both", "low", "last")
    assert found.channel_alias == "https://final.example"
    assert dict(found.custom_channels) == {"lab": "https://one.example", "open": "https://two.example"}
    assert found.envs_dirs == (os.path.abspath("/one"),)


@pytest.mark.parametrize(
    "text", ["channels: [one]  #!final\n", "channels:  #!final\n- one\n", "channels: # !final\n- one\n"]
)
def test_final_is_found_on_lines_of_each_form(tmp_path: Path, text: str) -> None:
    root = _root(tmp_path / "root")
    _write(root / ".condarc", text)
    _write(tmp_path / ".condarc", "channels: [two]\n")
    final = ("one",) if "# !" not in text else ("two", "one")
    assert condarc.load({"CONDA_ROOT": str(root)}, tmp_path).channels == final


def test_variables_are_as_strong_as_conda_has_them(tmp_path: Path) -> None:
    _write(tmp_path / ".condarc", "channels: [home]\noffline: true\npinned_packages: [a]\n")
    environ = {
        "CONDA_CHANNELS": "one, two",
        "CONDA_OFFLINE": "0",
        "CONDA_PINNED_PACKAGES": "numpy 1.26.* & python=3.11",
        "CONDA_CREATE_DEFAULT_PACKAGES": "pip,ipykernel",
        "CONDA_WHITELIST_CHANNELS": "conda-forge",
        "CONDA_DENYLIST_CHANNELS": "defaults",
        "CONDA_CUSTOM_CHANNELS": "lab",
    }
    found = condarc.load(environ, tmp_path)
    assert found.channels == ("one", "two", "home")
    assert found.offline is False
    assert found.pinned_packages == ("numpy 1.26.*", "python=3.11", "a")
    assert found.create_default_packages == ("pip", "ipykernel")
    assert (found.allowlist_channels, found.denylist_channels) == (("conda-forge",), ("defaults",))
    assert any("custom_channels must be a mapping" in problem for problem in found.problems)


def test_variables_in_values_are_expanded_where_conda_does(tmp_path: Path) -> None:
    text = """
channels: [$ONE, "https://${USER_}:$KEY@x.example/c"]
channel_alias: https://$ONE.example
custom_channels: {lab: "https://$ONE.example"}
custom_multichannels: {ours: [$ONE]}
pinned_packages: [$ONE]
proxy_servers: {http: "http://$USER_:$KEY@proxy:1"}
"""
    named = _write(tmp_path / "named.yml", text)
    found = condarc.load({"CONDARC": str(named), "ONE": "1", "USER_": "me", "KEY": "swordfish"}, tmp_path)
    assert found.channels == ("1", "https://me:swordfish@x.example/c")
    assert found.channel_alias == "https://1.example"
    assert (dict(found.custom_channels), dict(found.custom_multichannels)) == (
        {"lab": "https://1.example"},
        {"ours": ("1",)},
    )
    assert found.pinned_packages == ("$ONE",)
    assert found.proxy_servers["http"] == "http://me:swordfish@proxy:1"
    assert "swordfish" not in repr(found)


def test_no_default_channels_and_none_at_all_are_two_things(tmp_path: Path) -> None:
    assert condarc.load({}, tmp_path).default_channels is None
    named = _write(tmp_path / "named.yml", "default_channels: []\n")
    assert condarc.load({"CONDARC": str(named)}, tmp_path).default_channels == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("solver: classic", "solver"),
        ("subdir: zos-z", "subdir"),
        ("repodata_fns: [current_repodata.json]", "repodata_fns"),
        ("safety_checks: disabled", "safety_checks"),
        ("experimental: [jlap]", "experimental"),
        ("aggressive_update_packages: [openssl]", "aggressive_update_packages"),
        ("track_features: [nomkl]", "track_features"),
        ("restore_free_channel: true", "restore_free_channel"),
        ("use_only_tar_bz2: yes", "use_only_tar_bz2"),
        ("channel_settings: [{channel: lab, auth: plugin}]", "channel_settings"),
        ("client_cert: /key.pem", "client_ssl_cert"),
        ("override_virtual_packages: {cuda: '12'}", "virtual_packages"),
        ("exclude_newer: 7d", "exclude_newer"),
        ("chanels: [a]", "is channels meant"),
    ],
)
def test_what_is_not_supported_is_said_where_it_is_set(tmp_path: Path, text: str, said: str) -> None:
    named = _write(tmp_path / "named.yml", text + "\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path).unsupported
    assert len([sentence for sentence in found if said in sentence and str(named) in sentence]) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("solver: libmamba", "solver: ~", "use_only_tar_bz2: false", "repodata_fns: [repodata.json]"),
        *("track_features: []", "safety_checks: warn", "changeps1: false", "auto_activate_base: false"),
    ],
)
def test_what_changes_nothing_is_not_mentioned(tmp_path: Path, text: str) -> None:
    named = _write(tmp_path / "named.yml", text + "\n")
    assert condarc.load({"CONDARC": str(named)}, tmp_path).unsupported == ()


def test_two_names_of_one_key_in_one_file_are_said(tmp_path: Path) -> None:
    named = _write(tmp_path / "named.yml", "verify_ssl: false\nssl_verify: true\n")
    found = condarc.load({"CONDARC": str(named)}, tmp_path)
    assert found.ssl_verify is True
    assert any("verify_ssl" in problem for problem in found.problems)


def test_problems_hold_no_secrets(tmp_path: Path) -> None:
    named = _write(tmp_path / "named.yml", "channels: https://me:swordfish@x.example/t/swordfish/c\n")
    assert "swordfish" not in str(condarc.load({"CONDARC": str(named)}, tmp_path).problems)


def test_the_tokens_of_anaconda_client_are_found_unless_they_are_not_wanted(tmp_path: Path) -> None:
    _write(tmp_path / "client/data/https%3A%2F%2Fapi.example.org.token", "tk-1\n")
    environ = {"BINSTAR_CONFIG_DIR": str(tmp_path / "client")}
    tokens = condarc.load(environ, tmp_path).tokens
    assert dict(tokens) == {"https://api.example.org": "tk-1", "https://conda.example.org": "tk-1"}
    assert condarc.load({**environ, "CONDA_ADD_ANACONDA_TOKEN": "false"}, tmp_path).tokens == {}


def test_local_is_what_conda_build_has_left(tmp_path: Path) -> None:
    root = _root(tmp_path / "root")
    for folder in (root / "conda-bld", tmp_path / "conda-bld", tmp_path / "croot"):
        folder.mkdir()
    named = _write(tmp_path / "named.yml", "croot: ~/croot\nbld_path: ~/nowhere\n")
    found = condarc.load({"CONDARC": str(named), "CONDA_ROOT": str(root)}, tmp_path)
    assert found.local_folders == tuple(map(str, (tmp_path / "croot", root / "conda-bld", tmp_path / "conda-bld")))


_SCALARS = st.sampled_from(
    ["a", "$A", "~", "true", "1", "-1.5", "2020-01-01", "", "https://u:p@h/t/x/c", "#!top", "&x", "*x"]
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _SCALARS, st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_SCALARS, inner, max_size=3)),
    max_leaves=6,
)
_KEYS = st.sampled_from(sorted(keys.KNOWN | set(keys.ALIASES)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(_KEYS, _VALUES, max_size=5), other=_VALUES)
def test_whatever_a_condarc_holds_it_is_read_to_its_end(
    tmp_path: Path, content: dict[str, object], other: object
) -> None:
    named = _write(tmp_path / "named.yml", json.dumps(content))
    found = condarc.load({"CONDARC": str(named), "CONDA_CHANNELS": str(other)[:50].replace("\0", "")}, tmp_path)
    resolve(["conda-forge", "defaults"], ["x::y"], found, {})
    network_of(found, {})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(_KEYS, st.text("- []{}:,#!finaltop&*\"'|>", max_size=20)), max_size=4))
def test_whatever_text_a_condarc_is_it_is_read_to_its_end(tmp_path: Path, lines: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{key}: {rest}" for key, rest in lines)
    named = _write(tmp_path / "named.yml", text)
    condarc.load({"CONDARC": str(named)}, tmp_path)


def test_a_condarc_that_holds_itself_is_said(tmp_path: Path) -> None:
    named = _write(tmp_path / "named.yml", "channels: &a [*a]\n")
    assert condarc.load({"CONDARC": str(named)}, tmp_path).problems


PAGE = Path(__file__).parent.parent / "docs" / "channels.md"


def test_the_example_of_the_documentation_does_what_it_says(tmp_path: Path) -> None:
    """The channels of the base installation are final."""
    root = _root(tmp_path / "root")
    example = PAGE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    _write(root / ".condarc", example)
    _write(tmp_path / ".condarc", "channels: [mine]\n")
    assert condarc.load({"CONDA_ROOT": str(root), "CONDA_CHANNELS": "more"}, tmp_path).channels == ("conda-forge",)


def test_the_documentation_names_every_key_that_is_known() -> None:
    """And says of each that has no effect that it has none."""
    page = PAGE.read_text(encoding="utf-8")
    said = set(re.findall(r"[a-z][a-z0-9_]+", page))
    implied = {"client_ssl_cert_key", "exclude_newer_package", "subdirs", "conda_build"}
    assert keys.KNOWN - implied <= said
    without_effect = set(re.findall(r"`([a-z0-9_]+)`", page.rpartition("Set, but without effect")[2]))
    named_elsewhere = {"channel_settings", "client_ssl_cert", "virtual_packages"}
    assert without_effect | named_elsewhere == set(unsupported.SENTENCES) - implied


def test_every_key_has_one_kind() -> None:
    kinds = (keys.LISTS.keys(), keys.MAPS, keys.SINGLES)
    assert sum(map(len, kinds)) == len(keys.KNOWN)
    assert set(keys.ALIASES.values()) | keys.EXPANDED | set(unsupported.SENTENCES) <= keys.KNOWN


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "a/" * 3000])
def test_an_environment_that_cannot_be_has_no_condarc(tmp_path: Path, name: str) -> None:
    prefix = f"{tmp_path}/{name}"
    assert condarc.load({}, tmp_path, prefix).problems == ()
    assert pins_of(condarc.Condarc(pinned_packages=("python",)), prefix).constraints == ()
