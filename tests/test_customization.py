from __future__ import annotations

import sys
from typing import Any

import pytest

from jupyter_envlink.bindings import Binding
from jupyter_envlink.customization import REFUSED, customized
from jupyter_envlink.errors import InvalidRequest


def test_what_is_not_named_stays() -> None:
    known = Binding("finance", True, "Books", True, {"A": "1", "B": "2"}, ("money",), {"later": 1})
    assert customized(known, {"hidden": False}) == Binding(
        "finance", True, "Books", False, {"A": "1", "B": "2"}, ("money",), {"later": 1}
    )
    assert customized(known, {"title": None}).title is None
    assert customized(known, {"variables": {"A": None, "C": "3", "NEVER": None}}).variables == {"B": "2", "C": "3"}


def test_a_title_is_one_line() -> None:
    assert customized(Binding(), {"title": "  My\n <b>books</b> ☕ "}).title == "My <b>books</b> ☕"


@pytest.mark.parametrize("title", ["", " \n", "x" * 101, "a\0b", "a\x1b[31m", "\ud800", 3, ["x"], True])
def test_what_is_no_title(title: Any) -> None:
    with pytest.raises(InvalidRequest):
        customized(Binding(), {"title": title})


@pytest.mark.parametrize("wanted", [None, {}, [], "x", 1, {"name": "x"}, {"hidden": 1}, {"hidden": None}])
def test_what_is_no_change(wanted: Any) -> None:
    with pytest.raises(InvalidRequest) as raised:
        customized(Binding(), wanted)
    assert raised.value.remedy


@pytest.mark.parametrize("name", ["", "A=B", "A\0", "A B", "A\n", "\ud800", "A\tB"])
def test_what_is_no_name(name: str) -> None:
    for value in ("x", None):
        with pytest.raises(InvalidRequest):
            customized(Binding(), {"variables": {name: value}})


@pytest.mark.parametrize("name", ["PATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "JPY_PARENT_PID"])
def test_refused_names_say_why(name: str) -> None:
    with pytest.raises(InvalidRequest, match=REFUSED[name][:20]):
        customized(Binding(), {"variables": {name: "x"}})


@pytest.mark.parametrize("value", [1, ["x"], "a\0b", "\udc80", "x" * 32_001])
def test_what_is_no_value(value: Any) -> None:
    with pytest.raises(InvalidRequest, match="MINE"):
        customized(Binding(), {"variables": {"MINE": value}})


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ({"title": ""}, {"field": "title"}),
        ({"hidden": 1}, {"field": "hidden"}),
        ({"variables": []}, {"field": "variables"}),
        ({"variables": {"A B": "x"}}, {"field": "variables", "name": "A B"}),
        ({"variables": {"PATH": "x"}}, {"field": "variables", "name": "PATH"}),
        ({"variables": {"MINE": 1}}, {"field": "variables", "name": "MINE"}),
    ],
)
def test_the_error_says_which_field(wanted: Any, place: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as raised:
        customized(Binding(), wanted)
    assert raised.value.details == place


def test_values_are_taken_as_they_are() -> None:
    values = {"A": "", "B": " $HOME `x` \"q\" 'q'\n\t", "PYTHONPATH": "/src", "ü": "☕", "ProgramFiles(x86)": "x"}
    found = customized(Binding(), {"variables": values}).variables
    assert found == ({name.upper(): value for name, value in values.items()} if sys.platform == "win32" else values)


def test_windows_knows_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert customized(Binding(variables={"MINE": "1"}), {"variables": {"Mine": "2"}}).variables == {"MINE": "2"}
    with pytest.raises(InvalidRequest):
        customized(Binding(), {"variables": {"Path": "x"}})
