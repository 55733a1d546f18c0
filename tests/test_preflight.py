"""Which kernels are known not to start, and which are given the benefit of the doubt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.environment import Problem
from jupyter_envlink.kernelspecs import Link, link_all, spec
from jupyter_envlink.locators import LOCATORS
from jupyter_envlink.preflight import absence, lost, obstacle

from .prefixes import look_alike

NEEDED = ("IPython", "ipykernel", "jupyter_client", "tornado", "traitlets", "zmq")


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A look-alike with what ipykernel imports."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = look_alike(tmp_path / "envs" / "finance")
    for name in NEEDED:
        (_packages(made) / name).mkdir(parents=True)
    (_packages(made) / "ipykernel_launcher.py").write_text("")
    return made


@pytest.fixture
def link(prefix: Path) -> Link:
    """As it was at the last look, when all was well."""
    environment = next(filter(None, (locator.identify(str(prefix)) for locator in LOCATORS)))
    (made,) = link_all([environment], {}, ())
    return made


def _packages(prefix: Path) -> Path:
    inside = ("Lib",) if sys.platform == "win32" else ("lib", "python3.11")
    return prefix.joinpath(*inside, "site-packages")


def _content(link: Link, **changes: Any) -> dict[str, Any]:
    return {**spec(link, {}), **changes}


def _code(problem: Problem | None) -> str | None:
    return problem.code if problem else None


def test_a_whole_one_has_no_obstacle(link: Link) -> None:
    assert obstacle(link, _content(link)) is None


@pytest.mark.parametrize("name", [*NEEDED, "ipykernel_launcher.py"])
def test_what_ipykernel_imports_must_be_there(link: Link, prefix: Path, name: str) -> None:
    path = _packages(prefix) / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    problem = obstacle(link, _content(link))
    assert problem is not None
    assert problem.code == "kernel-module-missing"
    assert name.removesuffix(".py") in problem.message
    assert "the package ipykernel" in problem.remedy


def test_the_modules_of_a_real_ipykernel_are_those(tmp_path: Path) -> None:
    """Were one of them no longer imported, its absence would be no obstacle."""
    code = "import sys, ipykernel.kernelapp; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(NEEDED) <= set(done.stdout.split())


def test_another_module_is_looked_for_by_its_own_name(link: Link, prefix: Path) -> None:
    content = _content(link, argv=[str(prefix / "bin" / "python"), "-m", "bash_kernel", "-f", "{connection_file}"])
    problem = obstacle(link, content)
    assert problem is not None
    assert "the package bash_kernel" in problem.remedy
    (_packages(prefix) / "bash_kernel").mkdir()
    assert obstacle(link, content) is None


def test_a_module_that_may_be_elsewhere_is_no_obstacle(link: Link, prefix: Path, tmp_path: Path) -> None:
    shutil.rmtree(_packages(prefix) / "ipykernel")
    assert _code(obstacle(link, _content(link))) == "kernel-module-missing"
    assert obstacle(link, _content(link, env={"PYTHONPATH": "/overlay"})) is None
    assert obstacle(link, _content(link, argv=[sys.executable, "-m", "ipykernel_launcher"])) is None
    pth = _packages(prefix) / "editable.pth"
    pth.write_text("/src/ipykernel\n")
    assert obstacle(link, _content(link)) is None
    pth.write_text("# nothing\n\n")
    assert _code(obstacle(link, _content(link))) == "kernel-module-missing"
    (prefix / "pyvenv.cfg").write_text("include-system-site-packages = true\n")
    assert obstacle(link, _content(link)) is None
    (prefix / "pyvenv.cfg").unlink()
    (tmp_path / "home/.local/lib/python3.11/site-packages/ipykernel").mkdir(parents=True)
    assert obstacle(link, _content(link)) is None


def test_where_packages_are_is_not_always_known(link: Link, prefix: Path) -> None:
    shutil.rmtree(_packages(prefix))
    assert obstacle(link, _content(link)) is None


def test_the_program_must_run(link: Link, prefix: Path) -> None:
    for argv in ([str(prefix / "bin" / "R")], ["no-such-program-anywhere"]):
        problem = obstacle(link, _content(link, argv=argv))
        assert problem is not None
        assert problem.code == "program-missing"
        assert argv[0] in problem.message


def test_a_program_of_the_environment_s_path_is_found(link: Link, prefix: Path) -> None:
    own = prefix / "bin" / "only-here"
    own.write_text("")
    own.chmod(0o755)
    content = _content(link, argv=["only-here"], env={"PATH": f"{prefix}/bin:${{PATH}}"})
    assert obstacle(link, content) is None


def test_a_bare_python_is_the_server_s(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert obstacle(link, _content(link, argv=["python", "x.py"])) is None


def test_of_one_that_is_only_registered_the_program_is_known(link: Link, prefix: Path) -> None:
    assert lost(link, _content(link)) is None
    assert _code(lost(link, _content(link, argv=[str(prefix / "bin" / "R")]))) == "program-missing"
    shutil.rmtree(prefix)
    assert _code(lost(link, _content(link))) == "removed"


def test_gone_unmounted_or_no_environment_any_more(prefix: Path) -> None:
    assert absence(str(prefix), LOCATORS) is None
    (prefix / "bin" / "python").unlink()
    assert absence(str(prefix), LOCATORS) is None
    shutil.rmtree(prefix / "conda-meta")
    assert _code(absence(str(prefix), LOCATORS)) == "no-environment"
    shutil.rmtree(prefix)
    assert _code(absence(str(prefix), LOCATORS)) == "removed"
    prefix.parent.rmdir()
    assert _code(absence(str(prefix), LOCATORS)) == "not-there"
