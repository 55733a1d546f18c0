"""Each finding is either mended by its own fix, or stands in a list with the reason why only a person can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envlink.envfile import CODES, Diagnostic, EnvironmentFile, read, writer
from jupyter_envlink.envfile.fixing import fixed
from tests.test_envfile import PARTS

NO_REPAIR = {
    "unreadable": "there is no text to change",
    "too-large": "it is not the right file",
    "too-deep": "it is not the right file",
    "too-many-entries": "it is not the right file",
    "encoding": "an edit changes a text, and the bytes are none",
    "empty-file": "what to install is for its author to say",
    "conflict-marker": "which side to keep is for its author to say",
    "template": "the value that was meant is not in the file",
    "not-a-mapping": "what the list or the text is of cannot be told",
    "dependencies-missing": "what to install is for its author to say",
    "yaml-merge-key": "the merged keys would have to be copied, with what overrides them",
    "pip-local": "the files are beside it or they are not",
    "odd-version": "a hyphen was forgotten, or a line break: both are as likely",
    "other-format": "it is not the right file",
    "channels-missing": "the configured ones may be meant",
    "channel-not-allowed": "who forbids it may say which one to take instead",
    "channel-user": "both channels exist, and either may be meant",
    "odd-build": "a line break was forgotten, or an equals sign: both are as likely",
    "secret": "without it the channel does not answer; where else to keep it is for its owner to say",
    "variable-repeated": "which of the two values is meant is for its author to say",
    "exact-builds": "they may be meant; a conflict offers to leave them out",
    "selector": "the file would be for one platform only",
    "comment-selector": "which platforms the file is for is for its author to say",
    "old-python": "it works",
    "variable-name": "what reads the variable knows it by its right name only",
}

HEAD = "name: e1\nchannels: [conda-forge]\ndependencies:\n"
PIP = "  - pip\n  - pip:\n    - requests  # of pip\n"

# code, text, what the fix makes of it
EXAMPLES: list[tuple[str, str, str]] = [
    ("yaml-syntax", "name: e1\x07\n" + HEAD[9:] + "  - a\n", HEAD + "  - a\n"),
    ("yaml-syntax", HEAD + "\u00a0\u00a0- a\n", HEAD + "  - a\n"),
    ("yaml-syntax", HEAD + "  - a\n\ufeffprefix: /x\n", HEAD + "  - a\nprefix: /x\n"),
    ("tab-indent", HEAD + "\t- a  # x\n\t- b\n", HEAD + "  - a  # x\n  - b\n"),
    ("tab-indent", HEAD + "\t- a\n\t- pip:\n\t\t- b\n\t- pip\n", HEAD + "  - a\n  - pip:\n    - b\n  - pip\n"),
    ("several-documents", HEAD + "  - a\n---\n# nothing\n", HEAD + "  - a\n# nothing\n"),
    ("yaml-tag", HEAD.replace("e1", "!!python/name:os e1") + "  - a\n", HEAD + "  - a\n"),
    ("yaml-tag", "name: e1\nchannels: !mine\n- r\ndependencies: []\n", "name: e1\nchannels:\n- r\ndependencies: []\n"),
    ("duplicate-key", HEAD + "  - a  # x\ndependencies:\n# y\n- b  # z\n", HEAD + "  - a  # x\n  # y\n  - b  # z\n"),
    ("duplicate-key", HEAD + "  - a\nname: e1\n", HEAD + "  - a\n"),
    ("duplicate-key", HEAD.rstrip() + " []\ndependencies: []\n", HEAD.rstrip() + " []\n"),
    ("duplicate-key", HEAD + "  - a\nchannels: [r]\n", HEAD.replace("forge]", "forge, r]") + "  - a\n"),
    ("unknown-key", HEAD.replace("channels", "chanels") + "  - a\n", HEAD + "  - a\n"),
    ("unknown-key", HEAD + PIP + "pip:\n- b\n- requests\n", HEAD + PIP + "    - b\n"),
    ("unknown-key", HEAD + "  - a\npip: b\n", HEAD + "  - a\n  - pip\n  - pip:\n      - b\n"),
    ("name-missing", HEAD[9:] + "  - a\n", "name: environment\n" + HEAD[9:] + "  - a\n"),
    ("name-not-text", "name:  # x\n" + HEAD[9:] + "  - a\n", "name: environment  # x\n" + HEAD[9:] + "  - a\n"),
    ("name-not-text", "name: [e1]\n" + HEAD[9:] + "  - a\n", HEAD + "  - a\n"),
    ("name-not-quoted", HEAD.replace("e1", "3.10") + "  - a\n", HEAD.replace("e1", '"3.10"') + "  - a\n"),
    ("name-not-usable", HEAD.replace("e1", "my env") + "  - a\n", HEAD.replace("e1", "my-env") + "  - a\n"),
    ("prefix-ignored", HEAD + "  - a\nprefix: C:\\x  # mine\n# end\n", HEAD + "  - a\n# end\n"),
    ("channels-not-a-list", HEAD.replace("[conda-forge]", "conda-forge") + "  - a\n", HEAD + "  - a\n"),
    ("channel-not-text", HEAD.replace("]", ", ~]") + "  - a\n", HEAD + "  - a\n"),
    ("channel-not-text", HEAD.replace("]", ", 1]") + "  - a\n", HEAD.replace("]", ', "1"]') + "  - a\n"),
    ("channel-typo", HEAD.replace("-forge", "forge") + "  - a\n", HEAD + "  - a\n"),
    (
        "nodefaults-with-defaults",
        HEAD.replace("[", "[nodefaults, defaults, ") + "  - a\n",
        HEAD.replace("[", "[defaults, ") + "  - a\n",
    ),
    ("dependencies-not-a-list", HEAD.rstrip() + "  # none\n", HEAD.rstrip() + " []  # none\n"),
    ("dependencies-not-a-list", HEAD.rstrip() + " a, b=1\n", HEAD.rstrip() + " [a, b=1]\n"),
    ("dependencies-not-a-list", HEAD + "  a: 1.0\n  b:  # x\n  c: '>2'\n", HEAD + "  - a=1.0\n  - b  # x\n  - c>2\n"),
    ("dependencies-not-a-list", HEAD.rstrip() + " {a: 1}\n", HEAD.rstrip() + " [a=1]\n"),
    ("dependencies-not-a-list", HEAD + "  -a\n  -b\n", HEAD + "  - a\n  - b\n"),
    ("dependencies-not-a-list", HEAD + "  -\u00a0a\n  -\u00a0b\n", HEAD + "  - a\n  - b\n"),
    ("dependency-not-text", HEAD + "  - a\n  -\n", HEAD + "  - a\n"),
    ("unknown-subsection", HEAD + "  - pip\n  - Pip: [a]\n", HEAD + "  - pip\n  - pip: [a]\n"),
    ("colon-typo", HEAD + "  - python: 3.12  # x\n", HEAD + "  - python=3.12  # x\n"),
    ("colon-typo", HEAD.rstrip() + " [python: '>3.10,<4']\n", HEAD.rstrip() + ' ["python>3.10,<4"]\n'),
    ("pip-not-a-list", HEAD + "  - pip\n  - pip: b\n", HEAD + "  - pip\n  - pip: [b]\n"),
    ("pip-empty", HEAD + "  - a\n  - pip:  # x\n", HEAD + "  - a\n  - pip  # x\n"),
    ("pip-empty", HEAD + "  - pip\n  - pip:\n", HEAD + "  - pip\n"),
    ("pip-item-not-text", HEAD + "  - pip\n  - pip: [a, 3]\n", HEAD + '  - pip\n  - pip: [a, "3"]\n'),
    ("pip-item-not-text", HEAD + PIP + "    -\n", HEAD + PIP),
    ("pip-item-not-text", HEAD + PIP + "    - -f: https://x\n", HEAD + PIP + '    - "-f https://x"\n'),
    ("pip-missing", HEAD + "  - a\n  - pip:\n    - b\n", HEAD + "  - a\n  - pip\n  - pip:\n    - b\n"),
    (
        "several-pip-blocks",
        HEAD + PIP + "  - c\n  - pip:  # first\n      # second\n      - b # third\n  - d\n  - pip: # more\n",
        HEAD + PIP + "    # first\n    # second\n    - b # third\n    # more\n  - c\n  - d\n",
    ),
    ("several-pip-blocks", HEAD + PIP + "  - pip: [b, c]\n", HEAD + PIP + "    - b\n    - c\n"),
    ("conda-syntax-in-pip", HEAD + PIP + "    - a==1.0=pypi_0\n", HEAD + PIP + "    - a==1.0\n"),
    (
        "pip-syntax",
        HEAD + "  - git+https://x.org/a\n  # y\n" + PIP + "  - -i https://x.org\n",
        HEAD + "  # y\n" + PIP + "    - git+https://x.org/a\n" + '    - "-i https://x.org"\n',
    ),
    ("pip-syntax", HEAD + "  - git+https://x.org/a\n", HEAD + "  - pip\n  - pip:\n      - git+https://x.org/a\n"),
    ("pip-marker", HEAD + "  - a=1;python_version<'3'\n" + PIP, HEAD + PIP + "    - a==1;python_version<'3'\n"),
    ("pip-extra", HEAD + "  - pymongo[srv]==4.2\n", HEAD + "  - pymongo==4.2\n"),
    ("local-package", HEAD + "  - /x/a-1-0.conda\n", HEAD + "  - file:///x/a-1-0.conda\n"),
    ("local-package", HEAD + "  - C:\\x\\a-1-0.conda\n", HEAD + "  - file:///C:/x/a-1-0.conda\n"),
    ("invalid-spec", HEAD + "  - a=1.2,\n", HEAD + "  - a=1.2\n"),
    ("odd-space", HEAD + '  - "a\u00a0>=1"\n', HEAD + '  - "a >=1"\n'),
    ("odd-name", HEAD + "  - python3.12\n", HEAD + "  - python=3.12\n"),
    (
        "pip-outdented",
        HEAD + "  - pip\n  - pip:\n  - b==1  # x\n  # y\n  - c==2\n",
        HEAD + "  - pip\n  - pip:\n      - b==1  # x\n      # y\n      - c==2\n",
    ),
    ("missing-comma", HEAD + "  - 'python>3.10 <3.13'\n", HEAD + "  - 'python>3.10,<3.13'\n"),
    ("missing-comma", HEAD.rstrip() + " [python>3.10 <3.13]\n", HEAD.rstrip() + ' ["python>3.10,<3.13"]\n'),
    ("swapped-operator", HEAD + "  - p=>1.2\n", HEAD + "  - p>=1.2\n"),
    ("trailing-dot", HEAD + "  - p=1.2.\n", HEAD + "  - p=1.2\n"),
    (
        "pypi-build",
        HEAD + "  - b=2.0=pypi_0\n  - requests=2.3=pypi_0\n" + PIP + "  - c=1=pypi_0\n",
        HEAD + PIP + "    - b==2.0\n    - c==1\n",
    ),
    ("other-platform", HEAD + "  - pywin32  # x\n  - a\n", HEAD + "  - a\n"),
    ("other-platform-build", HEAD + "  - a=24.0=haa95532_0\n", HEAD + "  - a=24.0\n"),
    ("repeated-package", HEAD + "  - numpy=1\n  - a\n  - numpy\n", HEAD + "  - numpy=1\n  - a\n"),
    ("repeated-package", HEAD + "  - numpy\n  - a\n  - numpy=1\n", HEAD + "  - a\n  - numpy=1\n"),
    (
        "repeated-package",
        HEAD + "  - requests=1\n" + PIP + "    - b\n",
        HEAD + "  - requests=1\n" + PIP.replace("    - requests  # of pip\n", "    - b\n"),
    ),
    (
        "variables-not-a-mapping",
        HEAD + "  - a\nvariables:\n  - A=1  # x\n  - B=b=c\n",
        HEAD + '  - a\nvariables:\n  A: "1"  # x\n  B: b=c\n',
    ),
    ("variables-not-a-mapping", HEAD + "  - a\nvariables:\n", HEAD + "  - a\n"),
    ("variable-not-text", HEAD + "  - a\nvariables:\n  A: [b, 'c']\n", HEAD + "  - a\nvariables:\n  A: '[b, ''c'']'\n"),
    ("variable-not-quoted", HEAD + "  - a\nvariables:\n  A: 1.10\n", HEAD + '  - a\nvariables:\n  A: "1.10"\n'),
    ("variable-null", HEAD + "  - a\nvariables:\n  A:  # x\n", HEAD + "  - a\nvariables:\n  A: ''  # x\n"),
    ("variable-upper-cased", HEAD + "  - a\nvariables:\n  Ab: c\n", HEAD + "  - a\nvariables:\n  AB: c\n"),
    ("variable-reserved", HEAD + "  - a\nvariables:\n  PATH: x\n  B: b\n", HEAD + "  - a\nvariables:\n  B: b\n"),
]


def checked(text: str) -> EnvironmentFile:
    return read(text, platform="linux-64")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_fix_or_a_reason_for_none(code: str) -> None:
    assert (code in NO_REPAIR) is not any(code == example[0] for example in EXAMPLES)


@pytest.mark.parametrize(
    ("code", "text", "expected"), EXAMPLES, ids=[f"{example[0]}-{n}" for n, example in enumerate(EXAMPLES)]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_fix_removes_its_finding_and_adds_none(code: str, text: str, expected: str, end: str) -> None:
    text, expected = text.replace("\n", end), expected.replace("\n", end)
    before = checked(text).diagnostics
    fix = next(each.fix for each in before if each.code == code)
    assert fix is not None
    assert writer.apply(text, [fix]) == expected
    left = Counter(each.code for each in checked(expected).diagnostics)
    assert code not in left
    if code not in ("yaml-syntax", "tab-indent", "several-documents"):  # behind these nothing else is seen
        assert not left - Counter(each.code for each in before)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "  - a=1\n  - b\n  - a=2\n",
        HEAD + "  - ./a.conda\n",
        HEAD + "  - npm: [a]\n",
        HEAD + "  - {{ a }}\n",
        "name: e1\ndependencies: [a]\n---\nname: e2\ndependencies: [b]\n",
        "name: e1\ndependencies: [a]\nname: e2\n",
        "name: e1\nvariables: [A]\ndependencies: []\n",
        "name: e1\ndependencies: a >= 1\n",
        "x: &a [-e ., b]\nname: e1\ndependencies: *a\n",
    ],
)
def test_where_only_the_author_knows_there_is_no_fix(text: str) -> None:
    worst = min(checked(text).diagnostics, key=lambda each: ("error", "warning", "info").index(each.severity))
    assert worst.fix is None


CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
@pytest.mark.parametrize("folder", ["real", "probes"])
def test_each_fix_of_a_real_file_removes_its_finding(folder: str) -> None:
    count = 0
    for path in sorted((CORPUS / folder).iterdir()):
        source = path.read_bytes()
        text = source.decode("utf-16" if source[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        before = checked(text).diagnostics
        for finding in before:
            if finding.fix is None:
                continue
            count += 1
            after = checked(writer.apply(text, [finding.fix])).diagnostics
            assert _alike(after, finding) < _alike(before, finding), (path, finding)
    assert count > 20


@pytest.mark.parametrize(
    "text",
    [
        "mod: puppet\nprefix: /x\n",
        "version: 1\nmetadata: {}\npackage:\n- name: a\n",
        "name: e1\nchannel: [r]\n",
    ],
)
def test_what_is_no_environment_file_is_left_alone(text: str) -> None:
    assert fixed(text) == text


def test_a_misspelled_key_of_a_good_file_is_no_other_file() -> None:
    assert fixed("name: e1\nchannels: [bioconda]\ndependancies: [a]\nprefix: /x\n") == (
        "name: e1\nchannels: [bioconda]\ndependencies: [a]\n"
    )


@settings(max_examples=400, deadline=None, database=None)
@given(st.sampled_from(EXAMPLES), st.lists(st.tuples(st.integers(0, 300), PARTS), max_size=4))
def test_whatever_the_text_its_fixes_come_to_an_end(
    example: tuple[str, str, str], put_in: list[tuple[int, str]]
) -> None:
    text = example[1]
    for at, part in put_in:
        text = text[:at] + part + text[at:]
    mended = fixed(text, platform="linux-64")
    assert fixed(mended, platform="linux-64") == mended
    before = checked(text).diagnostics
    for finding in before:
        if finding.fix is not None and finding.code != "duplicate-key":  # the third takes the second's place
            after = checked(writer.apply(text, [finding.fix])).diagnostics
            assert _equal(after, finding) < _equal(before, finding), finding


def _equal(found: Sequence[Diagnostic], one: Diagnostic) -> int:
    return sum((each.code, each.message) == (one.code, one.message) for each in found)


def _alike(found: Sequence[Diagnostic], one: Diagnostic) -> int:
    return sum(each.code == one.code for each in found)
