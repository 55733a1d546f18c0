"""Former states are kept whole, as many as are wanted, and only where a change has come to its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_envlink.environment import prefix_id
from jupyter_envlink.errors import NotFound
from jupyter_envlink.generations import generations, kept
from jupyter_envlink.recovery import empty_trash, recover, thin
from jupyter_envlink.transaction import change

from .crashes import content, write
from .writing import litter


def changed(root: Path, number: int, job: str = "20260101-000000-0000000") -> None:
    """Change ``env`` so that it holds ``number``."""
    with change(str(root), str(root / "env"), f"{job}{number}", "update", keeps=True) as transaction:
        write(Path(transaction.staging), {"conda-meta/history": "", "number": str(number)})
        transaction.exchange()
        transaction.commit()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "envs" / "env", {"conda-meta/history": "", "number": "0"})
    return tmp_path / "envs"


def numbers(root: Path) -> list[str]:
    return [Path(each.tree, "number").read_text() for each in generations(str(root), str(root / "env"))]


def test_each_change_leaves_what_was_there(root: Path) -> None:
    for number in (1, 2, 3):
        changed(root, number)

    assert (root / "env" / "number").read_text() == "3"
    assert numbers(root) == ["2", "1", "0"]
    newest = generations(str(root), str(root / "env"))[0]
    assert (newest.number, newest.job, newest.operation) == (3, "20260101-000000-00000003", "update")
    assert newest.created.endswith("Z")
    assert kept(str(root), str(root / "env"), 1).tree.endswith(os.path.join(prefix_id(str(root / "env")), "1", "env"))


def test_the_oldest_go_and_numbers_do_not_come_again(root: Path) -> None:
    for number in (1, 2, 3):
        changed(root, number)
    thin(str(root), str(root / "env"), 2, "a-job")
    empty_trash(str(root), "a-job")

    assert numbers(root) == ["2", "1"]
    with pytest.raises(NotFound) as gone:
        kept(str(root), str(root / "env"), 1)
    assert gone.value.code == "no-generation"
    changed(root, 4)
    assert [each.number for each in generations(str(root), str(root / "env"))] == [4, 3, 2]


def test_a_change_that_is_undone_keeps_nothing(root: Path) -> None:
    with pytest.raises(KeyError), change(str(root), str(root / "env"), "a-job", "update", keeps=True) as transaction:
        write(Path(transaction.staging), {"number": "1"})
        transaction.exchange()
        raise KeyError

    assert content(root / "env") == {"conda-meta/history": "", "number": "0"}
    assert litter(root) == []


def test_what_somebody_else_is_changing_is_not_thinned(root: Path) -> None:
    changed(root, 1)
    with change(str(root), str(root / "env"), "a-job", "update"):
        thin(str(root), str(root / "env"), 0, "another")

    assert numbers(root) == ["0"]


def test_a_place_that_was_never_filled_is_swept_and_others_are_left(root: Path) -> None:
    changed(root, 1)
    folder = root / ".envlink" / "generations" / prefix_id(str(root / "env"))
    write(folder / "9", {"generation.json": "{}"})
    write(folder / "notes", {"x": ""})

    recover(str(root))

    assert sorted(os.listdir(folder)) == ["1", "notes"]
    assert numbers(root) == ["0"]


def test_an_environments_generations_are_no_environments(root: Path) -> None:
    """What somebody has put into their place, or a link, is none either."""
    folder = root / ".envlink" / "generations" / prefix_id(str(root / "env"))
    write(folder, {"1/generation.json": "not JSON", "1/env/number": "1", "2/env/number": "2"})
    (folder / "3").mkdir()
    (folder / "3" / "generation.json").write_text("{}")
    (folder / "3" / "env").symlink_to(root / "env")

    assert numbers(root) == []
