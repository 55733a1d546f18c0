from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rattler import BuildString, MatchSpec, PackageRecord

from jupyter_envlink.envfile.matchspec import Unclear, for_rattler


@pytest.mark.parametrize(
    "text",
    ["numpy", "NumPy=1.20", "numpy==1.20", "b=1.2=py_0", "p>=1,<2", "p ~=1.2", "p!=1.2", "conda-forge::p=1", "p=1.*"],
)
def test_what_means_the_same_to_both_stays_as_it_is(text: str) -> None:
    assert for_rattler(text) == text


# what is written, what rattler is handed for it
WRITTEN = [
    ("p=1.2.", "p 1.2.*"),
    ("p=1.20|1.21", "p 1.20.*|==1.21"),
    ("p 1.2", "p ==1.2"),
    ("p = 1.2", "p = 1.2"),
    ("p =1.2 py_0", "p ==1.2 py_0"),
    ("p>=1.2=py_0", "p >=1.2 py_0"),
    ("p>=1.2.*", "p >=1.2"),
    ("p>1.*", "p >1"),
    ("p<=1.2.*", "p <=1.2"),
    ("p!=1.2.*", "p !=1.2.*"),
    ("p=1.2*", "p 1.2.*"),
    ("p=1.2-3", "p 1.2_3.*"),
    ("p >=1 ,  <2|==3", "p >=1,<2|==3"),
    ("p=*=mkl", "p * mkl"),
    ("p=1.2=*cuda*", "p=1.2=*cuda*"),
    ("p>=1=cuda12*", 'p[version=">=1",build="cuda12*"]'),
    ("p=1=py3.8_0", 'p[version="==1",build="py3.8_0"]'),
    ("p[version='>=1' build=x]", "p >=1 x"),
    ("p>=1[build_number=2]", 'p[version=">=1",build_number="2"]'),
    ("https://x.example/c/linux-64::p=1.2", "https://x.example/c/linux-64::p 1.2.*"),
    ("python=3.8 # old", "python 3.8.*"),
    ("https://x.example/c/noarch/p-1-0.conda#0123", "https://x.example/c/noarch/p-1-0.conda"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_conda_s_meaning_is_written_out(text: str, expected: str) -> None:
    assert for_rattler(text) == expected
    assert MatchSpec(for_rattler(text))


# a spec, versions that conda takes for it, and some that it does not: by MatchSpec.match of conda 26.7
MEANT = [
    ("p=1.2.", ["1.2", "1.2.9"], ["1.20", "1.3"]),
    ("p=1.20|1.21", ["1.20.5", "1.21"], ["1.21.1", "1.2"]),
    ("p>1.*", ["1.0.1", "2"], ["1", "1.0", "0.9"]),
    ("p<=1.2.*", ["1.2", "1.1"], ["1.2.1"]),
    ("p=1.2*", ["1.2", "1.2.3"], ["1.20"]),
    ("p 1.2", ["1.2", "1.2.0"], ["1.2.1"]),
    ("p!=1.2.*", ["1.3", "1.20"], ["1.2", "1.2.1"]),
    ("p~=1.2", ["1.2", "1.9"], ["2.0", "1.1"]),
    ("p>=1,<2|==3", ["1.5", "3"], ["2", "0.9"]),
    ("p=1.2-3", ["1.2_3"], ["1.2"]),
]


@pytest.mark.parametrize(("text", "taken", "left"), MEANT)
def test_rattler_takes_the_versions_that_conda_takes(text: str, taken: list[str], left: list[str]) -> None:
    spec = MatchSpec(for_rattler(text))
    assert [version for version in taken + left if spec.matches(_record(version))] == taken


def _record(version: str) -> PackageRecord:
    return PackageRecord(name="p", version=version, build=BuildString("0"), build_number=0, subdir="noarch")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-e.",
        "=1.2",
        "*cuda*",
        "p=>1.2",
        "p>1.2*",
        "p>=1.2 <2",
        "p=1.2,",
        "p=1..2",
        "p==1.2.",
        "p==1.*=b",
        "p,q",
        "p 1.2.,<3",
        "p~=1",
        "p~=1.2.*",
        "p==1.*,<2",
        "p 1 2 3",
        "p=  1.2",
        "p[all]",
        "p[version=>=1,<2]",
        "p=1[version=2]",
        "p[name=q]",
        "p[build=x,build=y]",
        "p=1.2-3_4",
        "p;x",
        "p=1 if __unix",
        "p (optional)",
        "p\t1.2",
        "p\n1.2",
        "conda-forge:p",
        "c::",
        "a:b::p",
        "a b::p",
    ],
)
def test_what_is_read_by_halves_or_differently_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        for_rattler(text)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from(
            [*"pP_-.:=<>!~,|*[]() \t\n'\"#@+^$;123", "::", "==", ">=", "version=", "build=", "1.2", "py_0"]
        ),
        max_size=12,
    ).map("".join)
)
def test_any_text_is_a_spec_to_rattler_or_refused(text: str) -> None:
    with suppress(Unclear):
        handed = for_rattler("p" + text)
        assert for_rattler(handed) == handed or MatchSpec(for_rattler(handed)) == MatchSpec(handed)
