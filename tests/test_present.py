from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jupyter_envlink.conda_records import recorded
from jupyter_envlink.present import pip_changes, variable_changes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="folders as on POSIX")


@pytest.fixture
def prefix(tmp_path: Path) -> str:
    (tmp_path / "conda-meta").mkdir()
    for record in ("python-3.9.18-h1_0_cpython", "python-dateutil-2.9.0-py_0", "my-odd-name-1.0-h_0"):
        (tmp_path / "conda-meta" / f"{record}.json").write_text("{}")
    (tmp_path / "conda-meta" / "history").touch()
    for name in ("requests-2.31.0", "My_Odd.Name-1.0rc1", "six-1.16.0"):
        folder = tmp_path / "lib" / "python3.9" / "site-packages" / f"{name}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Name: {}\nVersion: {}\n".format(*name.split("-")))
    return str(tmp_path)


def test_conda_packages_by_their_records(prefix: str) -> None:
    assert set(recorded(prefix)) == {"python", "python-dateutil", "my-odd-name"}


@pytest.mark.parametrize(
    ("item", "name", "installed", "change"),
    [
        ("requests", "requests", "2.31.0", "keep"),
        ("Requests >= 2.0  # why", "requests", "2.31.0", "keep"),
        ("requests==2.31.0", "requests", "2.31.0", "keep"),
        ("requests==2.32", "requests", "2.31.0", "change"),
        ("requests<2", "requests", "2.31.0", "change"),
        ("my.odd_name", "my-odd-name", "1.0rc1", "keep"),
        ("new-one>=1", "new-one", None, "install"),
        ("tomli; python_version < '3.11'", "tomli", None, "install"),
        ("six==1; python_version >= '3.11'", "six", "1.16.0", "skip"),
        ("requests[socks]", "requests", "2.31.0", "unknown"),
        ("requests @ https://x/requests.whl", "requests", "2.31.0", "unknown"),
        ("new @ https://x/new.whl", "new", None, "install"),
        ("-e .", None, None, "unknown"),
        ("--no-index", None, None, "unknown"),
        ("git+https://x/y.git", None, None, "unknown"),
        ("./wheel.whl", None, None, "unknown"),
        ("", None, None, "unknown"),
    ],
)
def test_what_of_pip_is_there(prefix: str, item: str, name: str | None, installed: str | None, change: str) -> None:
    (found,) = pip_changes(prefix, [item])
    assert (found.item, found.name, found.installed, found.change) == (item, name, installed, change)


def test_without_python_everything_is_new(tmp_path: Path) -> None:
    assert [each.change for each in pip_changes(str(tmp_path), ["a", "b==1"])] == ["install", "install"]
    assert pip_changes(str(tmp_path), []) == []


def test_variables_that_are_new_or_other(prefix: str) -> None:
    wanted = {"SAME": "1", "OTHER": "b", "NEW": "x"}
    state = {"version": 1, "env_vars": {"SAME": 1, "OTHER": "a", "STAYS": "y"}}
    Path(prefix, "conda-meta", "state").write_text(json.dumps(state))
    assert variable_changes(prefix, wanted) == [
        {"name": "OTHER", "from": "a", "to": "b"},
        {"name": "NEW", "from": None, "to": "x"},
    ]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"env_vars": []}'])
def test_a_state_that_cannot_be_read_holds_nothing(prefix: str, text: str) -> None:
    Path(prefix, "conda-meta", "state").write_text(text)
    assert variable_changes(prefix, {"A": "1"}) == [{"name": "A", "from": None, "to": "1"}]
