"""Whole trees are cloned without being shared, exchanged without a gap, and deleted whatever their rights."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envlink import tree
from tests.writing import as_nobody, open_to_all, tree_of

posix = pytest.mark.skipif(os.name == "nt", reason="rights on folders, symbolic links")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small tree with one of each thing."""
    made = tmp_path / "source"
    for folder in ("bin", "conda-meta", "lib/émpty ☕", "pkg/conda-meta"):
        (made / folder).mkdir(parents=True)
    for name in ("bin/python", "conda-meta/history", "conda-meta/python-3.json", "lib/history"):
        (made / name).write_text(name)
    (made / "bin" / "python").chmod(0o755)
    (made / "conda-meta").chmod(0o750)
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system, where links to ``tmp_path`` cannot be made."""
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system")
    folder = shm / f"envlink-test-{os.getpid()}"
    yield folder
    tree.delete(str(folder))


def inodes(folder: Path, *names: str) -> list[int]:
    return [(folder / name).stat().st_ino for name in names]


def test_a_clone_has_the_same_content_modes_and_empty_folders(source: Path, tmp_path: Path) -> None:
    tree.clone(str(source), str(tmp_path / "clone"))

    assert tree_of(tmp_path / "clone") == tree_of(source)


def test_a_clone_shares_files_but_nothing_of_conda_meta(source: Path, tmp_path: Path) -> None:
    tree.clone(str(source), str(tmp_path / "clone"))

    shared, own = ("bin/python", "lib/history"), ("conda-meta/history", "conda-meta/python-3.json")
    assert inodes(tmp_path / "clone", *shared) == inodes(source, *shared)
    assert not set(inodes(tmp_path / "clone", *own)) & set(inodes(source, *own))


def test_writing_into_records_of_a_clone_leaves_the_original(source: Path, tmp_path: Path) -> None:
    before = tree_of(source)
    tree.clone(str(source), str(tmp_path / "clone"))

    for name in ("history", "python-3.json"):
        with (tmp_path / "clone" / "conda-meta" / name).open("a") as stream:
            stream.write("more")

    assert tree_of(source) == before


@posix
def test_a_clone_keeps_symbolic_links_as_they_are(source: Path, tmp_path: Path) -> None:
    (source / "bin" / "python3").symlink_to("python")
    (source / "gone").symlink_to("/nowhere/at all")
    (source / "folder").symlink_to("lib", target_is_directory=True)

    tree.clone(str(source), str(tmp_path / "clone"))

    links = {name: os.readlink(tmp_path / "clone" / name) for name in ("bin/python3", "gone", "folder")}
    assert links == {"bin/python3": "python", "gone": "/nowhere/at all", "folder": "lib"}


def test_a_clone_on_another_file_system_is_a_copy(source: Path, elsewhere: Path) -> None:
    tree.clone(str(source), str(elsewhere))

    assert tree_of(elsewhere) == tree_of(source)
    assert (elsewhere / "bin" / "python").stat().st_nlink == 1


def test_a_clone_never_goes_over_what_is_there(source: Path, tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()

    with pytest.raises(FileExistsError):
        tree.clone(str(source), str(tmp_path / "clone"))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "name").write_text(folder.name)
    return first, second


def test_what_comes_and_goes_meanwhile_stops_no_clone(source: Path, tmp_path: Path) -> None:
    """As the files do that Python writes a compiled module to before it renames them."""
    done = threading.Event()

    def compile_modules() -> None:
        for number in itertools.takewhile(lambda _: not done.is_set(), itertools.count()):
            for each in range(20):
                (source / "lib" / f"{number % 2}-{each}.pyc.tmp").write_text("")
            for each in range(20):
                (source / "lib" / f"{number % 2}-{each}.pyc.tmp").unlink()

    user = threading.Thread(target=compile_modules)
    user.start()
    try:
        for number in range(100):
            tree.clone(str(source), str(tmp_path / str(number)))
    finally:
        done.set()
        user.join()

    kept = {name: each for name, each in tree_of(tmp_path / "99").items() if not name.endswith(".tmp")}
    assert kept == tree_of(source)


def test_two_trees_change_places(pair: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = pair

    tree.exchange(str(first), str(second), str(tmp_path / "spare"))

    assert ((first / "name").read_text(), (second / "name").read_text()) == ("second", "first")
    assert sorted(os.listdir(tmp_path)) == ["first", "second"]


def test_they_do_so_by_three_renames_where_the_system_cannot_at_once(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "_RENAME_EXCHANGE", 1 << 30)  # the kernel does not know this flag: EINVAL

    test_two_trees_change_places(pair, tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2")
def test_nobody_ever_sees_a_gap_while_they_do(pair: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = pair
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add((first / "name").read_text() if os.path.lexists(first / "name") else "a gap")

    watcher = threading.Thread(target=look)
    watcher.start()
    deadline = time.monotonic() + 30
    for count in itertools.count(1):
        tree.exchange(str(first), str(second), str(tmp_path / "spare"))
        if (count >= 300 and len(seen) > 1) or time.monotonic() > deadline:  # the watcher may be slow to begin
            break
    done.set()
    watcher.join()

    assert seen == {"first", "second"}


@pytest.mark.parametrize("flag", [2, 1 << 30], ids=["at once", "three renames"])
def test_an_exchange_with_nothing_says_so_and_changes_nothing(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: int
) -> None:
    monkeypatch.setattr(tree, "_RENAME_EXCHANGE", flag)

    with pytest.raises(FileNotFoundError):
        tree.exchange(str(pair[0]), str(tmp_path / "nothing"), str(tmp_path / "spare"))

    assert sorted(os.listdir(tmp_path)) == ["first", "second"]


@posix
def test_deleting_a_link_leaves_what_it_leads_to(source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    (source / "out").symlink_to(tmp_path)

    tree.delete(str(tmp_path / "link"))
    tree.delete(str(source))

    assert os.listdir(tmp_path) == []


def test_deleting_nothing_is_no_error(tmp_path: Path) -> None:
    tree.delete(str(tmp_path / "nothing"))


def test_two_may_delete_one_tree_at_once(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / "tree" / str(number % 20)).mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / str(number % 20) / str(number)).touch()
    faults: list[BaseException] = []

    def delete() -> None:
        try:
            tree.delete(str(tmp_path / "tree"))
        except OSError as error:
            faults.append(error)

    threads = [threading.Thread(target=delete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (faults, os.listdir(tmp_path)) == ([], [])


@posix
def test_folders_without_write_rights_are_deleted(source: Path) -> None:
    (source / "lib" / "deep" / "deeper").mkdir(parents=True)
    (source / "lib" / "deep" / "deeper" / "file").touch()
    for name, mode in (("lib/deep/deeper", 0o500), ("lib/deep", 0o400), ("lib", 0o555), (".", 0o555)):
        (source / name).chmod(mode)

    with open_to_all(source.parent):
        code = "from jupyter_envlink import tree\nnobody()\ntree.delete(sys.argv[1])"
        done = as_nobody(code, source)

    assert done.stderr == ""
    assert not source.exists()
