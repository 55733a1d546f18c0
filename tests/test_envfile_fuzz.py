"""Files that nobody would write: bytes, texts, changed real ones, and what a grammar of the format makes."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_envlink import envfile
from jupyter_envlink.envfile.matchspec import Unclear, for_rattler
from jupyter_envlink.envfile.pip import is_local, requirement_name
from jupyter_envlink.envfile.spec import parse
from jupyter_envlink.redaction import redact

from .fuzz.promises import keep
from .fuzz.seeds import DICTIONARY, seeds

some = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
WORDS = st.sampled_from(DICTIONARY)
SEEDS = st.sampled_from([seed for seed in seeds() if len(seed) < 2_000])

NAMES = st.sampled_from(["python", "numpy", "r-base", "_x", "pip", "Pip", "pywin32", "a.b", "x" * 90, "é", "1", "~"])
OPERATORS = st.sampled_from(["", "=", "==", ">=", "<", "!=", "~=", " ", "  ", "=>", "::", ":", ": ", " @ ", "\u00a0"])
VERSIONS = st.sampled_from(
    ["1", "1.2", "1.2.*", "1.*", "3.10", "2020b", "1.2.", "*", "learn", "1=py_0", "1,<2", "9" * 30]
)
KEYS = ["name", "channels", "dependencies", "variables", "prefix", "x"]
SPECS = st.tuples(NAMES, OPERATORS, VERSIONS).map("".join)
SCALARS = st.one_of(SPECS, WORDS, st.text(max_size=8))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A text with the keys of an environment file, each well or badly filled."""
    newline = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\u2028"]))
    lines = []
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=6)):
        lines += _section(draw, key)
    text = newline.join(lines)
    return text + draw(st.sampled_from(["", newline, "\t", "# [win]", "\ufeff"]))


def _section(draw: st.DrawFn, key: str) -> list[str]:
    shape = draw(st.sampled_from(["scalar", "block", "block", "flow", "mapping", "null"]))
    if shape == "scalar":
        return [f"{key}: {draw(SCALARS)}"]
    if shape == "flow":
        return [f"{key}: [{', '.join(draw(st.lists(SCALARS, max_size=4)))}]"]
    if shape == "null":
        return [f"{key}:"]
    indent = draw(st.sampled_from(["", "  ", "    ", "\t"]))
    mark = "- " if shape == "block" else draw(NAMES) + ": "
    lines = [f"{indent}{mark}{item}" for item in draw(st.lists(SCALARS, max_size=5))]
    if draw(st.booleans()):
        further = draw(st.sampled_from(["", "  ", "    "]))
        lines += [f"{indent}- pip:", *(f"{indent}{further}- {item}" for item in draw(st.lists(SCALARS, max_size=3)))]
    return [f"{key}:", *lines]


@some
@given(st.binary(max_size=200))
def test_any_bytes(source: bytes) -> None:
    keep(source)


@some
@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=30).map("".join)))
def test_any_text(source: str) -> None:
    keep(source)


@some
@given(files())
def test_any_file_of_that_shape(source: str) -> None:
    keep(source)


@some
@given(SEEDS, st.data())
def test_files_with_a_change(seed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(seed)))
    until = data.draw(st.integers(at, min(len(seed), at + 30)))
    new = data.draw(st.one_of(WORDS.map(str.encode), st.binary(max_size=4), SEEDS))
    keep(seed[:at] + new + seed[until:])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_places_count_every_line_end_of_yaml(newline: str) -> None:
    text = newline.join(["# é", "name: e1", "channels: [a]", "dependencies:", "- python", "- numpy=>1", ""])
    file = envfile.read(text)
    assert [(entry.line, entry.column, entry.text) for entry in file.entries][-1] == (6, 3, "numpy=>1")
    assert [(each.code, each.line, each.column, each.end_column) for each in file.errors] == [
        ("swapped-operator", 6, 3, 11)
    ]
    assert envfile.read(text + "<<<<<<< x" + newline).errors[0].line == 7
    assert envfile.read(text + "\x07").errors[0].line == 7


N = 40_000
LONG = [
    "a" + " " * N + "b",
    "a" * N,
    "a-" * N,
    "=" * N,
    "a" + "=" * N,
    "a=1" + ",1" * N,
    "a " * N,
    "[" * N,
    "a[" * N,
    "a::" * N,
    "a=1=" * N,
    "a>=1," * N,
    "1." * N,
    "a=" + "1." * N,
    "a " + "(" * N,
    "a[b='" + "'" * N,
    "://" * N,
    "://a:b" * N,
    "/t/" * N,
    "a@" * N,
    "-e " * N,
    "a = " * N,
    "#[win" * N,
    "# [" + " " * N,
    "a" + "\u00a0" * N,
    "a.." * N,
    "~=1 " * N,
    "a;" * N,
    "\\" * N,
    "{{" * N,
    "_linux-" * N,
    "-r " + " " * N + "x",
    "a" + "_" * N + "!",
    "$" * N,
    "https://" + "a." * N + "conda",
]


@pytest.mark.parametrize("number", range(len(LONG)))
def test_nothing_takes_more_time_than_the_length_asks_for(number: int) -> None:
    """A pattern that goes back and forth would need minutes for these."""
    text = LONG[number]
    started = time.process_time()
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    envfile.read(f"name: {quoted}\nchannels: [{quoted}]\ndependencies:\n- {quoted}\n- pip: [{quoted}]\n")
    envfile.read(f"dependencies:\n- {text}\n- a  # {text}\n- a: {text}\n{text}: 1\n")
    for read in (parse, requirement_name, is_local, redact, envfile.propose, envfile.package_name):
        read(text)
    with suppress(Unclear):
        for_rattler(text)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n" + "- pywin32\n" * 9_000,
        "dependencies: [" + "pywin32, " * 9_000 + "x]\n",
        "dependencies: [" + "a, " * 9_000 + "x]  # [win]\n",
        "dependencies:\n- pip:\n" + "  - -r x\n" * 9_000,
        "dependencies:\n" + "- pip: [a]\n" * 4_000,
        "".join(f"k{number}: 1\n" for number in range(9_000)),
        "dependencies:\n" + "".join(f"- a{number}: 1\n" for number in range(9_000)),
        "variables:\n" + "".join(f"  a{number}:\n" for number in range(9_000)) + "dependencies: []\n",
        "prefix: x\n" * 9_000,
        "&a\n- *a\n",
        "dependencies: &a [*a]\n",
        "dependencies:\n- &a {pip: *a}\n",
        "x: &x [a]\n" + "".join(f"y{number}: &y{number} [*x, *x]\n" for number in range(5_000)) + "dependencies: *x\n",
        "? " * 3_000 + "a",
        "- ? - ? " * 3_000 + "a",
        ": " * 3_000 + "a",
        "a:\r" + "- " * 30_000 + "a\r",
        "a:\u2028" + "- " * 30_000 + "a\u2028",
        "{" * 400 + "}" * 400,
        "[{" * 2_499 + "}]" * 2_499,
        "a: !<" + "x" * 90_000 + "> b\n",
        "a: !!" + "x%" * 9_000 + " b\n",
        "&" + "a" * 90_000 + " b: 1\n",
        "%YAML 1.1\n%TAG ! tag:x,2000:\n---\nname: !a b\n",
        "%" * 90_000,
        '"' + "\\n" * 90_000,
        "|\n" + " a\n" * 90_000,
        "name: |\n" + "  a\n" * 9_000,
        "name: >-\n  a\ndependencies: [>\n]",
        "\x00" * 90_000,
        "\x0c" * 90_000,
        "\ufeff" * 9_000 + "name: a\n",
        "name: a\ufeff\ndependencies: [\ufeff]\n",
    ],
    ids=lambda text: repr(text[:24]),
)
def test_large_files_end_soon(text: str) -> None:
    started = time.process_time()
    keep(text)
    assert time.process_time() - started < 20
