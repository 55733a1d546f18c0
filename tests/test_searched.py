from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_envlink import unlisted
from jupyter_envlink.service import Envlink

from .conftest import Machine
from .prefixes import look_alike


def test_a_folder_that_is_known_not_to_answer_is_not_asked_again(
    service: Envlink, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = look_alike(machine.envs / "finance")
    search = replace(service.catalog.search(), silent=frozenset({str(machine.envs)}))
    asked: list[str] = []
    for name in ("stat", "lstat", "access", "scandir", "listdir", "readlink"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda path, *a, real=real, **k: asked.append(str(path)) or real(path, *a, **k))
    (place,) = [place for place in search.places([str(prefix)]) if place.path == str(machine.envs)]
    assert (place.exists, place.readable, place.environments) == (None, None, 1)
    assert unlisted.canonical(f"{prefix}/bin/..", search) == str(prefix)
    assert unlisted.reason(str(prefix), None, search).code == "silent"
    assert not [path for path in asked if path.startswith(str(machine.envs))]
    assert search.answers(str(machine.home))
    assert search.answers(f"{machine.envs}-other")


def test_each_setting_is_named(service: Envlink, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_ENVS_PATH", os.pathsep.join([str(machine.home / "a"), str(machine.home / "b")]))
    monkeypatch.setenv("WORKON_HOME", str(machine.home / "work"))
    service.catalog.extra_roots = [str(machine.home / "b")]
    service.catalog.project_roots = [str(machine.home / "projects")]
    service.catalog.refresh()
    sources = {place.path: place.source for place in service.catalog.search().places(())}
    assert sources[str(machine.home / "a")] == "the variable CONDA_ENVS_PATH"
    assert sources[str(machine.home / "b")] == "the variable CONDA_ENVS_PATH; c.Catalog.extra_roots"
    assert sources[str(machine.home / "work")].startswith("the variable WORKON_HOME")
    assert sources[str(machine.home / "projects")] == "c.Catalog.project_roots"
    assert sources[str(machine.home / ".conda" / "environments.txt")] == "conda's list of environments"


def test_one_of_a_project_says_where(service: Envlink, machine: Machine) -> None:
    prefix = machine.home / "projects" / "report" / ".venv"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\n")
    service.catalog.project_roots = [str(machine.home / "projects")]
    service.catalog.refresh()
    assert str(prefix) in service.catalog.snapshot.by_prefix
    assert service.catalog.search().finds(str(prefix)) == [f"in a project below {machine.home / 'projects'}"]


def test_what_names_nothing_is_passed_over(service: Envlink, machine: Machine, tmp_path: Path) -> None:
    registry = machine.home / ".conda" / "environments.txt"
    registry.parent.mkdir()
    registry.write_bytes(b"relative\n\n# /a/comment\n/\xff/odd\n/a\0b\n")
    machine.condarc.write_text("envs_dirs: {a: 1}\n")
    service.catalog.refresh()
    search = service.catalog.search()
    assert list(search.lines.values()) == [4]
    assert not any("condarc" in source for sources in search.folders.values() for source in sources)
