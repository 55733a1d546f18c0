from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.doctor import Report
from jupyter_envlink.environment import Problem
from jupyter_envlink.service import Envlink

from .conftest import Machine
from .prefixes import look_alike
from .writing import as_nobody, open_to_all

Explain = Callable[[Path], Problem]


@pytest.fixture
def explain(service: Envlink) -> Explain:
    """Why a folder is not listed."""

    def report(path: Path) -> Report:
        service.catalog.refresh()
        (found,) = service.doctor.path(str(path)).environments
        assert (found.id, found.ok) == (None, False)
        return found

    def problem(path: Path) -> Problem:
        found = report(path).problem
        assert found is not None
        assert str(path.name) in found.message
        assert found.remedy
        return found

    return problem


def test_one_that_nothing_names_and_how_to_have_it_listed(
    explain: Explain, service: Envlink, machine: Machine, tmp_path: Path
) -> None:
    prefix = look_alike(tmp_path / "elsewhere" / "env")
    found = explain(prefix)
    assert found.code == "not-searched"
    assert f"Add {prefix.parent} to c.Catalog.extra_roots" in found.remedy
    service.catalog.extra_roots = [str(prefix.parent)]
    service.catalog.refresh()
    (report,) = service.doctor.path(str(prefix)).environments
    assert report.id is not None


def test_it_is_examined_all_the_same(service: Envlink, tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "elsewhere" / "env", "{")
    (report,) = service.doctor.path(str(prefix)).environments
    assert (report.kind, report.state) == ("conda", "broken")
    assert [check.ok for check in report.checks if check.code == "kernel-file"] == [False]


def test_nothing_there(explain: Explain, tmp_path: Path) -> None:
    assert explain(tmp_path / "gone").code == "not-there"
    (tmp_path / "dangling").symlink_to("nowhere")
    assert "leads nowhere" in explain(tmp_path / "dangling").message
    (tmp_path / "loop").symlink_to("loop")
    assert explain(tmp_path / "loop").code in ("unreadable", "not-there")
    assert explain(tmp_path / ("x" * 300)).code == "unreadable"


def test_no_environment(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert explain(tmp_path / "plain").code == "no-environment"
    (tmp_path / "file").write_text("x")
    assert explain(tmp_path / "file").code == "not-a-folder"
    look_alike(tmp_path / "several" / "env")
    found = explain(tmp_path / "several")
    assert (found.code, f"Add {tmp_path / 'several'} to c.Catalog.extra_roots" in found.remedy) == (
        "holds-environments",
        True,
    )
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "conda-meta").write_text("a file")
    assert explain(tmp_path / "odd").code == "not-identified"


def test_places_in_which_nobody_s_environments_lie(explain: Explain, machine: Machine, tmp_path: Path) -> None:
    assert explain(look_alike(machine.envs / ".envlink" / "staging" / "job" / "env")).code == "staging"
    assert explain(look_alike(tmp_path / "conda-bld" / "work" / "env")).code == "conda-build"


def test_the_root_of_an_installation(explain: Explain, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    root = machine.home / "micromamba"
    (root / "conda-meta").mkdir(parents=True)
    (root / "envs").mkdir()
    monkeypatch.setenv("MAMBA_ROOT_PREFIX", str(root))
    assert explain(root).code == "root"


_AS_NOBODY = """
import json, sys
from jupyter_envlink.doctor import Doctor
from jupyter_envlink.service import Envlink
service = Envlink()
service.diagnose()
nobody()
print(json.dumps([service.diagnose(path=path)["environments"][0]["problem"]["code"] for path in sys.argv[1:]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="rights that a test can take away")
def test_what_may_not_be_read(machine: Machine, tmp_path: Path) -> None:
    look_alike(tmp_path / "elsewhere" / "closed")
    look_alike(tmp_path / "elsewhere" / "half")
    folders = [tmp_path / "elsewhere" / "closed", tmp_path / "elsewhere" / "half"]
    with open_to_all(tmp_path):
        folders[0].chmod(0o000)
        (folders[1] / "conda-meta").chmod(0o000)
        done = as_nobody(_AS_NOBODY, *folders, folders[0] / "share")
        for each in (folders[0], folders[1] / "conda-meta"):
            each.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["unreadable", "unreadable", "unreadable"]
