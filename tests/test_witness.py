"""Others change environments without asking us: we see it, and do not take their work for ours to throw away."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink import tree
from jupyter_envlink.errors import Conflict
from jupyter_envlink.transaction import change
from jupyter_envlink.witness import seen
from tests.crashes import JOB, OLD, content, litter, make, write

PACKAGES = "lib/python3.12/site-packages"


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    write(tmp_path / "envs" / "env", {**OLD, f"{PACKAGES}/x.py": "x", f"{PACKAGES}/x-1.dist-info/RECORD": ""})
    return tmp_path / "envs" / "env"


def _rewrite(path: Path) -> None:
    path.write_text("longer than before")


CHANGES: dict[str, Callable[[Path], object]] = {
    "conda installs": lambda prefix: write(prefix, {"conda-meta/y-1-0.json": "{}"}),
    "conda notes": lambda prefix: _rewrite(prefix / "conda-meta/history"),
    "pip installs": lambda prefix: write(prefix, {f"{PACKAGES}/y-1.dist-info/RECORD": ""}),
    "pip removes": lambda prefix: (prefix / PACKAGES / "x.py").unlink(),
}


@pytest.mark.parametrize("how", CHANGES)
def test_what_others_did_meanwhile_is_not_overwritten(prefix: Path, how: str) -> None:
    with pytest.raises(Conflict) as refused, change(str(prefix.parent), str(prefix), JOB, "update") as transaction:
        make(transaction)
        CHANGES[how](prefix)
        theirs = content(prefix)
        transaction.exchange()

    assert refused.value.code == "changed"
    assert content(prefix) == theirs
    assert litter(prefix.parent) == []


@pytest.mark.parametrize("how", CHANGES)
def test_nor_what_they_did_at_the_last_moment(prefix: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = tree.exchange

    def late(first: str, second: str, spare: str) -> None:
        CHANGES[how](prefix)
        monkeypatch.undo()
        exchange(first, second, spare)

    monkeypatch.setattr(tree, "exchange", late)
    with pytest.raises(Conflict) as refused, change(str(prefix.parent), str(prefix), JOB, "update") as transaction:
        make(transaction)
        transaction.exchange()

    assert refused.value.code == "changed"
    assert content(prefix) != OLD
    assert "new" not in (content(prefix) or {})["bin/python"]
    assert litter(prefix.parent) == []


def test_using_an_environment_does_not_change_it(prefix: Path) -> None:
    before = seen(str(prefix))
    write(prefix, {f"{PACKAGES}/__pycache__/x.cpython-312.pyc": "", f"{PACKAGES}/numpy/__pycache__/a.pyc": ""})
    (prefix / PACKAGES / "numpy").joinpath("__pycache__").joinpath("b.pyc").touch()

    assert seen(str(prefix)) == before | {("numpy", 0, 0)}
    assert seen(str(prefix / "nowhere")) == frozenset()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a rename that never replaces")
def test_an_empty_folder_that_somebody_has_just_made_is_theirs(tmp_path: Path) -> None:
    write(tmp_path / "made", OLD)
    (tmp_path / "theirs").mkdir()

    with pytest.raises(FileExistsError):
        tree.rename_new(str(tmp_path / "made"), str(tmp_path / "theirs"))

    assert content(tmp_path / "theirs") == {}
    tree.rename_new(str(tmp_path / "made"), str(tmp_path / "ours"))
    assert content(tmp_path / "ours") == OLD
