"""Folders that answer late, or not at all, beside others that do."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.catalog import Catalog, Change
from jupyter_envlink.environment import Environment, prefix_id
from jupyter_envlink.locators import LOCATORS, Found, Roots
from jupyter_envlink.locators import look as look_with
from jupyter_envlink.locators.base import Locator
from jupyter_envlink.snapshot import NEVER

from .prefixes import look_alike
from .test_errands import Pipe, until


class HungFolder:
    """From ``hang`` to ``answer`` every system call below ``folder`` waits, as it does on a dead mount."""

    CALLS = ("stat", "lstat", "access", "scandir", "listdir", "readlink", "open")

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = str(folder)
        self.waiting = 0
        self._answers = threading.Event()
        self._answers.set()
        for name in self.CALLS:
            patch.setattr(os, name, self._slow(getattr(os, name)))

    def hang(self) -> None:
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()

    def _slow(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any = ".", *args: Any, **options: Any) -> Any:
            if not isinstance(path, int) and os.fspath(path).startswith(self.folder) and not self._answers.is_set():
                self.waiting += 1
                self._answers.wait(60)
                self.waiting -= 1
            return call(path, *args, **options)

        return called


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    real = Path(os.path.realpath(tmp_path))
    for name in ("here", "far"):
        look_alike(real / name / f"{name}-env")
    return real / "here", real / "far"


@pytest.fixture
def hung(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[HungFolder]:
    made = HungFolder(folders[1], monkeypatch)
    yield made
    made.answer()


@pytest.fixture
def catalog(folders: tuple[Path, Path], hung: HungFolder, tmp_path: Path) -> Catalog:
    environ = {"CONDA_ENVS_DIRS": os.pathsep.join(map(str, reversed(folders)))}
    return Catalog(environ=environ, home=tmp_path / "home", patience_seconds=0.2)


def names(catalog: Catalog) -> list[str]:
    return [environment.name for environment in catalog.snapshot.environments]


def test_the_others_are_listed_at_once_and_it_joins_when_it_answers(
    catalog: Catalog, hung: HungFolder, folders: tuple[Path, Path]
) -> None:
    hung.hang()
    begin = time.monotonic()
    catalog.refresh()
    assert time.monotonic() - begin < 5
    assert names(catalog) == ["here-env"]
    assert catalog.snapshot.stale == {str(folders[1]): NEVER}
    assert catalog.snapshot.is_stale(str(folders[1] / "far-env"))
    assert not catalog.snapshot.is_stale(str(folders[0] / "here-env"))
    hung.answer()
    until(lambda: bool(catalog.refresh()) or "far-env" in names(catalog))
    until(lambda: not (catalog.refresh() or catalog.snapshot.stale))
    assert names(catalog) == ["far-env", "here-env"]


def test_what_was_seen_last_stays_with_its_age(catalog: Catalog, hung: HungFolder, folders: tuple[Path, Path]) -> None:
    catalog.refresh()
    before = catalog.snapshot
    hung.hang()
    shutil.rmtree(folders[0] / "here-env")
    look_alike(folders[0] / "new")
    change = catalog.refresh()
    assert names(catalog) == ["far-env", "new"]
    assert (len(change.added), len(change.removed)) == (1, 1)
    stale = catalog.snapshot.stale[str(folders[1])]
    assert NEVER < stale <= before.taken
    assert catalog.snapshot.taken > before.taken
    for _ in range(5):
        assert not catalog.refresh()
    assert hung.waiting == 1  # one look at it, however often the others are looked at
    assert catalog.snapshot.stale[str(folders[1])] == stale


def test_a_folder_that_is_reached_by_a_link_keeps_its_place(
    tmp_path: Path, hung: HungFolder, folders: tuple[Path, Path]
) -> None:
    link = Path(os.path.realpath(tmp_path)) / "link"
    link.symlink_to(folders[1])
    catalog = Catalog(environ={"CONDA_ENVS_DIRS": str(link)}, home=tmp_path / "home", patience_seconds=0.2)
    catalog.refresh()
    hung.hang()
    assert not catalog.refresh()
    assert [e.prefix for e in catalog.snapshot.environments] == [str(folders[1] / "far-env")]
    assert list(catalog.snapshot.stale) == [str(folders[1])]


def test_nothing_that_is_answered_from_memory_waits_for_it(
    catalog: Catalog, hung: HungFolder, folders: tuple[Path, Path]
) -> None:
    catalog.refresh()
    hung.hang()
    catalog.refresh()
    far = str(folders[1] / "far-env")
    begin = time.monotonic()
    assert catalog.current(prefix_id(far)).prefix == far
    assert catalog.is_gone(far) is False
    assert catalog.is_gone(str(folders[1] / "never-was")) is False
    assert catalog.is_gone(str(folders[0] / "never-was")) is True
    assert catalog.envs_dirs[:2] == (str(folders[1]), str(folders[0]))
    assert catalog.envs_dir == str(folders[0])
    assert time.monotonic() - begin < 2
    assert hung.waiting == 1


def test_who_uses_an_environment_that_has_just_gone_away_waits_once(
    catalog: Catalog, hung: HungFolder, folders: tuple[Path, Path]
) -> None:
    catalog.refresh()
    hung.hang()
    far = str(folders[1] / "far-env")
    begin = time.monotonic()
    for _ in range(5):
        assert catalog.current(prefix_id(far)).prefix == far
    assert time.monotonic() - begin < 2
    assert hung.waiting == 1


class PipeLocator:
    """A third party's: its environments are listed in a file, which here is a pipe that holds the reader."""

    kind = "their-kind"

    def __init__(self, pipe: Pipe, prefix: Path) -> None:
        self.pipe, self.prefix = pipe, prefix
        self.waits = True

    def discover(self, roots: Roots) -> Iterator[str]:
        if self.waits:
            self.pipe.read()
        yield str(self.prefix)

    def look(self, prefix: str) -> Found | None:
        return look_with(prefix, LOCATORS) if prefix == str(self.prefix) else None

    def identify(self, prefix: str) -> Environment | None:
        found = self.look(prefix)
        return found.environment if found else None


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_another_s_locator_that_does_not_answer_holds_only_itself(
    catalog: Catalog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = PipeLocator(Pipe(tmp_path / "pipe"), look_alike(Path(os.path.realpath(tmp_path)) / "elsewhere" / "theirs"))
    locator: Locator = theirs
    catalog.locators = (locator, *LOCATORS)
    told: list[Change] = []
    catalog.on_change(told.append)
    with caplog.at_level(logging.WARNING):
        catalog.refresh()
        for _ in range(5):
            catalog.refresh()
    assert (names(catalog), theirs.pipe.readers) == (["far-env", "here-env"], 1)
    assert list(catalog.snapshot.stale) == ["their-kind"]
    theirs.waits = False
    theirs.pipe.release()
    until(lambda: bool(catalog.refresh()) or len(told) > 1)
    assert names(catalog) == ["far-env", "here-env", "theirs"]
    assert len(told) == 2
    assert caplog.text == ""
