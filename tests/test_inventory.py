from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.errors import Conflict
from jupyter_envlink.inventory import inventory

from .conftest import Machine
from .prefixes import environment

URL = "https://conda.anaconda.org/conda-forge/linux-64/{name}-1.0-0.conda"


def record(prefix: Path, name: str, **changes: Any) -> None:
    (prefix / "conda-meta").mkdir(exist_ok=True)
    values = {"name": name, "version": "1.0", "build": "0", "subdir": "linux-64", "url": URL.format(name=name)}
    (prefix / "conda-meta" / f"{name}-1.0-0.json").write_text(json.dumps({**values, **changes}))


@pytest.mark.parametrize(
    "said",
    [
        "https://conda.anaconda.org/conda-forge",
        "https://conda.anaconda.org/conda-forge/linux-64",
        "https://conda.anaconda.org/conda-forge/linux-64/",
        "conda-forge",  # old conda
        "https://conda.anaconda.org/t/tk-123-456/conda-forge/linux-64",
        None,
    ],
)
def test_the_channel_however_it_is_written(machine: Machine, tmp_path: Path, said: str | None) -> None:
    record(tmp_path, "tool", channel=said)
    (found,) = inventory(environment(str(tmp_path)), "osx-64").conda
    assert found.channel == "https://conda.anaconda.org/conda-forge"


def test_a_package_from_a_file(machine: Machine, tmp_path: Path) -> None:
    record(tmp_path, "tool", channel="<unknown>", url="file:///home/me/tool-1.0-0.conda")
    (found,) = inventory(environment(str(tmp_path)), "osx-64").conda
    assert (found.channel, found.url) == (None, "file:///home/me/tool-1.0-0.conda")


def test_the_platform_is_that_of_its_packages(machine: Machine, tmp_path: Path) -> None:
    assert inventory(environment(str(tmp_path)), "osx-64").platform == "osx-64"
    record(tmp_path, "pure", subdir="noarch")
    assert inventory(environment(str(tmp_path)), "osx-64").platform == "osx-64"
    record(tmp_path, "tool")
    assert inventory(environment(str(tmp_path)), "osx-64").platform == "linux-64"


def test_what_conda_has_installed_is_not_pips(machine: Machine, tmp_path: Path) -> None:
    site = "lib/python3.11/site-packages"
    for name in ("numpy", "tool"):
        info = tmp_path / site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    record(tmp_path, "numpy", files=[f"{site}/numpy/__init__.py", f"{site}/numpy-1.0.dist-info/METADATA"])
    found = inventory(environment(str(tmp_path)), "x")
    assert [each.name for each in found.pip] == ["tool"]


def test_what_was_asked_for_is_read_where_it_is_written(machine: Machine, tmp_path: Path) -> None:
    record(tmp_path, "tool", requested_spec="tool >=1", requested_specs=["tool >=1", "tool <2"])
    record(tmp_path, "dependency", requested_spec="None")
    assert inventory(environment(str(tmp_path)), "x").requested == ("tool >=1", "tool <2")
    (tmp_path / "conda-meta" / "history").write_text("# update specs: ['https://c.example/t/tk-1/x::tool']\n")
    assert inventory(environment(str(tmp_path)), "x").requested == ("https://c.example/x::tool",)


@pytest.mark.parametrize(
    ("state", "variables"),
    [
        ('{"env_vars": {"A": "1", "INT": 1, "NULL": null}}', {"A": "1", "INT": "1", "NULL": ""}),
        ('{"env_vars": []}', {}),
        ("[", {}),
        ("[]", {}),
        (None, {}),
    ],
)
def test_variables(machine: Machine, tmp_path: Path, state: str | None, variables: dict[str, str]) -> None:
    record(tmp_path, "tool")
    if state is not None:
        (tmp_path / "conda-meta" / "state").write_text(state)
    assert inventory(environment(str(tmp_path)), "x").variables == variables


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "x"}', '{"name": 1, "version": "1"}'])
def test_a_record_that_is_none(machine: Machine, tmp_path: Path, content: str) -> None:
    record(tmp_path, "tool")
    (tmp_path / "conda-meta" / "bad-1-0.json").write_text(content)
    with pytest.raises(Conflict, match="bad-1-0.json") as caught:
        inventory(environment(str(tmp_path)), "x")
    assert caught.value.code == "damaged-record"


def test_a_venv_that_sees_the_packages_of_its_python(machine: Machine, tmp_path: Path) -> None:
    for said, seen in (("true", True), ("false", False)):
        (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\nInclude-System-Site-Packages = {said}\n")
        assert inventory(environment(str(tmp_path)), "x").site is seen
