from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path

import pytest

from jupyter_envlink import activation
from jupyter_envlink.activation import ScriptVariables, variables
from jupyter_envlink.environment import Environment

from .prefixes import environment

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells")


def _env(tmp_path: Path, name: str = "finance", signature: str = "1") -> Environment:
    prefix = tmp_path / "envs" / name
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    return environment(str(prefix), name=name, signature=signature)


def _script(env: Environment, name: str, text: str) -> None:
    folder = Path(env.prefix, "etc", "conda", "activate.d")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def _state(env: Environment, content: object) -> None:
    Path(env.prefix, "conda-meta", "state").write_text(content if isinstance(content, str) else json.dumps(content))


@posix
def test_conda_s_own_variables(tmp_path: Path) -> None:
    env = _env(tmp_path)
    assert variables(env) == {
        "CONDA_PREFIX": env.prefix,
        "CONDA_DEFAULT_ENV": "finance",
        "CONDA_SHLVL": "1",
        "CONDA_PROMPT_MODIFIER": "(finance) ",
        "PATH": f"{env.prefix}/bin",
    }


def test_an_unnamed_environment_is_called_by_its_prefix(tmp_path: Path) -> None:
    env = environment(str(tmp_path / "project" / ".conda"))
    assert variables(env)["CONDA_DEFAULT_ENV"] == env.prefix


def test_a_base_is_called_base(tmp_path: Path) -> None:
    assert variables(environment(str(tmp_path), name="base", is_base=True))["CONDA_DEFAULT_ENV"] == "base"


def test_a_venv_has_its_own_variable(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    found = variables(environment(str(tmp_path), kind="venv"))
    assert found["VIRTUAL_ENV"] == str(tmp_path)
    assert "CONDA_PREFIX" not in found


@posix
def test_a_mere_python_has_its_path_alone(tmp_path: Path) -> None:
    assert variables(environment(str(tmp_path), kind="pyenv")) == {"PATH": f"{tmp_path}/bin"}


def test_env_vars_as_conda_sets_them(tmp_path: Path) -> None:
    env = _env(tmp_path)
    _state(env, {"env_vars": {"My_Var": "a $b `c`", "INT": 1, "NONE": None, "PATH": "/evil", "OFF": "***unset***"}})
    found = variables(env)
    assert (found["MY_VAR"], found["INT"], found["NONE"]) == ("a $b `c`", "1", "")
    assert "evil" not in found["PATH"]
    assert "OFF" not in found


def test_the_state_wins_over_packages_the_later_package_over_the_earlier(tmp_path: Path) -> None:
    env = _env(tmp_path)
    folder = Path(env.prefix, "etc", "conda", "env_vars.d")
    folder.mkdir(parents=True)
    (folder / "a.json").write_text('{"X": "a", "Y": "a", "Z": "a"}')
    (folder / "b.json").write_text('{"Y": "b", "Z": "b"}')
    _state(env, {"env_vars": {"Z": "state"}})
    assert [variables(env)[name] for name in "XYZ"] == ["a", "b", "state"]


@pytest.mark.parametrize(
    "garbage", ["{", "[]", '{"env_vars": []}', '{"env_vars": {"A=B": "x", "": "y", "N": "\\u0000"}}']
)
def test_garbage_in_the_state_hurts_nothing(tmp_path: Path, garbage: str) -> None:
    env = _env(tmp_path)
    plain = variables(env)
    _state(env, garbage)
    assert variables(env) == plain


def test_an_unreadable_state_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    env = _env(tmp_path)
    _state(env, "{")
    with caplog.at_level(logging.WARNING):
        variables(env)
    assert os.path.join("conda-meta", "state") in caplog.text


@posix
def test_scripts_are_run_in_order_and_remembered(tmp_path: Path) -> None:
    env = _env(tmp_path, "we ird $x 'q' \"d\" [y]")
    count = tmp_path / "count"
    _script(env, "a.sh", f'echo noise; echo x >> "{count}"; export FROM_SCRIPT="$CONDA_PREFIX"; export ORDER=a')
    _script(env, "b.sh", 'export ORDER="${ORDER}b"; export PATH="$CONDA_PREFIX/extra:$PATH"; export LINES2="1\n2"')
    scripts = ScriptVariables(tmp_path / "cache")
    assert scripts.get(env) is None
    scripts.compute(env)
    found = scripts.get(env)
    assert found is not None
    assert (found["FROM_SCRIPT"], found["ORDER"], found["LINES2"]) == (env.prefix, "ab", "1\n2")
    assert found["PATH"] == f"{env.prefix}/extra:{env.prefix}/bin"
    assert found["CONDA_DEFAULT_ENV"] == env.name
    assert not {"SHLVL", "PWD", "_", "ENVLINK_DUMP"} & found.keys()
    again = ScriptVariables(tmp_path / "cache")
    again.compute(env)
    assert again.get(env) == found
    assert count.read_text() == "x\n"


@posix
def test_a_new_signature_runs_them_again(tmp_path: Path) -> None:
    scripts = ScriptVariables(tmp_path / "cache")
    env = _env(tmp_path)
    _script(env, "a.sh", "export V=1")
    scripts.compute(env)
    _script(env, "a.sh", "export V=2")
    changed = _env(tmp_path, signature="2")
    assert scripts.get(changed) is None
    scripts.compute(changed)
    assert (scripts.get(changed) or {})["V"] == "2"


@posix
def test_what_another_process_computed_is_seen(tmp_path: Path) -> None:
    ours, theirs = ScriptVariables(tmp_path / "cache"), ScriptVariables(tmp_path / "cache")
    env = _env(tmp_path)
    _script(env, "a.sh", "export V=1")
    assert ours.get(env) is None
    before = ours.version
    theirs.compute(env)
    assert ours.version != before
    assert (ours.get(env) or {})["V"] == "1"


@posix
@pytest.mark.parametrize("bad", ["exit 0", "exit 3", "kill -9 $$"])
def test_a_failing_script_leaves_the_plain_variables(
    tmp_path: Path, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "cache")
    _script(env, "a.sh", bad)
    with caplog.at_level(logging.WARNING):
        scripts.compute(env)
        scripts.compute(env)
    assert scripts.get(env) is None
    assert len(caplog.records) == 1
    assert env.prefix in caplog.text


@posix
def test_a_hanging_script_is_ended(tmp_path: Path) -> None:
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "cache", time_limit=0.5)
    _script(env, "a.sh", "sleep 60")
    begin = time.monotonic()
    scripts.compute(env)
    assert time.monotonic() - begin < 5
    assert scripts.get(env) is None


@posix
def test_the_server_s_environment_does_not_reach_the_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/leak")
    monkeypatch.setenv("VIRTUAL_ENV", "/leak")
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "cache")
    _script(env, "a.sh", 'export SEEN="${PYTHONPATH-no}${VIRTUAL_ENV-no}"')
    scripts.compute(env)
    assert (scripts.get(env) or {})["SEEN"] == "nono"


@posix
def test_what_the_server_was_activated_with_does_not_hide_what_scripts_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "cache")
    _script(env, "a.sh", 'export DATA="$CONDA_PREFIX/share"; [ -n "$ONCE" ] || export ONCE="$CONDA_PREFIX/once"')
    monkeypatch.setenv("CONDA_PREFIX", "/server")
    monkeypatch.setenv("DATA", f"{env.prefix}/share")  # as where the server runs in this very environment
    monkeypatch.setenv("ONCE", "/server/once")
    monkeypatch.setenv("HOME", "/server/home")
    scripts.compute(env)
    found = scripts.get(env) or {}
    assert (found["DATA"], found["ONCE"]) == (f"{env.prefix}/share", f"{env.prefix}/once")
    assert "HOME" not in found


@posix
def test_without_scripts_nothing_is_run_or_written(tmp_path: Path) -> None:
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "cache")
    scripts.compute(env)
    assert not activation.has_scripts(env)
    assert scripts.get(env) is None
    assert not (tmp_path / "cache").exists()


@posix
def test_a_cache_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    env, scripts = _env(tmp_path), ScriptVariables(tmp_path / "file" / "cache")
    _script(env, "a.sh", "export V=1")
    scripts.compute(env)
    assert (scripts.get(env) or {})["V"] == "1"


def test_garbage_in_the_cache_counts_as_nothing(tmp_path: Path) -> None:
    env = _env(tmp_path)
    for garbage in ("{", "[]", '{"signature": "1", "variables": 3}'):
        (tmp_path / f"{env.id}.json").write_text(garbage)
        assert ScriptVariables(tmp_path).get(env) is None


def test_windows_has_more_folders() -> None:
    assert len(activation.bin_dirs("C:/e", platform="win32")) == 6
