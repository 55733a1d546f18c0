from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rattler import MatchSpec

from jupyter_envlink.envfile.spec import _SIMPLE, package_name, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NumPy", ("numpy", "", "")),
        ("numpy=1.26=py311_0", ("numpy", "1.26", "py311_0")),
        ("numpy==1.26.4", ("numpy", "1.26.4", "")),
        ("conda-forge::numpy=1.26", ("numpy", "1.26", "")),
        ("numpy>=1,<2", ("numpy", "", "")),
        ("numpy=1.2=*cuda*", ("numpy", "1.2", "*cuda*")),
        ("numpy[version='>=1']", ("numpy", "", "")),
        ("https://x/y/noarch/tzdata-2024a-h0c530f3_0.conda", ("tzdata", "", "")),
        ("https://x/linux-64::numpy=1.2", ("numpy", "1.2", "")),
        ("", ("", "", "")),
        ("-e .", ("", "", "")),
    ],
)
def test_parts(text: str, expected: tuple[str, str, str]) -> None:
    assert parse(text)[:3] == expected
    assert package_name(text) == expected[0]


@settings(max_examples=100, deadline=None, database=None)
@given(st.from_regex(re.compile(_SIMPLE.pattern, re.ASCII), fullmatch=True))
def test_what_is_taken_for_simple_is_a_spec_to_rattler_too(text: str) -> None:
    spec = MatchSpec(text)
    assert spec.name is not None
    assert spec.name.normalized == parse(text).name
