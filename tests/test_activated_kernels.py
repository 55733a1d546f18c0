"""What a kernel has in ``os.environ``, held against a shell in which its environment was activated."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uv
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from rattler.shell import ActivationVariables, Shell, activate

from jupyter_envlink.activation import BLANK, ScriptVariables, variables
from jupyter_envlink.bindings import Binding
from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import Environment
from jupyter_envlink.kernelspecs import link_all, spec
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from .channel import Channel
from .channel.handmade import ACTIVATED
from .prefixes import environment, real

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells")

NAMES = ("plain", "we ird $HOME [x] ü", 'it\'s "d"')
OWN = {"MINE": 'it\'s "mine": $HOME `x` ☕\n$$'}
STATE = {"FROM_STATE": "it's `set`, ü", "EMPTY": ""}

#: What the server has of its own environment, and what would be wrong in a kernel of another one.
LEAKS = {
    "CONDA_PREFIX": "/server",
    "CONDA_PREFIX_1": "/server/base",
    "CONDA_DEFAULT_ENV": "server",
    "CONDA_PROMPT_MODIFIER": "(server) ",
    "CONDA_SHLVL": "2",
    "VIRTUAL_ENV": "/server/venv",
    "VIRTUAL_ENV_PROMPT": "(server) ",
    "PYTHONPATH": "/server/lib",
    "PYTHONHOME": "/server",
    "ENVLINK_ACTIVATED": "the server's",
    "ENVLINK_SEEN": "/server",
}
#: What it has of the person, of conda's installation or of the administrator: kernels and shells have it too.
KEPT = {
    "CONDA_EXE": "/conda/bin/conda",
    "CONDA_PYTHON_EXE": "/conda/bin/python",
    "_CE_CONDA": "",
    "PIP_INDEX_URL": "https://mirror.example/simple",
    "PYTHONNOUSERSITE": "1",
    "PERSONAL": "a $b 'c'",
}


@dataclass(frozen=True)
class Differs:
    """A difference that is meant: what the kernel has there (``None``: anything), and why."""

    why: str
    kernel: str | None = None


_UNSET = "A kernel spec cannot remove what the server has, only empty it; "
_PROMPT = "the prompt of a terminal, which a kernel does not have"
_SHELL = "the shell's own"
_JUPYTER = "set by jupyter_client or ipykernel in every kernel"

DIFFERENCES: Mapping[str, Differs] = {
    "PYTHONHOME": Differs(f"{_UNSET}CPython takes it, when empty, for not set", ""),
    "PYTHONPATH": Differs(f"{_UNSET}CPython takes it, when empty, for not set", ""),
    "CONDA_PREFIX_1": Differs(f"{_UNSET}conda reads it only where CONDA_SHLVL is 2", ""),
    "VIRTUAL_ENV_PROMPT": Differs(_PROMPT, ""),
    "PS1": Differs(_PROMPT),
    **{name: Differs(_SHELL) for name in ("_", "SHLVL", "PWD", "OLDPWD")},
    **{name: Differs(_JUPYTER) for name in ("JPY_PARENT_PID", "JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL")},
    **{name: Differs(_JUPYTER) for name in ("TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER")},
    "MPLBACKEND": Differs(_JUPYTER),
    "MINE": Differs("the person's own, which only kernels have", OWN["MINE"]),
}
CONDA = {
    **DIFFERENCES,
    "VIRTUAL_ENV": Differs(f"{_UNSET}uv and ipykernel take it, when empty, for not set", ""),
    "CONDA_DEFAULT_ENV": Differs("conda sets it, rattler's activation does not"),
    "CONDA_PROMPT_MODIFIER": Differs("conda sets it, rattler's activation does not"),
}
VENV = {
    **DIFFERENCES,
    "CONDA_PREFIX": Differs(f"{_UNSET}conda and uv take it, when empty, for not set", ""),
    "CONDA_DEFAULT_ENV": Differs(f"{_UNSET}nothing but prompts reads it", ""),
    "CONDA_PROMPT_MODIFIER": Differs(_PROMPT, ""),
    "CONDA_SHLVL": Differs("what conda itself leaves where nothing is active", "0"),
    "ENVLINK_ACTIVATED": Differs("of the server's scripts: an empty value may mean something else than none"),
    "ENVLINK_SEEN": Differs("of the server's scripts: an empty value may mean something else than none"),
}


@pytest.fixture(scope="module")
def conda_envs(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conda") / "envs"
    for name in NAMES[:2]:
        made = real(channel.conda_forge, folder / name, ["python=3.11", "pip", "ipykernel", "envlink-activate"])
        (made / "conda-meta" / "state").write_text(json.dumps({"version": 1, "env_vars": STATE}))
    # Cloned: Python's own `_sysconfigdata` cannot hold a path with quotes, which is not what is tried here.
    shutil.copytree(folder / NAMES[0], folder / NAMES[2], symlinks=True, copy_function=os.link)
    return folder


@pytest.fixture(scope="module")
def venvs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by uv. The packages of the tests' own environment are lent to them, so that no index is asked."""
    folder = tmp_path_factory.mktemp("venvs")
    for name in NAMES:
        subprocess.run([uv.find_uv_bin(), "venv", "-q", "--python", sys.executable, folder / name], check=True)
        site = next((folder / name / "lib").glob("python*/site-packages"))
        (site / "lent.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    return folder


@pytest.fixture
def leaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is the server."""
    for name in os.environ:
        if name.startswith(("CONDA", "VIRTUAL_ENV", "PYTHON", "_CE")):
            monkeypatch.delenv(name)
    for name, value in {**LEAKS, **KEPT}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("leaking")
@pytest.mark.parametrize("name", NAMES)
def test_a_conda_kernel_is_as_in_an_activated_shell(conda_envs: Path, tmp_path: Path, name: str) -> None:
    env = environment(str(conda_envs / name), name=name)
    with _kernel(env, tmp_path) as run:
        found = _environ(run)
        _compare(found, _conda_shell(conda_envs, name), CONDA)
        assert found["ENVLINK_ACTIVATED"] == ACTIVATED
        assert found["ENVLINK_SEEN"] == found["CONDA_PREFIX"] == env.prefix
        assert (found["CONDA_DEFAULT_ENV"], found["CONDA_SHLVL"]) == (name, "1")
        assert _seen_by_commands(run) == [f"{env.prefix}/bin/python", env.prefix, env.prefix]
        # Paths with a `$` or a quote are nothing that the script `pip`, as packages write it, can run from.
        pip = run("!pip --version" if name == NAMES[0] else "!python -m pip --version")
        assert pip.partition(" from ")[2].startswith(env.prefix)


@pytest.mark.usefixtures("leaking")
@pytest.mark.parametrize("name", NAMES)
def test_a_venv_s_kernel_is_as_in_an_activated_shell(venvs: Path, tmp_path: Path, name: str) -> None:
    env = environment(str(venvs / name), name=name, kind="venv")
    with _kernel(env, tmp_path) as run:
        found = _environ(run)
        _compare(found, _venv_shell(venvs / name), VENV)
        assert found["VIRTUAL_ENV"] == env.prefix
        assert _seen_by_commands(run) == [f"{env.prefix}/bin/python", env.prefix, env.prefix]


@pytest.mark.usefixtures("leaking")
def test_a_mere_python_s_kernel_is_as_in_a_shell_with_its_path(tmp_path: Path, venvs: Path) -> None:
    """As pyenv's versions: a Python with a ``bin`` of its own, that is neither conda's nor a virtual environment."""
    base = Path(sys.base_prefix)
    env = environment(str(base), kind="pyenv", python=sys.executable, name="mere")
    with _kernel(env, tmp_path) as run:
        found = _environ(run)
    shell = _dumped(f'export PATH="{base}/bin:$PATH"')
    _compare(found, shell, {**VENV, "VIRTUAL_ENV": CONDA["VIRTUAL_ENV"]})


@pytest.mark.usefixtures("leaking")
def test_a_kernel_that_a_server_starts_has_nothing_of_the_server_s_environment(
    venvs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a spec can only empty is not there at all, and no program of the server's environment is found."""
    for name in ("ENVLINK_ACTIVATED", "ENVLINK_SEEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]]))
    python = str(venvs / "plain" / "bin" / "python")
    install = [python, "-m", "ipykernel", "install", "--prefix", str(venvs / "plain")]
    clean = {name: value for name, value in os.environ.items() if name not in LEAKS}
    subprocess.run(install, env=clean, check=True, capture_output=True)
    catalog = Catalog(environ={}, home=tmp_path, extra_roots=[str(venvs)], project_roots=[])
    specs = EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(tmp_path), kernel_dirs=[])

    with _running(KernelManager(kernel_name="plain", kernel_spec_manager=specs), tmp_path) as run:
        found = _environ(run)

    assert found.keys() & LEAKS.keys() == {"VIRTUAL_ENV"}
    assert found["VIRTUAL_ENV"] == str(venvs / "plain")
    folders = found["PATH"].split(os.pathsep)
    assert folders[0] == str(venvs / "plain" / "bin")
    assert f"{sys.prefix}/bin" not in folders
    shell = [folder for folder in _path(_venv_shell(venvs / "plain")) if folder != f"{sys.prefix}/bin"]
    assert _path(found) == shell


def test_uv_and_python_take_empty_for_not_set(venvs: Path, tmp_path: Path) -> None:
    """What the reasons above say of other programs, where these are at hand."""
    python = venvs / "plain" / "bin" / "python"
    code = "import sys; print(sys.prefix, sys.path)"
    uv_find = [uv.find_uv_bin(), "python", "find"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CONDA", "VIRTUAL", "PYTHON"))}
    plain["PATH"] = f"{python.parent}{os.pathsep}{plain['PATH']}"
    for command in ([python, "-c", code], uv_find):
        said = [
            subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=True)
            for environ in (plain, {**plain, **BLANK})
        ]
        assert (said[0].stdout, said[0].stderr) == (said[1].stdout, said[1].stderr)


@contextmanager
def _kernel(env: Environment, folder: Path) -> Iterator[Callable[[str], str]]:
    """Run a cell on a kernel of ``env``, started by jupyter_client alone from the spec on the disk; what it prints."""
    kernels = folder / "kernels"
    (kernels / "tried").mkdir(parents=True)
    (kernels / "tried" / "kernel.json").write_text(json.dumps(_spec(env, folder)))
    manager = KernelManager(kernel_name="tried", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(kernels)]))
    with _running(manager, folder) as run:
        yield run


@contextmanager
def _running(manager: KernelManager, folder: Path) -> Iterator[Callable[[str], str]]:
    manager.start_kernel(cwd=str(folder))
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield partial(_printed, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _spec(env: Environment, folder: Path) -> dict[str, Any]:
    scripts = ScriptVariables(folder / "activation")
    scripts.compute(env)
    found = scripts.get(env)
    assert (found is None) == (env.kind != "conda")
    link = link_all([env], {env.prefix: Binding(variables=OWN)}, set())[0]
    return spec(link, variables(env) if found is None else found)


def _printed(client: BlockingKernelClient, code: str) -> str:
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        assert message["msg_type"] != "error", message["content"]
        said.append(message["content"].get("text", ""))

    client.execute_interactive(code, timeout=60, output_hook=hear)
    return "".join(said).strip()


def _environ(run: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(run("import os, json; print(json.dumps(dict(os.environ)))"))
    return found


def _seen_by_commands(run: Callable[[str], str]) -> list[str]:
    """Which Python a shell line finds, and which prefix it and one started by ``subprocess`` have."""
    code = """
import json, subprocess
line = get_ipython().getoutput("which python")[0]
prefix = get_ipython().getoutput("python -c 'import sys; print(sys.prefix)'")[0]
child = subprocess.run(["python", "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True).stdout.strip()
print(json.dumps([line, prefix, child]))
"""
    found: list[str] = json.loads(run(code))
    return found


def _conda_shell(envs: Path, name: str) -> dict[str, str]:
    """The environment's twin at a plain path, activated by rattler, whose script lets bash expand a ``$`` in a path."""
    twin = envs / NAMES[0]
    found = _dumped(activate(twin, ActivationVariables(None), Shell.bash).script)
    return {key: value.replace(str(twin), str(envs / name)) for key, value in found.items()}


def _venv_shell(prefix: Path) -> dict[str, str]:
    return _dumped('. "$0/bin/activate"', str(prefix))


def _dumped(script: str, *arguments: str) -> dict[str, str]:
    """The variables of a shell of the same person, in which nothing was active before it ran ``script``."""
    environ = {name: value for name, value in os.environ.items() if name not in LEAKS}
    argv = ["bash", "--norc", "-c", f"{script}\nexec env -0", *arguments]
    done = subprocess.run(argv, env=environ, capture_output=True, check=True)
    return dict(entry.split("=", 1) for entry in done.stdout.decode().split("\0") if entry)


def _compare(kernel: Mapping[str, str], shell: Mapping[str, str], meant: Mapping[str, Differs]) -> None:
    assert _path(kernel) == _path(shell)
    names = (kernel.keys() | shell.keys()) - {"PATH"}
    differing = {name: (kernel.get(name), shell.get(name)) for name in names if kernel.get(name) != shell.get(name)}
    assert {name: values for name, values in differing.items() if name not in meant} == {}
    told = {name: meant[name].kernel for name in differing if meant[name].kernel is not None}
    assert {name: kernel.get(name) for name in told} == told


def _path(environ: Mapping[str, str]) -> list[str]:
    """Its folders, each at its first place: rattler writes some twice."""
    return list(dict.fromkeys(environ["PATH"].split(os.pathsep)))
