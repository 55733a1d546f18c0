"""pyenv's versions, laid out as pyenv lays them out, with the Python that runs the tests."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from jupyter_envlink import activation
from jupyter_envlink.environment import Environment, State
from jupyter_envlink.locators import Roots, discover, look
from jupyter_envlink.locators.pyenv import PyenvLocator
from jupyter_envlink.locators.pythons import python_paths

from .test_locators import age, make, posix_only
from .venvs import VERSION, add_kernel, by_uv, by_venv

WINDOWS = sys.platform == "win32"


def version(root: Path, name: str = "3.99.1") -> Path:
    """``versions/NAME`` with a Python, which is a link to the running one."""
    prefix = Path(os.path.realpath(root)) / "versions" / name
    python = Path(python_paths(str(prefix))[0])
    python.parent.mkdir(parents=True)
    if WINDOWS:
        python.touch()
    else:
        (python.parent / f"python{VERSION}").symlink_to(os.path.realpath(sys.executable))
        python.symlink_to(f"python{VERSION}")
    (prefix / "lib" / f"python{VERSION}").mkdir(parents=True)
    return prefix


def identify(prefix: Path) -> Environment:
    found = look(str(prefix))
    assert found
    return found.environment


def code(environment: Environment) -> str | None:
    return environment.problem.code if environment.problem else None


def test_a_version_is_pyenv_s(tmp_path: Path) -> None:
    prefix = version(tmp_path / ".pyenv")
    bare = identify(prefix)
    assert (bare.kind, bare.name, bare.python_version) == ("pyenv", "pyenv 3.99.1", VERSION)
    assert (bare.state, code(bare), bare.python) == (State.NO_KERNEL, "no-kernel", python_paths(str(prefix))[0])
    add_kernel(prefix)
    ready = identify(prefix)
    assert (ready.state, ready.problem, len(ready.kernels), ready.writable) == (State.READY, None, 1, True)


def test_it_gets_a_path_and_no_virtual_env(tmp_path: Path) -> None:
    environment = identify(version(tmp_path / ".pyenv"))
    assert set(activation.variables(environment)) == {"PATH"}
    inside = identify(by_uv(Path(environment.prefix) / "envs" / "finance"))
    assert set(activation.variables(inside)) == {"PATH", "VIRTUAL_ENV"}


@pytest.mark.parametrize("variable", ["PYENV_ROOT", "HOME"])
def test_versions_and_the_virtual_environments_in_them_are_found(tmp_path: Path, variable: str) -> None:
    root = Path(os.path.realpath(tmp_path)) / ("elsewhere" if variable == "PYENV_ROOT" else "home/.pyenv")
    prefix = version(root)
    (root / "shims").mkdir()
    nested = by_venv(prefix / "envs" / "finance")
    (root / "versions" / "finance").symlink_to(nested, target_is_directory=True)
    conda = make(root / "versions" / "miniforge3-25.1")
    roots = Roots(home=str(tmp_path / "home"), environ={"PYENV_ROOT": str(root)} if variable == "PYENV_ROOT" else {})
    assert set(PyenvLocator().discover(roots)) == {str(prefix), str(nested), str(conda)}
    kinds = {path: identify(Path(path)).kind for path in discover(roots)}
    assert kinds == {str(prefix): "pyenv", str(nested): "venv", str(conda): "conda"}
    assert identify(nested).name == "finance"


def test_any_other_folder_called_versions_is_none(tmp_path: Path) -> None:
    prefix = version(tmp_path / "my software")
    assert look(str(prefix)) is None
    assert PyenvLocator().identify(str(tmp_path / ".pyenv" / "versions" / "gone")) is None


@posix_only
def test_python_is_gone_or_leads_nowhere(tmp_path: Path) -> None:
    prefix = version(tmp_path / ".pyenv")
    add_kernel(prefix)
    (prefix / "bin" / f"python{VERSION}").unlink()
    dangling = identify(prefix)
    assert (dangling.state, code(dangling), dangling.kernels) == (State.BROKEN, "dangling-link", ())
    (prefix / "bin" / "python").unlink()
    assert (identify(prefix).state, code(identify(prefix))) == (State.INCOMPLETE, "incomplete")
    (prefix / "bin" / "pip").touch()
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "python-missing")


def test_evidence_holds_until_something_changes(tmp_path: Path) -> None:
    prefix = version(tmp_path / ".pyenv")
    for change in (lambda: add_kernel(prefix), lambda: shutil.rmtree(prefix)):
        age(prefix)
        found = PyenvLocator().look(str(prefix))
        assert found
        assert found.evidence.holds()
        change()
        assert not found.evidence.holds()


@pytest.mark.skipif(not os.environ.get("PYENV_ROOT"), reason="pyenv is not installed here")
def test_real_versions() -> None:
    found = [look(prefix) for prefix in PyenvLocator().discover(Roots(environ=dict(os.environ)))]
    versions = [one.environment for one in found if one and one.environment.kind == "pyenv"]
    assert versions
    assert all(e.python_version and e.name == f"pyenv {os.path.basename(e.prefix)}" for e in versions)
    assert all(os.path.basename(e.prefix).startswith(f"{e.python_version}.") for e in versions)
