from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envlink.conda_records import write_history
from jupyter_envlink.requested import requested_in_history


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], []),
        (["# update specs: ['numpy=1.20', 'Pandas']"], ["numpy=1.20", "Pandas"]),
        (["# update specs: [\"numpy[version='>=1']\"]"], ["numpy[version='>=1']"]),
        (["# update specs: ['a=1']", "# update specs: ['a']"], ["a"]),
        (["# install specs: ['a', 'b']", "# remove specs: ['a']"], ["b"]),
        (["# install specs: ['conda-forge::a']", "# uninstall specs: ['a']"], []),
        (["# cmd: conda install specs: ['b']", "+c/noarch::d-1-0"], []),
        (["# update specs: numpy 1.7*,python >=2.7,<3"], ["numpy 1.7*", "python >=2.7,<3"]),
        (
            ["# update specs: [", "# update specs: {'a': 1}", "# update specs: [1, 'b', '']", "# update specs:"],
            ["b"],
        ),
    ],
)
def test_the_last_word_on_each_package_counts(tmp_path: Path, lines: list[str], found: list[str]) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "history").write_text("\n".join(lines))
    assert list(requested_in_history(str(tmp_path), ["a", "b", "numpy", "pandas", "python"])) == found


def test_what_we_write_is_read(tmp_path: Path) -> None:
    write_history(str(tmp_path), "one", [], ["numpy=1.20", "gone"])
    write_history(str(tmp_path), "two", ["+x"], ["numpy"])
    assert requested_in_history(str(tmp_path), ["numpy", "other"]) == ("numpy",)


def test_without_a_history_nothing_was_asked_for(tmp_path: Path) -> None:
    assert requested_in_history(str(tmp_path), ["a"]) == ()
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "history").write_bytes(b"\xff\xfe# update specs: ['a']")
    assert requested_in_history(str(tmp_path), ["a"]) == ()


@pytest.mark.parametrize("specs", ["[__import__('os')]", "[" * 5000, "[1, None]"])
def test_a_list_that_is_none_hides_no_other(tmp_path: Path, specs: str) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "history").write_text(f"# update specs: {specs}\n# update specs: ['a']\n")
    assert requested_in_history(str(tmp_path), ["a"]) == ("a",)
