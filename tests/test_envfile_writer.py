"""Whatever is changed in a file, everything else in it stays as it was, byte for byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_envlink.envfile import Edit, Entry, EnvironmentFile, read, writer
from jupyter_envlink.errors import InvalidFile

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "real"

FULL = """\
# who asked for it
name: finance
channels:
  - conda-forge   # first
  - "nodefaults"
dependencies:
  # the language
  - python=3.10   # kept as text
  - 'numpy >=1.20,<2'
  - pip
  - pip:
      - requests==2.31.0
      # for the report
      - rich  # colours
  - libpysal
prefix: /home/me
"""


def changed(text: str, edit: Edit) -> str:
    return writer.apply(text, [edit])


def entry(file: EnvironmentFile, kind: str, text: str) -> Entry:
    return next(each for each in file.entries if each.kind == kind and each.text == text)


Add = Callable[[str, EnvironmentFile, str], Edit]


@pytest.mark.parametrize(
    ("add", "new", "before", "after"),
    [
        (writer.add_conda, "pandas>=2,<3", "  - libpysal\n", "  - libpysal\n  - pandas>=2,<3\n"),
        (writer.add_pip, "a[b]==1", "      - rich  # colours\n", "      - rich  # colours\n      - a[b]==1\n"),
        (writer.add_pip, "-e .", "      - rich  # colours\n", '      - rich  # colours\n      - "-e ."\n'),
        (writer.add_channel, "bioconda", '  - "nodefaults"\n', '  - "nodefaults"\n  - bioconda\n'),
        (writer.set_name, "other", "name: finance", "name: other"),
    ],
)
def test_an_entry_is_added_as_its_neighbours_are_written(add: Add, new: str, before: str, after: str) -> None:
    assert changed(FULL, add(FULL, read(FULL), new)) == FULL.replace(before, after)


@pytest.mark.parametrize(
    ("add", "new", "text", "expected"),
    [
        (writer.add_conda, "b", "dependencies: [a]\n", "dependencies: [a, b]\n"),
        (writer.add_conda, "b>1,<2", "dependencies: [a,]\n", 'dependencies: [a, "b>1,<2",]\n'),
        (writer.add_conda, "b", "dependencies: [\n  a,\n  c  # x\n]\n", "dependencies: [\n  a,\n  c,\n  b  # x\n]\n"),
        (writer.add_conda, "b", "dependencies: []  # none\n", "dependencies:\n  - b  # none\n"),
        (writer.add_conda, "b", "dependencies:\n- a", "dependencies:\n- a\n- b"),
        (writer.add_conda, "b", "dependencies:\n-   'a'\n-   'c'\n", "dependencies:\n-   'a'\n-   'c'\n-   'b'\n"),
        (writer.add_conda, "b", "dependencies:\r\n  - a\r\n", "dependencies:\r\n  - a\r\n  - b\r\n"),
        (writer.add_conda, "b", "\ufeffdependencies:\n- a # é\n", "\ufeffdependencies:\n- a # é\n- b\n"),
        (writer.add_conda, "b", "{dependencies: [a]}", "{dependencies: [a, b]}"),
        (writer.add_conda, "b", "name: x\n", "name: x\ndependencies:\n  - b\n"),
        (
            writer.add_conda,
            "b",
            "dependencies:\n  - pip: [x]\n# end\n",
            "dependencies:\n  - pip: [x]\n  - b\n# end\n",
        ),
        (
            writer.add_pip,
            "x",
            "dependencies:\n  - a\n\nprefix: /\n",
            "dependencies:\n  - a\n  - pip\n  - pip:\n      - x\n\nprefix: /\n",
        ),
        (writer.add_pip, "x", "dependencies:\n- pip\n", "dependencies:\n- pip\n- pip:\n  - x\n"),
        (writer.add_pip, "x", "dependencies:\n- pip\n- pip:\n", "dependencies:\n- pip\n- pip:\n  - x\n"),
        (writer.add_pip, "x", "dependencies: [a]\n", "dependencies: [a, pip, {pip: [x]}]\n"),
        (writer.add_pip, "x", "dependencies: [pip, pip: [a]]\n", "dependencies: [pip, pip: [a, x]]\n"),
        (
            writer.add_pip,
            "x",
            "dependencies:\n- a\n- pip:\n  - b\n",
            "dependencies:\n- a\n- pip\n- pip:\n  - b\n  - x\n",
        ),
        (writer.add_pip, "x", "dependencies: []\n", "dependencies:\n  - pip\n  - pip:\n      - x\n"),
        (writer.add_channel, "r", "channels: [a]\ndependencies: []\n", "channels: [a, r]\ndependencies: []\n"),
        (
            writer.add_channel,
            "r",
            "name: x\n# what\ndependencies:\n- a\n",
            "name: x\nchannels:\n- r\n# what\ndependencies:\n- a\n",
        ),
        (writer.add_channel, "r", "dependencies: []\n", "channels:\n  - r\ndependencies: []\n"),
        (
            writer.add_channel,
            "r",
            "channels: !!python/tuple\n- a\ndependencies: []\n",
            "channels: !!python/tuple\n- a\n- r\ndependencies: []\n",
        ),
        (writer.set_name, "3.10", "# x\ndependencies: []\n", '# x\nname: "3.10"\ndependencies: []\n'),
        (writer.set_name, "a", "name:\ndependencies: []\n", "name: a\ndependencies: []\n"),
        (writer.set_name, "a", 'name: "b"\ndependencies: []\n', 'name: "a"\ndependencies: []\n'),
        (writer.set_name, "a", "{dependencies: []}", "{name: a, dependencies: []}"),
    ],
)
def test_every_way_to_write_a_list_is_kept(add: Add, new: str, text: str, expected: str) -> None:
    assert changed(text, add(text, read(text), new)) == expected


@pytest.mark.parametrize(
    ("kind", "gone", "text", "expected"),
    [
        ("conda", "a", "dependencies:\n  - a  # x\n  # y\n  - b\n", "dependencies:\n  # y\n  - b\n"),
        ("conda", "a", "dependencies: # x\n  # y\n  - a\n", "dependencies: [] # x\n  # y\n"),
        ("conda", "a", "dependencies: [a, b]\n", "dependencies: [b]\n"),
        ("conda", "b", "dependencies: [a, b]\n", "dependencies: [a]\n"),
        ("conda", "b", "dependencies: [a, b, ]\n", "dependencies: [a, ]\n"),
        ("conda", "a", "dependencies: [a]\n", "dependencies: []\n"),
        ("conda", "a", "dependencies: [\n  a,  # x\n  b   # y\n]\n", "dependencies: [\n  b   # y\n]\n"),
        ("conda", "b", "dependencies: [\n  a,  # x\n  b   # y\n]\n", "dependencies: [\n  a,  # x\n]\n"),
        ("pip", "x", "dependencies:\n- pip:\n  # c\n  - x\n- a", "dependencies:\n  # c\n- a"),
        ("pip", "x", "dependencies: [a, pip: [x]]", "dependencies: [a]"),
        (
            "channel",
            "a",
            "channels: !!python/tuple\n- a\ndependencies: []",
            "channels: !!python/tuple []\ndependencies: []",
        ),
        ("prefix", "/x", "dependencies: []\r\nprefix: /x\r\nname: a\r\n", "dependencies: []\r\nname: a\r\n"),
        ("prefix", "/x", "{dependencies: [], prefix: /x, name: a}", "{dependencies: [], name: a}"),
        ("variable", "1", "dependencies: []\nvariables:\n  A: 1\n  B: 2\n", "dependencies: []\nvariables:\n  B: 2\n"),
    ],
)
def test_an_entry_goes_with_its_line_and_leaves_the_other_comments(
    kind: str, gone: str, text: str, expected: str
) -> None:
    assert changed(text, writer.remove_entry(text, entry(read(text), kind, gone))) == expected
    assert read(expected).ok


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("dependencies: [a]\n", "b>1,<2", 'dependencies: ["b>1,<2"]\n'),
        ("dependencies:\n- a>1,<3 # x\n", "a>1,<2", "dependencies:\n- a>1,<2 # x\n"),
        ("dependencies:\n- 'a'\n", "it's", "dependencies:\n- 'it''s'\n"),
        ("dependencies:\n- |\n  a\n- b\n", "c", "dependencies:\n- c\n- b\n"),
        ("dependencies:\n- a\n", "1.0", 'dependencies:\n- "1.0"\n'),
    ],
)
def test_an_entry_is_replaced_in_its_quotes(text: str, new: str, expected: str) -> None:
    first = next(each for each in read(text).entries if each.kind == "conda")
    assert changed(text, writer.replace_entry(text, first, new)) == expected


def test_several_entries_go_in_one_edit() -> None:
    text = "dependencies: [a, b, c, d]\n"
    found = [each for each in read(text).entries if each.text in "acd"]
    assert changed(text, writer.remove_entries(text, found)) == "dependencies: [b]\n"
    assert changed(text, writer.remove_entries(text, list(read(text).entries))) == "dependencies: []\n"
    pip = [each for each in read(FULL).entries if each.kind == "pip"]
    assert read(changed(FULL, writer.remove_entries(FULL, pip))).pip is None


@pytest.mark.parametrize("text", ["dependencies: &a [x]\nchannels: *a\n", "- a\n", "a: [", "", "{}"])
def test_what_cannot_be_changed_is_refused(text: str) -> None:
    with pytest.raises(InvalidFile):
        writer.add_channel(text, read(text), "r")


def test_edits_that_overlap_are_not_made_together() -> None:
    one, two, three = Edit(1, 1, 1, 4, "x"), Edit(1, 3, 1, 5, "y"), Edit(2, 1, 2, 1, "z")
    with pytest.raises(ValueError, match="overlap"):
        writer.apply("abcdef\n", [one, two])
    assert writer.apart([three, two, one]) == [one, three]
    first, second = Edit(1, 1, 2, 1, ""), Edit(2, 1, 3, 1, "")
    assert writer.apart([second, first]) == [first, second]
    assert writer.apart([first, three]) == [first]
    assert writer.apply("abcdef\r\nb\r\n", [three, one]) == "xdef\r\nzb\r\n"
    assert writer.apply("a", [Edit(9, 1, 9, 1, "!")]) == "a!"


@cache
def corpus() -> list[str]:
    texts = []
    for path in sorted(CORPUS.iterdir()) if CORPUS.is_dir() else ():
        source = path.read_bytes()
        text = source.decode("utf-16" if source[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
        texts += [text] if read(text).ok else []
    return texts


def lists(file: EnvironmentFile) -> dict[str, tuple[str, ...]]:
    return {"channel": file.channels or (), "conda": file.conda or (), "pip": file.pip or ()}


def comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.lstrip().startswith("#"))


def is_untouched(before: str, after: str, edit: Edit) -> bool:
    """Whether every line outside the edit's range is there, in its order, byte for byte."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head, tail = edit.line - 1, len(old) - edit.end_line
    return new[:head] == old[:head] and (tail <= 0 or new[-tail:] == old[-tail:])


needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
many = settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
SPECS = st.sampled_from(["zzz", "zzz=1.0", "zzz>=1,<2", "c::zzz[build='*x']", "zzz 1.0", "it's", "-e ./z", "3.10", "é"])


@needs_corpus
@many
@given(
    st.data(),
    SPECS,
    st.sampled_from([("conda", writer.add_conda), ("pip", writer.add_pip), ("channel", writer.add_channel)]),
)
def test_adding_to_a_real_file_adds_that_and_nothing_else(data: st.DataObject, new: str, what: tuple[str, Add]) -> None:
    text, (kind, add) = data.draw(st.sampled_from(corpus())), what
    before = read(text)
    edit = add(text, before, new)
    after = changed(text, edit)
    expected = lists(before)
    expected[kind] = (*expected[kind], new)
    if kind == "pip" and not writer.lists_pip(before):
        expected["conda"] = (*expected["conda"], "pip")
    assert {name: Counter(texts) for name, texts in lists(read(after)).items()} == {
        name: Counter(texts) for name, texts in expected.items()
    }
    assert [each for each in lists(read(after))[kind] if each != new] == [*lists(before)[kind]]
    assert comments(after) == comments(text)
    assert is_untouched(text, after, edit)
    assert len(after) - len(text) < len(new) + 60


@needs_corpus
@many
@given(st.data())
def test_removing_from_a_real_file_removes_that_and_nothing_else(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(corpus()))
    before = read(text)
    positions = [n for n, each in enumerate(before.entries) if each.kind in ("conda", "pip", "channel")]
    gone = sorted(data.draw(st.sets(st.sampled_from(positions), min_size=1, max_size=8))) if positions else []
    if not gone:
        return
    edit = writer.remove_entries(text, [before.entries[n] for n in gone])
    after = changed(text, edit)
    left = [(each.kind, each.text) for n, each in enumerate(before.entries) if n not in gone]
    assert [(each.kind, each.text) for each in read(after).entries] == left
    assert comments(after) == comments(text)
    assert is_untouched(text, after, edit)


@needs_corpus
@many
@given(st.data(), SPECS)
def test_replacing_in_a_real_file_replaces_that_and_nothing_else(data: st.DataObject, new: str) -> None:
    text = data.draw(st.sampled_from(corpus()))
    before = read(text)
    if not before.entries:
        return
    number = data.draw(st.integers(0, len(before.entries) - 1))
    edit = writer.replace_entry(text, before.entries[number], new)
    after = changed(text, edit)
    expected = [(each.kind, new if n == number else each.text) for n, each in enumerate(before.entries)]
    assert [(each.kind, each.text) for each in read(after).entries] == expected
    assert comments(after) == comments(text)
    assert is_untouched(text, after, edit)
