from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_envlink import envfile
from jupyter_envlink.composing import compose
from jupyter_envlink.errors import InvalidRequest


def test_as_people_write_it() -> None:
    text = compose("finance", ["conda-forge"], ["python=3.12", "numpy >=2", "conda-forge::tabulate"])
    assert text == (
        "name: finance\nchannels:\n  - conda-forge\ndependencies:\n"
        '  - python=3.12\n  - "numpy >=2"\n  - conda-forge::tabulate\n'
    )


def test_without_a_name_or_channels() -> None:
    assert compose(None, None, ["numpy"]) == "dependencies:\n  - numpy\n"
    assert compose("", [], []) == "dependencies: []\n"


@pytest.mark.parametrize("name", ["1.0", "yes", "null", "0x1f", "2026-01-01", "übung"])
def test_a_name_is_read_as_it_was_given(name: str) -> None:
    assert envfile.read(compose(name, None, ["numpy"])).name == name


@pytest.mark.parametrize(
    ("name", "channels", "package"),
    [
        ("a b", None, "numpy"),
        ("ok", None, "numpy ==="),
        ("ok", None, ""),
        ("ok", None, "x: y"),
    ],
)
def test_what_is_none_is_refused(name: str, channels: list[str] | None, package: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        compose(name, channels, [package])
    assert raised.value.remedy


@given(st.lists(st.text(max_size=20), max_size=3), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_given_is_a_file_or_refused(channels: list[str], packages: list[str]) -> None:
    try:
        text = compose("fuzz", channels, packages)
    except InvalidRequest:
        return
    found = envfile.read(text)
    assert list(found.conda or ()) == [each.strip() for each in packages]
    assert list(found.channels or ()) == [each.strip() for each in channels]
