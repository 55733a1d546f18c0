"""The locators together: each prefix once, by the first that knows it."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.locators import LOCATORS, Roots, discover, look

from .test_locators import make
from .venvs import by_uv


def test_every_locator_has_a_kind_and_the_order_is_this() -> None:
    kinds = ["pixi", "conda", "pyenv", "hatch", "pdm", "poetry", "pipenv", "venv"]
    assert [locator.kind for locator in LOCATORS] == kinds


def test_each_prefix_once_whoever_finds_it_first(tmp_path: Path) -> None:
    """Below an extra root that is a project folder, too, through a link, and by name."""
    root = Path(os.path.realpath(tmp_path))
    first, second = by_uv(root / "all" / "first"), make(root / "all" / "second")
    (root / "all" / "link").symlink_to(first, target_is_directory=True)
    roots = Roots((str(root / "all"),), listed=(str(first), str(second)), projects=(str(root),))
    assert sorted(discover(roots)) == [str(first), str(second)]


def test_the_children_of_an_extra_root_may_be_of_any_kind(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    by_uv(root / "more" / "a")
    make(root / "more" / "b")
    (root / "more" / "none").mkdir()
    catalog = Catalog(environ={}, home=root / "home", extra_roots=[str(root / "more")])
    catalog.refresh()
    found = [e for e in catalog.snapshot.environments if e.prefix.startswith(str(root))]
    assert [(e.name, e.kind) for e in found] == [("a", "uv"), ("b", "conda")]


def test_identify_takes_any_spelling(tmp_path: Path) -> None:
    prefix = by_uv(tmp_path / "env")
    (tmp_path / "link").symlink_to(prefix, target_is_directory=True)
    found = LOCATORS[-1].identify(str(tmp_path / "link"))
    assert found
    assert found.prefix == str(prefix)
    assert look(str(tmp_path)) is None
