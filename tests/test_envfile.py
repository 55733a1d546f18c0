from __future__ import annotations

import codecs
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jupyter_envlink import envfile

HEAD = "name: e1\ndependencies:\n"


def read(text: bytes | str, **kw: Any) -> envfile.EnvironmentFile:
    return envfile.read(text, **({"platform": "linux-64"} | kw))


def found(file: envfile.EnvironmentFile, code: str) -> envfile.Diagnostic:
    """The only diagnostic of ``code``."""
    matching = [finding for finding in file.diagnostics if finding.code == code]
    assert len(matching) == 1, [finding.code for finding in file.diagnostics]
    return matching[0]


def applied(text: str, finding: envfile.Diagnostic) -> str:
    """``text`` after the finding's fix."""
    lines = text.splitlines(keepends=True)
    starts = [sum(len(line) for line in lines[:number]) for number in range(len(lines) + 1)]
    fix = finding.fix
    assert fix is not None
    start = starts[fix.line - 1] + fix.column - 1
    end = starts[fix.end_line - 1] + fix.end_column - 1
    return text[:start] + fix.text + text[end:]


FULL = """\
# a comment
name: finance
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.10   # the version is kept as text
  - 'numpy >=1.20,<2'
  - pip
  - pip:
      - requests==2.31.0
      - "rich"
  - libpysal
variables:
  RATE: 1.10
  EMPTY:
prefix: /home/me/envs/finance
"""


def test_everything_is_read_as_it_was_written() -> None:
    file = read(FULL, path="finance/environment.yml")
    assert file.ok
    assert file.path == "finance/environment.yml"
    assert file.name == "finance"
    assert file.channels == ("conda-forge", "nodefaults")
    assert file.conda == ("python=3.10", "numpy >=1.20,<2", "pip", "libpysal")
    assert file.pip == ("requests==2.31.0", "rich")
    assert file.variables == {"RATE": "1.10", "EMPTY": ""}
    assert file.prefix == "/home/me/envs/finance"
    assert [finding.code for finding in file.diagnostics] == ["variable-not-quoted", "variable-null", "prefix-ignored"]


def test_every_text_has_its_place() -> None:
    lines = FULL.splitlines()
    file = read(FULL)
    assert len(file.entries) == 12
    for entry in file.entries:
        assert entry.line == entry.end_line
        marked = lines[entry.line - 1][entry.column - 1 : entry.end_column - 1]
        assert marked.strip("'\"") == entry.text
    python = file.entries[3]
    assert (python.kind, python.line, python.column, python.end_column) == ("conda", 7, 5, 16)
    assert [entry.key for entry in file.entries if entry.kind == "variable"] == ["RATE", "EMPTY"]


def test_parts_that_are_not_there_are_none() -> None:
    file = read("dependencies: []\n")
    assert file.ok
    assert file.conda == ()
    assert (file.name, file.channels, file.pip, file.variables, file.prefix) == (None,) * 5


@pytest.mark.parametrize(
    "source",
    [
        codecs.BOM_UTF8 + HEAD.encode() + b"  - python\n",
        (HEAD + "  - python\n").encode("utf-16"),
        codecs.BOM_UTF16_BE + (HEAD + "  - python\n").encode("utf-16-be"),
        (HEAD + "  - python\n").replace("\n", "\r\n").encode(),
        "\ufeff" + HEAD + "  - python\n",
        "x: &a [python]\nname: e1\ndependencies: *a\n",
        'name: e1\nchannels: !!python/tuple ["conda-forge"]\ndependencies: [python]\n',
    ],
    ids=["utf-8 with mark", "utf-16", "utf-16-be", "crlf", "text with mark", "alias", "python/tuple"],
)
def test_unusual_but_good_files(source: bytes | str) -> None:
    file = read(source)
    assert file.ok
    assert file.name == "e1"
    assert file.conda == ("python",)


# code, text, line, column, part of the message
ERRORS: list[tuple[str, bytes | str, int | None, int | None, str]] = [
    ("empty-file", "", 1, 1, "empty"),
    ("empty-file", "# nothing\n", 1, 1, "empty"),
    ("empty-file", "~\n", 1, 1, "empty"),
    ("encoding", HEAD.encode() + "  - python # caf\u00e9\n".encode("latin-1"), 3, 17, "byte 0xe9 in line 3"),
    ("encoding", (HEAD + "  - python\n").encode("utf-16-be"), 1, 1, "UTF-16 without a byte order mark"),
    ("encoding", (HEAD + "  - python\n").encode("utf-32"), 1, 1, "UTF-32"),
    ("encoding", (HEAD + "  - python\n").encode("utf-16")[:-1], 3, None, "not UTF-16"),
    ("encoding", "name: \ud800\n", 1, 7, "surrogate"),
    ("too-large", "# " + "x" * (1 << 20), None, None, "1024 KiB"),
    ("too-deep", "a: " + "[" * 100_000, None, None, "64 levels"),
    ("too-deep", "- " * 50_000 + "a", None, None, "64 levels"),
    ("too-deep", '["]", ' * 3_000, None, None, "64 levels"),
    ("yaml-syntax", "name: e1\n  bad: : x\n", 2, 6, "line 2 is not YAML"),
    ("yaml-syntax", "name: e1\x07\n", 1, 9, "U+0007"),
    ("yaml-syntax", "a: *nowhere\n", 1, 4, "undefined alias"),
    ("tab-indent", HEAD + "\t- python\n", 3, 1, "tab"),
    ("conflict-marker", "name: e1\n<<<<<<< HEAD\ndependencies: []\n", 2, 1, "conflict marker"),
    ("several-documents", "dependencies: []\n---\ndependencies: []\n", 2, 1, "second YAML document"),
    ("duplicate-key", "name: a\ndependencies: []\nname: b\n", 3, 1, "line 1 and again in line 3"),
    ("duplicate-key", "dependencies:\n- pip: [a]\n  pip: [b]\n", 3, 3, "line 2 and again in line 3"),
    ("yaml-merge-key", "x: &a {dependencies: []}\n<<: *a\n", 2, 1, "merge key"),
    ("not-a-mapping", "- python\n", 1, 1, "a list"),
    ("not-a-mapping", "python=3.8\n", 1, 1, "a text"),
    ("template", "name: {{ NAME }}\ndependencies: []\n", 1, 7, "template"),
    ("template", HEAD + "- '{{ package }}'\n", 3, 3, "template"),
    ("template", HEAD + "- pip: ['{{ package }}']\n", 3, 9, "template"),
    ("template", "channels: ['{{ x }}']\ndependencies: []\n", 1, 12, "template"),
    ("template", "{% set x = 1 %}\ndependencies: []\n", 1, 2, "template"),
    ("name-not-text", "name: [a]\ndependencies: []\n", 1, 7, "must be a text"),
    ("channels-not-a-list", "channels: conda-forge\ndependencies: []\n", 1, 11, "must be a list, not a text"),
    ("channels-not-a-list", "channels:\ndependencies: []\n", 1, None, "not empty"),
    ("channel-not-text", "channels: [1]\ndependencies: []\n", 1, 12, "not a number"),
    ("dependencies-missing", "name: e1\n", 1, 1, "no dependencies"),
    ("dependencies-missing", "puppet: mod\n", 1, 1, "no dependencies"),
    ("dependencies-not-a-list", "dependencies:\nname: a\n", 1, None, "not empty"),
    ("dependencies-not-a-list", "dependencies: python\n", 1, 15, "not a text"),
    ("dependencies-not-a-list", "dependencies: {python: 3}\n", 1, 15, "not a mapping"),
    ("dependency-not-text", HEAD + "  - 3.11\n", 3, 5, "3.11, a number"),
    ("dependency-not-text", HEAD + "  - null\n", 3, 5, "null"),
    ("dependency-not-text", HEAD + "  -\n  - python\n", 3, None, "nothing at all"),
    ("dependency-not-text", HEAD + "  - [python]\n", 3, 5, "list inside the list"),
    ("dependency-not-text", HEAD + "  - true\n", 3, 5, "a boolean"),
    ("unknown-subsection", HEAD + "  - npm: [left-pad]\n", 3, 5, "'npm'"),
    ("colon-typo", HEAD + "  - python: 3.8\n", 3, 5, "drops it"),
    ("colon-typo", HEAD + "  - python:3.8\n", 3, 5, "colon"),
    ("colon-typo", HEAD + "  - numpy:\n", 3, 5, "drops it"),
    ("selector", HEAD + "  - sel(amiga): gcc\n", 3, 5, "not a selector"),
    ("pip-not-a-list", HEAD + "  - pip: requests\n", 3, 10, "must hold a list"),
    ("pip-item-not-text", HEAD + "  - pip: [3]\n", 3, 11, "a number"),
    ("pip-item-not-text", HEAD + "  - pip: ['']\n", 3, 11, "an empty one"),
    ("pip-item-not-text", HEAD + "  - pip:\n    - --find-links: https://x\n", 4, 7, "colon"),
    ("pip-syntax", HEAD + "  - -e .\n", 3, 5, "option of pip"),
    ("pip-syntax", HEAD + "  - git+https://example.org/a.git\n", 3, 5, "how pip names"),
    ("pip-syntax", HEAD + "  - a @ https://example.org/a.whl\n", 3, 5, "how pip names"),
    ("pip-marker", HEAD + "  - numpy>=1.20;python_version>'3'\n", 3, 5, "condition"),
    ("pip-extra", HEAD + "  - tiled[all]\n", 3, 5, "[all]"),
    ("local-package", HEAD + "  - ./x.tar.bz2\n", 3, 5, "path"),
    ("local-package", HEAD + "  - C:\\x.conda\n", 3, 5, "path"),
    ("missing-comma", HEAD + "  - python>3.6 <3.9\n", 3, 5, "no comma"),
    ("missing-comma", HEAD + "  - python >=3.6<3.9\n", 3, 5, "no comma"),
    ("swapped-operator", HEAD + "  - p=>1.2\n", 3, 5, "no operators"),
    ("invalid-spec", HEAD + "  - nota~matchspec\n", 3, 5, "not a package spec"),
    ("invalid-spec", HEAD + "  - -r" + "=" * 100_000 + "a b\n", 3, 5, "longer than 1000"),
    ("invalid-spec", HEAD + "  - p=1.2,\n", 3, 5, "not a package spec"),
    ("variables-not-a-mapping", "variables: [A]\ndependencies: []\n", 1, 12, "must be a mapping"),
    ("variable-not-text", "variables: {A: [1]}\ndependencies: []\n", 1, 16, "must be a text"),
    ("variable-name", "variables: {'A=B': c}\ndependencies: []\n", 1, 13, "'A=B'"),
    ("unknown-key", "? [a]\n: b\ndependencies: []\n", 1, 3, "must be a text"),
]


@pytest.mark.parametrize(
    ("code", "text", "line", "column", "said"), ERRORS, ids=[f"{e[0]}-{n}" for n, e in enumerate(ERRORS)]
)
def test_errors(code: str, text: bytes | str, line: int | None, column: int | None, said: str) -> None:
    file = read(text)
    assert not file.ok
    finding = found(file, code)
    assert finding.severity == "error"
    assert finding.line == line
    assert column is None or finding.column == column
    assert said.lower() in finding.message.lower()
    assert finding.hint


# code, severity, text, line
FINDINGS = [
    ("name-not-quoted", "warning", "name: 3.10\ndependencies: []\n", 1),
    ("name-not-text", "warning", "name:\ndependencies: []\n", 1),
    ("name-not-usable", "warning", "name: my env\ndependencies: []\n", 1),
    ("name-not-usable", "warning", "name: base\ndependencies: []\n", 1),
    ("name-missing", "info", "---\ndependencies: []\n", 2),
    ("prefix-ignored", "warning", "prefix: C:\\Users\\x\ndependencies: []\n", 1),
    ("channel-typo", "warning", "channels: [default]\ndependencies: []\n", 1),
    ("nodefaults-with-defaults", "warning", "channels: [defaults, nodefaults]\ndependencies: []\n", 1),
    ("unknown-key", "warning", "dependencies: []\nnonsense: 1\n", 2),
    ("unknown-key", "warning", "dependencies: []\npip: [a]\n", 2),
    ("unknown-key", "info", "dependencies: []\nplatforms: [linux-64]\n", 2),
    ("yaml-tag", "warning", "name: !!python/name:os.system e1\ndependencies: []\n", 1),
    ("pip-empty", "warning", HEAD + "  - pip:\n", 3),
    ("several-pip-blocks", "warning", HEAD + "  - pip\n  - pip: [a]\n  - pip: [b]\n", 5),
    ("pip-missing", "info", HEAD + "  - python\n  - pip: [a]\n", 4),
    ("pip-local", "warning", HEAD + "  - pip\n  - pip: ['-r dev.txt']\n", 4),
    ("pip-local", "warning", HEAD + "  - pip\n  - pip: ['-e .']\n", 4),
    ("pip-local", "warning", HEAD + "  - pip\n  - pip: [./lib]\n", 4),
    ("conda-syntax-in-pip", "warning", HEAD + "  - pip\n  - pip: [a==1.0=pypi_0]\n", 4),
    ("pypi-build", "warning", HEAD + "  - requests=2.31=pypi_0\n", 3),
    ("other-platform", "warning", HEAD + "  - pywin32\n", 3),
    ("other-platform-build", "warning", HEAD + "  - pip=24.0=py312haa95532_0\n", 3),
    ("odd-version", "warning", HEAD + "  - scikit learn\n", 3),
    ("trailing-dot", "warning", HEAD + "  - p=1.2.\n", 3),
    ("selector", "warning", HEAD + "  - sel(linux): gcc\n", 3),
    ("comment-selector", "warning", HEAD + "  - pywinrm  # [win]\n", 3),
    ("old-python", "info", HEAD + "  - python=3.7\n", 3),
    ("repeated-package", "info", HEAD + "  - numpy\n  - conda-forge::NumPy=1.2\n", 4),
    ("repeated-package", "info", HEAD + "  - numpy\n  - pip\n  - pip: [NumPy==1.2]\n", 5),
    ("exact-builds", "info", HEAD + "".join(f"  - p{n}=1.0=h123_0\n" for n in range(6)), 3),
    ("variable-reserved", "warning", "variables: {Path: /x}\ndependencies: []\n", 1),
]


@pytest.mark.parametrize(
    ("code", "severity", "text", "line"), FINDINGS, ids=[f"{f[0]}-{n}" for n, f in enumerate(FINDINGS)]
)
def test_warnings_and_information(code: str, severity: str, text: str, line: int) -> None:
    file = read(text)
    assert file.ok, file.errors
    finding = found(file, code)
    assert (finding.severity, finding.line) == (severity, line)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("colon-typo", HEAD + "  - python: 3.8  # old\n", HEAD + "  - python=3.8  # old\n"),
        ("colon-typo", HEAD + "  - python: '>=3.8'\n", HEAD + "  - python>=3.8\n"),
        ("colon-typo", HEAD + "  - numpy:\n", HEAD + "  - numpy:\n".replace(":", "")),
        ("missing-comma", HEAD + "  - 'python>3.6 <3.9'\n", HEAD + "  - 'python>3.6,<3.9'\n"),
        ("swapped-operator", HEAD + "  - p=>1.2\n", HEAD + "  - p>=1.2\n"),
        ("pip-extra", HEAD + "  - pymongo[srv]==4.2.0\n", HEAD + "  - pymongo==4.2.0\n"),
        ("pip-item-not-text", HEAD + "  - pip:\n    - -f: x\n", HEAD + '  - pip:\n    - "-f x"\n'),
        ("pip-not-a-list", HEAD + "  - pip: requests\n", HEAD + "  - pip: [requests]\n"),
        ("conda-syntax-in-pip", HEAD + "  - pip\n  - pip: [a=1]\n", HEAD + "  - pip\n  - pip: [a==1]\n"),
        ("channels-not-a-list", "channels: r\ndependencies: []\n", "channels: [r]\ndependencies: []\n"),
        ("channel-typo", "channels: [default]\ndependencies: []\n", "channels: [defaults]\ndependencies: []\n"),
        ("name-missing", "---\ndependencies: []\n", "---\nname: environment\ndependencies: []\n"),
        ("name-not-quoted", "name: 3.10\ndependencies: []\n", 'name: "3.10"\ndependencies: []\n'),
        ("name-not-usable", "name: 'my env'\ndependencies: []\n", "name: 'my-env'\ndependencies: []\n"),
        ("other-platform-build", HEAD + "  - pip=24.0=haa95532_0\n", HEAD + "  - pip=24.0\n"),
        ("trailing-dot", HEAD + "  - p=1.2.\n", HEAD + "  - p=1.2\n"),
        ("tab-indent", HEAD + "\t- python\n", HEAD + "  - python\n"),
        ("unknown-key", "dependencies: []\nchanels: [a]\n", "dependencies: []\nchannels: [a]\n"),
        ("yaml-syntax", "name: e1\x07\ndependencies: []\n", "name: e1\ndependencies: []\n"),
    ],
)
def test_a_fix_removes_its_finding(code: str, text: str, expected: str) -> None:
    mended = applied(text, found(read(text), code))
    assert mended == expected
    assert code not in [finding.code for finding in read(mended).diagnostics]


def test_all_pip_blocks_are_kept_in_order() -> None:
    assert read(HEAD + "- pip: [a, b]\n- pip\n- pip: [c]\n").pip == ("a", "b", "c")


@pytest.mark.parametrize(("platform", "expected"), [("linux-64", ("gcc", "make")), ("win-64", ("vs",))])
def test_selectors_are_evaluated_for_the_platform(platform: str, expected: tuple[str, ...]) -> None:
    text = HEAD + "- sel(unix): [gcc, make]\n- sel(win): vs\n- sel(osx): clang\n"
    assert read(text, platform=platform).conda == expected


def test_a_no_break_space_is_named() -> None:
    finding = found(read("dependencies:\n  -\u00a0python\n"), "dependencies-not-a-list")
    assert "no-break" in (finding.hint or "")


@pytest.mark.parametrize(
    "spec",
    [
        "numpy",
        "numpy=1.26",
        "numpy==1.26.4",
        "numpy 1.26",
        "numpy =1.26 py_0",
        "python   >=3.8 ,<4",
        "p=1.2=*cuda*",
        "p=*=mkl",
        "p~=1.2",
        "p!=1.2",
        "p>=1|<0.5",
        "p[version='>=1',build=*x*]",
        "conda-forge/label/dev::p",
        "conda-forge/linux-64::p=1",
        "https://conda.anaconda.org/conda-forge/linux-64::numpy=1.2",
        "https://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0c530f3_0.conda",
        "NumPy",
        "_libgcc_mutex=0.1=main",
        "python=3.11.*",
        "pkg=2020b",
        "pkg 1!2.0",
    ],
)
def test_good_specs_have_no_finding(spec: str) -> None:
    file = read(f'name: e1\nchannels: []\ndependencies: ["{spec}"]\n')
    assert file.conda == (spec,)
    assert not file.diagnostics


def test_secrets_are_not_repeated_in_messages() -> None:
    text = HEAD + "  - git+https://user:hunter2@example.org/a.git\n  - https://user:hunter2@example.org/x.whl\n"
    assert len(read(text).errors) == 2
    assert "hunter2" not in "".join(finding.message for finding in read(text).diagnostics)


def test_checked_is_what_openapi_says() -> None:
    import yaml

    contract = yaml.safe_load(Path(envfile.__file__).parents[1].joinpath("openapi.yaml").read_text(encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/CheckedFile", "components": contract["components"]}
    validator = Draft202012Validator(schema)
    for text in [FULL, "", *(entry[1] for entry in ERRORS), *(entry[2] for entry in FINDINGS)]:
        validator.validate(read(text).checked())
    assert read(FULL).checked()["conda"][0] == "python=3.10"


def test_aliases_cannot_blow_the_file_up() -> None:
    items = ", ".join(f"p{number}" for number in range(2_000))
    text = f"x: &a [{items}]\ndependencies:\n" + "- pip: *a\n" * 2_000
    started = time.perf_counter()
    file = read(text)
    assert time.perf_counter() - started < 5
    assert found(file, "too-many-entries").severity == "error"
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert not read(laughs + "dependencies: *a59\n").ok


def test_hostile_files_end_soon() -> None:
    hostile = ["[" * 500_000, "- " * 500_000, "? " * 500_000, "{" * 4_999, '["]", ' * 4_000]
    started = time.perf_counter()
    assert not any(read(text).ok for text in hostile)
    assert time.perf_counter() - started < 10


def test_reading_needs_neither_rattler_nor_yaml_before_it_is_asked() -> None:
    program = (
        "import sys; from jupyter_envlink import envfile; before = {'yaml', 'rattler'} & set(sys.modules);"
        "envfile.read('dependencies: [python=3.11, \"numpy >=1.20,<2\"]'); print(before, 'rattler' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set() False"


PARTS = st.sampled_from(
    [
        *("name: ", "channels:", "dependencies:", "variables:", "prefix: ", "- ", "  - ", "    - ", "pip:", "python"),
        *("=3.8", "\n", "[", "]", "{", "}", ",", ": ", "*a", "&a ", "<<: ", "!!python/tuple ", "'", '"', "#", "\t"),
        *("---\n", "|\n", "?", "; ", ">=1", "<2", "::", "https://a:b@c/", "sel(linux)", "{{ x }}", "<<<<<<< a\n"),
        *("\u00a0", "\x85", "\u2028", "é", "🎉", "\ufeff", "\ud800", "-e .", "[x]", "null", "1.0", "\x00", "\r", "~"),
        *("%", "@", "`"),
    ]
)


@settings(max_examples=600, deadline=None, database=None)
@given(st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=60), st.binary(max_size=80)))
def test_reading_never_raises(source: bytes | str) -> None:
    file = read(source)
    assert file.checked()["ok"] is not bool(file.errors)
    assert file.ok or all(error.message and error.code in envfile.CODES for error in file.errors)


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(PARTS, max_size=6).map("".join))
def test_specs_and_pip_items_never_raise(text: str) -> None:
    quoted = '"' + text.encode("unicode_escape").decode().replace('"', '\\"') + '"'
    read(f"dependencies: [{quoted}, pip: [{quoted}]]\n")
