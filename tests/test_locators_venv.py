"""Virtual environments as venv, virtualenv and uv really make them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.environment import Environment, State
from jupyter_envlink.locators import Roots, look
from jupyter_envlink.locators.conda import CondaLocator
from jupyter_envlink.locators.pythons import venv_python
from jupyter_envlink.locators.venv import VenvLocator

from .test_locators import age, as_nobody, open_path, posix_only  # noqa: F401
from .venvs import KERNEL, VERSION, add_kernel, by_uv, by_venv, by_virtualenv

MAKERS = {"venv": by_venv, "uv": by_uv, "virtualenv": by_virtualenv}
made_by_each = pytest.mark.parametrize("kind", MAKERS)


def identify(prefix: Path) -> Environment:
    found = VenvLocator().identify(str(prefix))
    assert found
    return found


def code(environment: Environment) -> str | None:
    return environment.problem.code if environment.problem else None


@made_by_each
def test_each_is_known_by_what_made_it(tmp_path: Path, kind: str) -> None:
    prefix = MAKERS[kind](tmp_path / "finance")
    bare = identify(prefix)
    assert (bare.kind, bare.name, bare.prefix) == (kind, "finance", str(prefix))
    assert (bare.state, code(bare), bare.python_version) == (State.NO_KERNEL, "no-kernel", VERSION)
    assert (bare.writable, bare.frozen, bare.language) == (True, False, "python")
    add_kernel(prefix)
    ready = identify(prefix)
    assert (ready.state, ready.problem, [kernel.name for kernel in ready.kernels]) == (State.READY, None, ["python3"])
    assert ready.python
    command = [ready.python, "-c", "import sys; print(sys.prefix)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == str(prefix)


@made_by_each
def test_it_is_never_taken_for_conda_s(tmp_path: Path, kind: str) -> None:
    conda = tmp_path / "conda"
    (conda / "conda-meta").mkdir(parents=True)
    inside = MAKERS[kind](conda / "venv")
    assert CondaLocator().identify(str(inside)) is None
    found, around = look(str(inside)), look(os.path.realpath(conda))
    assert found
    assert around
    assert (found.environment.kind, around.environment.kind) == (kind, "conda")


def test_a_conda_prefix_with_a_venv_laid_over_it_stays_conda_s(tmp_path: Path) -> None:
    prefix = by_venv(tmp_path / "both")
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta" / "history").write_text("==> 2026-01-01 00:00:00 <==\n")
    found = look(str(prefix))
    assert found
    assert found.environment.kind == "conda"


def test_what_has_no_pyvenv_cfg_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "odd" / "pyvenv.cfg").mkdir(parents=True)
    (tmp_path / "file").touch()
    for name in ("folder", "odd", "file", "gone", "x" * 300):
        assert VenvLocator().identify(str(tmp_path / name)) is None


def test_kernels_of_any_language(tmp_path: Path) -> None:
    prefix = by_venv(tmp_path / "env")
    add_kernel(prefix, {"argv": ["bash"], "display_name": "Bash", "language": "bash"}, "bash")
    found = identify(prefix)
    assert (found.state, [kernel.language for kernel in found.kernels]) == (State.READY, ["bash"])
    add_kernel(prefix)
    assert [kernel.name for kernel in identify(prefix).kernels] == ["bash", "python3"]


@posix_only
@made_by_each
def test_the_base_python_was_removed(tmp_path: Path, kind: str) -> None:
    base = tmp_path / "base" / "bin" / "python"
    prefix = add_kernel(MAKERS[kind](tmp_path / "env")).parents[4]
    for link in (prefix / "bin").glob("python*"):
        if link.is_symlink():
            link.unlink()
            link.symlink_to(base)
    found = identify(prefix)
    assert (found.state, code(found), found.python, found.kernels) == (State.BROKEN, "dangling-link", None, ())
    assert found.problem
    assert str(base) in found.problem.message
    assert found.python_version == VERSION


def test_python_is_gone(tmp_path: Path) -> None:
    prefix = by_uv(tmp_path / "env")
    Path(venv_python(str(prefix))).unlink()
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "python-missing")


@pytest.mark.parametrize("half", ["no bin", "empty bin"])
def test_a_venv_in_the_making(tmp_path: Path, half: str) -> None:
    prefix = by_venv(tmp_path / "env")
    folder = Path(venv_python(str(prefix))).parent
    shutil.rmtree(folder)
    if half == "empty bin":
        folder.mkdir()
    assert (identify(prefix).state, code(identify(prefix))) == (State.INCOMPLETE, "incomplete")


def test_made_for_another_system(tmp_path: Path) -> None:
    prefix = by_venv(tmp_path / "env")
    here = Path(venv_python(str(prefix))).parent
    there = Path(venv_python(str(prefix), windows=sys.platform != "win32"))
    shutil.rmtree(here)
    there.parent.mkdir()
    there.touch()
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "wrong-platform")


def test_a_broken_kernel_is_told_and_a_good_one_beside_it_is_offered(tmp_path: Path) -> None:
    prefix = by_uv(tmp_path / "env")
    file = add_kernel(prefix, "{garbage", "bad")
    found = identify(prefix)
    assert (found.state, code(found)) == (State.BROKEN, "kernel-broken")
    assert found.problem
    assert str(file) in found.problem.message
    add_kernel(prefix)
    found = identify(prefix)
    assert (found.state, code(found), len(found.kernels)) == (State.READY, "kernel-broken", 1)


@posix_only
def test_a_path_that_jupyter_would_rewrite(tmp_path: Path) -> None:
    prefix = by_uv(tmp_path / "{connection_file}")
    add_kernel(prefix)
    assert (identify(prefix).state, code(identify(prefix))) == (State.BROKEN, "unsupported-path")


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        ("version = 3.9.1\n", "venv", "3.9"),
        ("VERSION=3.9.1\nUV = 0.5\n", "uv", "3.9"),
        ("virtualenv = 20.0\nversion_info = 3.8.2.final.0\n", "virtualenv", "3.8"),
        ("version = 3.9.1\nprompt = uv = 3\n", "venv", "3.9"),
        ("home = /x\nprompt = uv\nversion = 3.9.1\nuv = 0.5\n", "uv", "3.9"),
        ("home = /x\nprompt = uv\nprompt = version\nversion = 3.9.1", "venv", "3.9"),
        ("prompt = a\nversion = 3.9.1\nprompt = b", "venv", "3.9"),
        ("version = 3.9.1\nprompt", "venv", "3.9"),
        ("nonsense\n\0\xff=\n= =\n", "venv", VERSION),
        ("", "venv", VERSION),
    ],
)
def test_what_pyvenv_cfg_says(tmp_path: Path, text: str, kind: str, version: str) -> None:
    prefix = by_venv(tmp_path / "env")
    (prefix / "pyvenv.cfg").write_text(text, encoding="latin-1")
    assert (identify(prefix).kind, identify(prefix).python_version) == (kind, version)


def test_the_kernel_of_the_base_serves_a_venv_that_takes_its_packages(tmp_path: Path) -> None:
    """Real: the base is a folder of its own, as this Python's may have no kernel."""
    prefix = by_venv(tmp_path / "env", system_site_packages=True)
    home = tmp_path / "base" / ("" if sys.platform == "win32" else "bin")
    config = prefix / "pyvenv.cfg"
    lines = [line for line in config.read_text().splitlines() if not line.startswith("home")]
    config.write_text("\n".join([*lines, f"home = {home}", ""]))
    assert code(identify(prefix)) == "no-kernel"
    add_kernel(tmp_path / "base")
    add_kernel(tmp_path / "base", {"argv": ["bash"], "display_name": "Bash", "language": "bash"}, "bash")
    served = identify(prefix)
    assert (served.state, [kernel.name for kernel in served.kernels]) == (State.READY, ["python3"])
    add_kernel(prefix, {**KERNEL, "display_name": "own"}, "own")
    assert [kernel.name for kernel in identify(prefix).kernels] == ["own"]
    config.write_text(config.read_text().replace("packages = true", "packages = false"))
    shutil.rmtree(prefix / "share")
    assert code(identify(prefix)) == "no-kernel"


@posix_only
def test_permissions_are_reported(open_path: Path) -> None:  # noqa: F811
    prefixes = [by_venv(open_path / f"env{i}") for i in range(4)]
    closed = open_path / "closed"
    closed.mkdir()
    for prefix, name in zip(prefixes, ("", "pyvenv.cfg", "share", "../closed"), strict=True):
        add_kernel(prefix)
        python = prefix / "bin" / "python"
        python.unlink()
        python.symlink_to(closed / "python" if "closed" in name else "/bin/sh")
        (prefix / name).chmod(0)
    program = "import jupyter_envlink.locators as all\n" + AS_NOBODY
    try:
        lines = as_nobody(*prefixes, program=program)
    finally:
        for prefix in (*prefixes, closed):
            subprocess.run(["chmod", "-R", "u+rwX", str(prefix)], check=True)
    unreadable = ["unknown broken unreadable", "venv broken unreadable"]
    assert lines == [*unreadable, "venv broken kernel-broken", "venv broken unreadable"]


AS_NOBODY = """
import os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for prefix in sys.argv[1:]:
    found = all.look(prefix).environment
    print(found.kind, found.state.value, found.problem and found.problem.code)
"""


def test_evidence_holds_until_something_changes(tmp_path: Path) -> None:
    prefix = by_venv(tmp_path / "env")
    file = add_kernel(prefix)
    changes: list[Callable[[], object]] = [
        lambda: add_kernel(prefix, name="second"),
        lambda: file.write_text("{"),
        lambda: (prefix / "pyvenv.cfg").write_text("version = 3.1\n"),
        lambda: Path(venv_python(str(prefix))).unlink(),
        lambda: shutil.rmtree(prefix),
    ]
    for change in changes:
        age(prefix)
        found = VenvLocator().look(str(prefix))
        assert found
        assert found.evidence.holds()
        change()
        assert not found.evidence.holds()


def test_the_signature_follows_the_kernel_and_the_configuration(tmp_path: Path) -> None:
    prefix = by_uv(tmp_path / "env")
    file = add_kernel(prefix)
    first = identify(prefix).signature
    assert identify(prefix).signature == first
    time.sleep(0.02)
    file.write_text(file.read_text() + " ")
    second = identify(prefix).signature
    (prefix / "pyvenv.cfg").write_text("version = 3.1\n")
    assert len({first, second, identify(prefix).signature}) == 3


def test_where_virtualenvwrapper_keeps_them(tmp_path: Path) -> None:
    home, workon = tmp_path / "home", tmp_path / "workon"
    prefixes = {by_uv(home / ".virtualenvs" / "a"), by_venv(workon / "b")}
    roots = Roots(home=str(home), environ={"WORKON_HOME": str(workon)})
    assert set(VenvLocator().discover(roots)) == set(map(str, prefixes))
    assert [*VenvLocator().discover(Roots(home=str(home), environ={"WORKON_HOME": "~/.virtualenvs"}))]
