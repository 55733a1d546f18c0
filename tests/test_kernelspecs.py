from __future__ import annotations

import os
import re
import string
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec

from jupyter_envlink.activation import variables
from jupyter_envlink.bindings import Binding
from jupyter_envlink.environment import Environment, State
from jupyter_envlink.kernelspecs import Link, conda_metadata, link_all, spec

from .prefixes import environment, python_kernel, r_kernel

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
VARIABLES = {"CONDA_PREFIX": "/envs/a", "PATH": "/envs/a/bin"}


def _link(env: Environment) -> Link:
    return link_all([env], {}, set())[0]


def _spec(env: Environment, values: dict[str, str] | None = None) -> dict[str, Any]:
    return spec(_link(env), VARIABLES if values is None else values)


@pytest.mark.parametrize("state", [State.NO_KERNEL, State.BROKEN, State.BUILDING, State.INCOMPLETE])
def test_only_ready_environments_are_linked(state: State) -> None:
    assert link_all([environment("/envs/a", state=state)], {}, set()) == ()


def test_detached_environments_are_not_linked() -> None:
    env = environment("/envs/a")
    assert link_all([env], {env.prefix: Binding("a", False)}, set()) == ()
    assert link_all([env], {env.prefix: Binding("a", True)}, set())[0].attached is True


def test_display_names_say_the_environment_first() -> None:
    env = environment("/envs/finance", kernels=(python_kernel(), r_kernel()))
    assert [link.display_name for link in link_all([env], {}, set())] == ["finance (Python 3.11)", "finance (R)"]
    unknown = replace(env, python_version=None)
    assert link_all([unknown], {}, set())[0].display_name == "finance (Python)"


def test_equal_display_names_are_told_apart_by_their_folder_then_by_more() -> None:
    prefixes = ["/home/u/miniconda3/envs/x", "/opt/conda/envs/x", "/srv/conda/envs/x"]
    titles = [link.display_name for link in link_all(map(environment, prefixes), {}, set())]
    assert "x (Python 3.11)" in titles
    assert "x [conda] (Python 3.11)" in titles
    assert len(set(titles)) == 3


def test_a_foreign_display_name_is_not_taken() -> None:
    links = link_all([environment("/opt/conda/envs/x")], {}, set(), ["x (Python 3.11)"])
    assert links[0].display_name == "x [conda] (Python 3.11)"


def test_a_newline_in_a_name_does_not_break_the_menu() -> None:
    assert "\n" not in _link(environment("/envs/a\nb")).display_name


@pytest.mark.parametrize(
    "word", ["python", "python3", "python3.11", "pythonw.exe", "/old/place/bin/python", "/envs/a/bin/python3.11"]
)
def test_whatever_is_called_python_is_the_environment_s(word: str) -> None:
    kernel = python_kernel(argv=(word, "-m", "ipykernel_launcher", "-f", "{connection_file}"))
    argv = _spec(environment("/envs/a", kernels=(kernel,)))["argv"]
    assert argv == ["/envs/a/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def test_another_language_written_in_python_keeps_the_python_that_has_it(tmp_path: Path) -> None:
    """`python -m bash_kernel.install --prefix ENV` writes its own Python, wherever that is."""
    (tmp_path / "python3").write_text("")
    for word, expected in (
        (str(tmp_path / "python3"), str(tmp_path / "python3")),
        ("/gone/python3", "/envs/a/bin/python"),
    ):
        kernel = python_kernel(
            name="bash", language="bash", argv=(word, "-m", "bash_kernel", "-f", "{connection_file}")
        )
        assert _spec(environment("/envs/a", kernels=(kernel,)))["argv"][0] == expected


@posix
def test_another_bare_command_is_looked_for_in_the_environment(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "R"
    program.parent.mkdir()
    program.write_text("")
    program.chmod(0o755)
    env = environment(str(tmp_path), kernels=(r_kernel(), python_kernel(name="x", argv=("other-command",))))
    argvs = {link.kernel.name: spec(link, VARIABLES)["argv"] for link in link_all([env], {}, set())}
    assert argvs["ir"][0] == str(program)
    assert argvs["x"] == ["other-command"]


def test_placeholders_that_would_mean_the_server_mean_the_environment() -> None:
    kernel = python_kernel(argv=("{prefix}/bin/x", "{resource_dir}/y", "{connection_file}"), resource_dir="/r")
    argv = _spec(environment("/envs/a", kernels=(kernel,)))["argv"]
    assert argv == ["/envs/a/bin/x", "/r/y", "{connection_file}"]


def test_what_the_server_would_leak_is_blanked_unless_the_environment_sets_it() -> None:
    env = _spec(environment("/envs/a"))["env"]
    assert (env["PYTHONHOME"], env["PYTHONPATH"], env["VIRTUAL_ENV"]) == ("", "", "")
    assert _spec(environment("/envs/a"), {**VARIABLES, "PYTHONPATH": "/mine"})["env"]["PYTHONPATH"] == "/mine"


@posix
def test_jupyter_s_substitution_gives_back_the_very_values() -> None:
    prefix = "/envs/we$ird ${PATH} $$ 'q' \"d\" ü"
    env = environment(prefix)
    written = _spec(env, dict(variables(env)))["env"]
    read = {name: string.Template(value).safe_substitute({"PATH": "/usr/bin"}) for name, value in written.items()}
    assert read["CONDA_PREFIX"] == prefix
    assert read["PATH"] == f"{prefix}/bin:/usr/bin"


@posix
def test_the_kernel_s_own_entries_win_and_its_path_goes_on() -> None:
    kernel = python_kernel(env={"OWN": "${HOME}/x", "CONDA_PREFIX": "/own", "PATH": "/tools:$PATH"})
    env = _spec(environment("/envs/a", kernels=(kernel,)))["env"]
    assert (env["OWN"], env["CONDA_PREFIX"]) == ("${HOME}/x", "/own")
    assert env["PATH"] == "/tools:/envs/a/bin:${PATH}"


def test_what_the_author_said_is_kept() -> None:
    kernel = python_kernel(interrupt_mode="message", protocol_version="5.5", metadata={"debugger": True})
    env = environment("/envs/a", kernels=(kernel,))
    found = _spec(env)
    assert (found["interrupt_mode"], found["kernel_protocol_version"], found["language"]) == (
        "message",
        "5.5",
        "python",
    )
    own = {"id": env.id, "prefix": "/envs/a", "kind": "conda", "name": "a"}
    assert found["metadata"] == {"debugger": True, "envlink": own}
    assert "kernel_protocol_version" not in _spec(environment("/envs/b"))


def test_jupyter_client_understands_every_key() -> None:
    assert set(_spec(environment("/envs/a"))) <= set(KernelSpec.class_trait_names())


def test_nb_conda_kernels_keys() -> None:
    link = _link(environment(os.path.realpath(sys.prefix), name="base", is_base=True))
    assert conda_metadata(link.environment, link.kernel) == {
        "conda_env_name": "base",
        "conda_env_path": os.path.realpath(sys.prefix),
        "conda_language": "Python",
        "conda_raw_kernel_name": "python3",
        "conda_is_base_environment": True,
        "conda_is_currently_running": True,
    }


def test_every_name_is_one_that_jupyter_takes() -> None:
    for name in ("a b", "ü", "--prefix=x", "..", "x" * 300, "🐍"):
        assert re.fullmatch(r"[a-z0-9._-]+", _link(environment(f"/envs/{name}")).name)


def test_only_own_or_attached_environments_are_run_unasked() -> None:
    shared = environment("/srv/a", writable=False)
    assert not _link(shared).is_own
    assert link_all([shared], {shared.prefix: Binding(None, True)}, set())[0].is_own
    assert _link(environment("/envs/a", writable=None)).is_own


def test_the_person_s_own_variables_come_last_and_literally() -> None:
    kernel = python_kernel(env={"OWN": "kernel", "CONDA_PREFIX": "/own"})
    env = environment("/envs/a", kernels=(kernel,))
    bound = {env.prefix: Binding(variables={"OWN": "mine ${HOME} $$", "PYTHONPATH": "/src"})}
    written = spec(link_all([env], bound, set())[0], VARIABLES)["env"]
    read = {name: string.Template(value).safe_substitute({"HOME": "/home/u"}) for name, value in written.items()}
    assert (read["OWN"], read["PYTHONPATH"], read["CONDA_PREFIX"]) == ("mine ${HOME} $$", "/src", "/own")
