"""The engine that is chosen: ours, and others', which are real distributions with the metadata of an installer."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.conda_records import recorded
from jupyter_envlink.engines.choice import EMBEDDED, Choice
from jupyter_envlink.engines.chosen import GROUP, about, described, engine_of, points
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.errors import EngineMissing
from jupyter_envlink.locators.pythons import venv_python
from jupyter_envlink.service import Envlink
from jupyter_envlink.source import Source
from tests.conftest import Machine
from tests.engines.commands import CommandLine
from tests.writing import yml

PAGE = Path(__file__).resolve().parent.parent / "docs" / "engines.md"
BROKEN = """
class Raises:
    name, in_place = "raises", False
    def about(self):
        raise ZeroDivisionError("in about, http://me:sWordFish77@host/")
    async def solve(self, *a): ...
    async def install(self, *a): ...

class Kindless:
    pass

def fails():
    raise SystemError("at birth")
"""
Install = Callable[..., None]


def lay(site: Path, name: str, source: str, **named: str) -> None:
    """What an installer writes."""
    (site / f"{name}.py").write_text(source, encoding="utf-8")
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{key} = {value}" for key, value in named.items()]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Lay a distribution on ``sys.path``: a module, and its entry points by name."""
    before, site = set(sys.modules), tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)

    def install(name: str, source: str, **named: str) -> None:
        lay(site, name, source, **named)
        importlib.invalidate_caches()
        points.cache_clear()

    yield install
    points.cache_clear()
    for name in set(sys.modules) - before:
        if str(site) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]


def source(*dependencies: str) -> Source:
    return Source(yml(*dependencies).encode(), "environment.yml", None)


def documented() -> str:
    """The engine that the documentation shows."""
    (code,) = re.findall(r"```python\n(from pathlib.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


def test_the_default_needs_nothing(machine: Machine) -> None:
    engine = engine_of(Choice.of(None), str(machine.envs / "demo"))
    assert isinstance(engine, RattlerEngine)
    assert engine.embedded is engine
    assert about(Choice()).version


def test_a_choice_survives_json() -> None:
    choice = Choice("conda", "/opt/conda")
    assert Choice.of(choice.as_dict()) == choice


def test_nobody_brings_one_by_default() -> None:
    points.cache_clear()
    assert points() == ()


def test_an_engine_that_nobody_has(machine: Machine) -> None:
    with pytest.raises(EngineMissing) as raised:
        engine_of(Choice("guix"), "")
    assert "guix" in raised.value.message
    assert "micromamba" in raised.value.remedy


def test_every_engine_is_described(conda_like: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = {each.name: each for each in described(Choice("conda", conda_like.program))}
    assert list(found) == [EMBEDDED, "conda", "mamba", "micromamba"]
    assert found[EMBEDDED].problem is None
    assert (found["conda"].version, found["conda"].path) == ("99.1.2", conda_like.program)
    assert found["mamba"].version is None
    assert found["mamba"].problem
    assert "guix" in [each.name for each in described(Choice("guix")) if each.problem]


def test_one_that_cannot_be_loaded_or_fails_is_told_of(machine: Machine, installed: Install) -> None:
    named = {"a": "acme:fails", "b": "acme:Kindless", "c": "acme:gone", "d": "acme_gone:X", "e": "acme:Raises"}
    installed("acme", BROKEN, **named)
    found = {each.name: each for each in described(Choice())}
    assert all(found[name].problem for name in named)
    assert found[EMBEDDED].problem is None
    assert "sWordFish77" not in str(found)
    for name in named:
        with pytest.raises(EngineMissing) as raised:
            about(Choice(name))
        assert raised.value.remedy


def test_the_info_and_the_doctor_tell_of_them(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Envlink(engine="mamba", engine_program="/nowhere/mamba")
    info = service.info()
    assert info["engine"] == "mamba"
    (mamba,) = (each for each in info["engines"] if each["name"] == "mamba")
    assert "/nowhere/mamba" in mamba["problem"]
    (check,) = (each for each in service.diagnose()["checks"] if each["code"] == "engine")
    assert check["ok"] is False
    assert check["remedy"]
    (check,) = (each for each in Envlink().diagnose()["checks"] if each["code"] == "engine")
    assert (check["ok"], EMBEDDED in check["text"]) == (True, True)


def test_a_missing_engine_starts_no_job(machine: Machine) -> None:
    service = Envlink(engine="conda", engine_program="/nowhere/conda")
    with pytest.raises(EngineMissing):
        service.life.create(source("envlink-text-prefix"), "demo")
    assert service.jobs.all() == []


@pytest.fixture
def python(tmp_path: Path) -> str:
    """That of a virtual environment which has the documented engine, and all that this one has."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True, timeout=120)
    paths = {"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")}
    site = Path(sysconfig.get_path("purelib", "venv", paths))
    (site / "ours.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    lay(site, "audited_engine", documented(), audited="audited_engine:AuditedEngine")
    return venv_python(str(tmp_path / "venv"))


def test_the_documented_engine_works_as_every_other(machine: Machine, python: str) -> None:
    (machine.home / "allowed-packages.txt").write_text("envlink-text-prefix\n")
    file = machine.home / "environment.yml"

    def envlink(command: str, *words: str) -> Any:
        argv = [python, "-m", "jupyter_envlink", command, "--json", *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    file.write_text(yml("envlink-text-prefix"))
    asked = ("-f", str(file), "--engine", "audited", "-n")
    assert [each["name"] for each in envlink("create", *asked, "demo", "--dry-run")["solution"]["packages"]] == [
        "envlink-text-prefix"
    ]
    assert envlink("create", *asked, "demo")["status"] == "succeeded"
    assert set(recorded(str(machine.envs / "demo"))) == {"envlink-text-prefix"}

    file.write_text(yml("envlink-binary-prefix"))
    assert envlink("create", *asked, "other", "--dry-run")["conflict"]["code"] == "not-allowed"
    failed = envlink("create", *asked, "other")
    assert (failed["status"], failed["error"]["code"]) == ("failed", "not-allowed")
    assert not (machine.envs / "other").exists()
