from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envlink.envfile import propose, validate
from jupyter_envlink.errors import InvalidName


@pytest.mark.parametrize(
    "name", ["finance", "py3.8+cuda", "A_b-c.d", "_x", "3d", "été", "分析", "ldm", "x" * 200, "based"]
)
def test_good_names(name: str) -> None:
    validate(name)


@pytest.mark.parametrize(
    ("name", "said", "proposal"),
    [
        ("", "needs a name", "environment"),
        ("my env", "a space", "my-env"),
        ("a/b", "'/'", "a-b"),
        ("a\\b", "'\\'", "a-b"),
        ("a:b", "':'", "a-b"),
        ("a#b", "'#'", "a-b"),
        ("..", "'..'", "environment"),
        ("../../etc", "'..'", "etc"),
        (".hidden", "must begin with", "hidden"),
        ("-n", "must begin with", "n"),
        ("--prefix=/x", "'/'", "prefix=-x"),
        ("--prefix=x", "must begin with", "prefix=x"),
        ("base", "reserved", "base-env"),
        ("Root", "reserved", "root-env"),
        ("a\nb", "a control character", "a-b"),
        ("a\0b", "a control character", "a-b"),
        ("x" * 300, "longer than 200 bytes", "x" * 100),
        ("é" * 101, "longer than 200 bytes", "é" * 50),
        ("🎉", "'🎉'", "environment"),
        ("data 🎉", "a space", "data"),
        ("$HOME", "'$'", "home"),
        ("a'b", '"\'"', "a-b"),
        ("~me", "'~'", "me"),
        ("CON", "Windows", "con-env"),
        ("aux.txt", "Windows", "environment"),
        ("dot.", "Windows", "dot"),
        ("e\u0301te", "accents apart", "éte"),
        ("\ud800", "a control character", "environment"),
    ],
)
def test_bad_names_are_refused_with_a_proposal(name: str, said: str, proposal: str) -> None:
    with pytest.raises(InvalidName) as caught:
        validate(name)
    assert said in caught.value.message
    assert caught.value.code == "invalid-name"
    assert caught.value.details == {"proposal": proposal}
    assert repr(proposal) in caught.value.remedy


@settings(max_examples=300, deadline=None, database=None)
@given(st.text())
def test_what_is_proposed_is_valid_and_stays(text: str) -> None:
    validate(propose(text))
    assert propose(propose(text)) == propose(text)
