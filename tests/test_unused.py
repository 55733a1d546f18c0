"""Environments that nobody uses: what counts as use, and what does not."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_envlink.environment import Environment, State
from jupyter_envlink.removed import iso
from jupyter_envlink.unused import DAY, changed_at, unused
from jupyter_envlink.uses import Use

NOW = time.time()

Made = Callable[..., Environment]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(name: str, days: float, state: State = State.READY) -> Environment:
        """One in which something was installed so many days ago."""
        meta = tmp_path / name / "conda-meta"
        meta.mkdir(parents=True)
        (meta / "history").touch()
        for path in (meta / "history", meta):
            os.utime(path, (NOW - days * DAY,) * 2)
        return Environment(str(tmp_path / name), "conda", name, state, python_version="3.11")

    return make


def _use(days: float) -> Use:
    return Use(iso(NOW - days * DAY))


def test_use_and_change_both_count(made: Made) -> None:
    some = [made("used", 200), made("changed", 1), made("both", 200), made("never", 200)]
    uses = {some[0].prefix: _use(2), some[1].prefix: _use(200), some[2].prefix: _use(100)}
    found = list(unused(some, uses, iso(NOW - 150 * DAY), 90, NOW))
    assert [(each.name, each.kind, each.path) for each in found] == [
        ("both", "environment", some[2].prefix),
        ("never", "environment", some[3].prefix),
    ]
    assert iso(NOW - 100 * DAY)[:10] in found[0].reason
    assert found[0].used == uses[some[2].prefix].used
    assert iso(NOW - 200 * DAY)[:10] in found[1].reason
    assert iso(NOW - 150 * DAY)[:10] in found[1].reason
    assert found[1].used is None


def test_what_is_being_made_or_says_nothing_is_not_unused(made: Made, tmp_path: Path) -> None:
    building = made("building", 200, State.BUILDING)
    (tmp_path / "silent").mkdir()
    silent = Environment(str(tmp_path / "silent"), "venv", "silent", State.READY)
    assert changed_at(silent) == 0
    assert list(unused([building, silent], {}, None, 90, NOW)) == []


def test_a_project_that_is_gone_leaves_an_orphan(made: Made, tmp_path: Path) -> None:
    orphan, kept, garbled, unmounted = (made(name, 1) for name in ("orphan", "kept", "garbled", "unmounted"))
    (tmp_path / "project").mkdir()
    Path(orphan.prefix, ".project").write_text(f"{tmp_path}/gone\n")
    Path(kept.prefix, ".project").write_text(f"{tmp_path}/project\n")
    Path(garbled.prefix, ".project").write_bytes(b"\xff\xfe")
    Path(unmounted.prefix, ".project").write_text(f"{tmp_path}/disk/project\n")  # its disk may be away
    found = list(unused([orphan, kept, garbled, unmounted], {}, None, 90, NOW))
    assert [each.name for each in found] == ["orphan"]
    assert f"{tmp_path}/gone" in found[0].reason
