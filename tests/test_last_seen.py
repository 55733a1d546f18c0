"""What one server has seen, the next one has not to read again."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.machine import build
from jupyter_envlink.catalog import Catalog
from jupyter_envlink.last_seen import LAST_SEEN
from jupyter_envlink.locators import base
from jupyter_envlink.locators.conda import CondaLocator
from jupyter_envlink.sentence import Sentence

from .prefixes import look_alike
from .test_errands import until as wait_until
from .test_locators import add_kernel, age
from .test_survey import HungFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Environments of all kinds, and some that are broken."""
    folder = Path(os.path.realpath(tmp_path))
    build(folder, 20)
    look_alike(folder / "envs" / "odd \N{LATIN SMALL LETTER U WITH DIAERESIS}\udcff", "no JSON")
    (folder / "envs" / "pythonless" / "conda-meta").mkdir(parents=True)
    shutil.rmtree(look_alike(folder / "envs" / "kernelless") / "share")
    age(folder)
    return folder


def catalog(folder: Path, **more: Any) -> Catalog:
    environ = {"CONDA_ENVS_DIRS": str(folder / "envs"), "PATH": ""}
    projects = [str(folder / "projects")]
    return Catalog(environ=environ, home=folder / "home", project_roots=projects, data_dir=str(folder / "data"), **more)


def file_of(folder: Path) -> Path:
    return folder / "data" / "envlink" / LAST_SEEN


async def serve(served: Catalog, until: Path) -> None:
    """As a server does, until it has written down what it has seen."""
    task = asyncio.create_task(served.watch())
    await asyncio.to_thread(wait_until, until.exists)
    task.cancel()


@pytest.fixture
def seen(folder: Path) -> Path:
    served = catalog(folder)
    served.refresh()
    asyncio.run(serve(served, file_of(folder)))
    return file_of(folder)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The prefixes in which conda's locator reads."""
    prefixes: list[str] = []
    look = CondaLocator.look

    def noted(self: CondaLocator, prefix: str) -> base.Found | None:
        prefixes.append(prefix)
        return look(self, prefix)

    monkeypatch.setattr(CondaLocator, "look", noted)
    yield prefixes


def test_a_new_process_reads_nothing_again_and_shows_the_same(folder: Path, seen: Path, looked: list[str]) -> None:
    fresh, without = catalog(folder), catalog(folder)
    fresh.refresh()
    assert not looked
    seen.unlink()
    without.refresh()
    assert len(looked) > 10
    assert fresh.snapshot.environments == without.snapshot.environments
    assert {each.state.value for each in fresh.snapshot.environments} >= {"ready", "no-kernel", "broken"}
    assert [k.metadata for e in fresh.snapshot.environments for k in e.kernels]
    assert not seen.exists()


def test_what_was_wrong_can_still_be_told_in_any_language(folder: Path, seen: Path, looked: list[str]) -> None:
    fresh = catalog(folder)
    fresh.refresh()
    assert not looked
    problems = [each.problem for each in fresh.snapshot.environments if each.problem]
    assert problems
    assert all(isinstance(text, Sentence) for each in problems for text in (each.message, each.remedy))


def test_what_has_changed_meanwhile_is_read_again(folder: Path, seen: Path, looked: list[str]) -> None:
    add_kernel(folder / "envs" / "env0", name="second")
    shutil.rmtree(folder / "envs" / "kernelless")
    look_alike(folder / "envs" / "new")
    fresh = catalog(folder)
    fresh.refresh()
    found = {each.name: each for each in fresh.snapshot.environments}
    assert [kernel.name for kernel in found["env0"].kernels] == ["python3", "second"]
    assert "new" in found
    assert "kernelless" not in found
    assert set(looked) == {str(folder / "envs" / name) for name in ("env0", "new")}


def test_of_a_folder_that_does_not_answer_the_last_view_is_shown_with_its_age(
    folder: Path, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.loads(line) for line in seen.read_text().splitlines()]
    for line in lines[2:]:
        line[1] -= 3600
    seen.write_text("\n".join(map(json.dumps, lines)))
    hung = HungFolder(folder / "envs", monkeypatch)
    hung.hang()
    fresh = catalog(folder, patience_seconds=0.2)
    fresh.refresh()
    hung.answer()
    assert str(folder / "envs" / "env0") in fresh.snapshot.by_prefix
    age_of_it = time.monotonic() - fresh.snapshot.stale[str(folder / "envs")]
    assert 3600 < age_of_it < 3700
    wait_until(lambda: fresh.refresh() is not None and not fresh.snapshot.stale)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text(path.read_text()[: path.stat().st_size // 2]),
        lambda path: path.write_text(path.read_text().replace('["', '["0', 1)),
        lambda path: path.write_text(path.read_text().replace('"state": "', '"state": "un')),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_file_that_cannot_be_used_is_as_none(folder: Path, seen: Path, looked: list[str], spoil: Any) -> None:
    spoil(seen)
    fresh = catalog(folder)
    fresh.refresh()
    assert str(folder / "envs" / "env0") in looked
    assert str(folder / "envs" / "env0") in fresh.snapshot.by_prefix


def test_it_is_written_for_its_owner_alone_and_anew_only_where_that_is_worth_it(folder: Path, seen: Path) -> None:
    assert seen.stat().st_mode & 0o777 == 0o600
    served = catalog(folder)
    served.refresh()
    written = seen.stat().st_mtime_ns
    add_kernel(folder / "envs" / "kernelless", name="second")
    age(folder / "envs" / "kernelless")  # of the others some are hard links to one file
    served.refresh()
    served.keep()
    assert seen.stat().st_mtime_ns == written
    for name in ("a", "b", "c", "d"):
        look_alike(folder / "envs" / name)
    age(folder)
    served.refresh()
    served.keep()
    assert seen.stat().st_mtime_ns != written
    assert '"second"' in seen.read_text()


def test_where_nothing_may_be_written_nothing_is_kept(folder: Path) -> None:
    (folder / "data").write_text("a file, not a folder")
    served = catalog(folder)
    served.refresh()
    served.keep()
    assert served.snapshot.environments
    assert (folder / "data").read_text() == "a file, not a folder"
