"""Locators of other distributions: real ones on ``sys.path``, with the metadata that an installer writes."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import DistributionFinder, PathDistribution
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.environment import State
from jupyter_envlink.locators import LOCATORS, all_locators
from jupyter_envlink.locators.metadata import may_be_named
from jupyter_envlink.locators.third_party import GROUP
from jupyter_envlink.locators.third_party import points as entry_points

from .test_locators import make
from .venvs import add_kernel, by_uv

GUIX = """
import os
from jupyter_envlink.environment import Environment, State
from jupyter_envlink.locators.base import Found
from jupyter_envlink.locators.evidence import Evidence

class GuixLocator:
    kind = "guix"

    def discover(self, roots):
        yield os.path.join(roots.home, "profile")
        yield "not absolute"
        yield 3

    def look(self, prefix):
        if os.path.exists(os.path.join(prefix, "manifest")):
            return Found(Environment(prefix, self.kind, "profile", State.NO_KERNEL), Evidence())

    def identify(self, prefix):
        found = self.look(prefix)
        return found and found.environment
"""
BROKEN = """
class Raises:
    kind = "raises"
    def discover(self, roots):
        yield "/x"
        raise ZeroDivisionError("in discover")
    def look(self, prefix):
        raise ZeroDivisionError("in look")
    identify = look

class Lies(Raises):
    kind = "lies"
    def discover(self, roots):
        return ()
    def look(self, prefix):
        return "nonsense"

class Kindless:
    pass

def fails():
    raise SystemError("at birth")
"""

Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Lay a distribution on ``sys.path``: a module, and its entry points by name."""
    before = set(sys.modules)
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)

    def install(name: str, source: str, **points: str) -> None:
        (site / f"{name}.py").write_text(source)
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{key} = {value}" for key, value in points.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))
        importlib.invalidate_caches()
        entry_points.cache_clear()

    yield install
    entry_points.cache_clear()
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(site) in str(sys.modules[name].__file__):
            del sys.modules[name]


def scanned(tmp_path: Path) -> Catalog:
    catalog = Catalog(environ={}, home=tmp_path / "home", extra_roots=[str(tmp_path / "envs")])
    catalog.refresh()
    return catalog


def kinds(catalog: Catalog, tmp_path: Path) -> dict[str, str]:
    own = os.path.realpath(tmp_path)
    return {e.name: e.kind for e in catalog.snapshot.environments if e.prefix.startswith(own)}


def test_nobody_has_one_by_default() -> None:
    assert all_locators(logging.getLogger()) == LOCATORS


def test_nobody_has_one_by_default_which_costs_no_full_look() -> None:
    assert not may_be_named(GROUP)
    assert may_be_named("console_scripts")


@pytest.mark.parametrize(
    "place", ["acme.egg-info", "acme-1.0.dist-info", "Acme-1.0.DIST-INFO", "acme-1.0.egg", "a.zip"]
)
def test_one_is_found_wherever_importlib_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Install, place: str
) -> None:
    site = tmp_path / "apart"
    info = site / place / "EGG-INFO" if place.endswith(".egg") else site / place
    info = tmp_path / "acme-1.0.dist-info" if place.endswith(".zip") else info
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nacme = acme:Locator\n")
    if place.endswith(".zip"):
        site.mkdir()
        with zipfile.ZipFile(site / place, "w") as file:
            for path in info.iterdir():
                file.write(path, f"{info.name}/{path.name}")
    monkeypatch.syspath_prepend(site / place if place.endswith((".egg", ".zip")) else site)
    entry_points.cache_clear()
    assert [point.value for point in entry_points()] == ["acme:Locator"]


def test_one_is_found_by_another_finder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Install) -> None:
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nacme = acme:Locator\n")

    class Finder(DistributionFinder):
        def find_distributions(self, context: Any = None) -> list[PathDistribution]:
            return [PathDistribution(info)]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    entry_points.cache_clear()
    assert [point.value for point in entry_points()] == ["acme:Locator"]


def test_a_third_party_s_stand_before_ours(tmp_path: Path, installed: Install) -> None:
    installed("acme_guix", GUIX, guix="acme_guix:GuixLocator")
    profile = tmp_path / "home" / "profile"
    profile.mkdir(parents=True)
    (profile / "manifest").touch()
    add_kernel(by_uv(tmp_path / "envs" / "plain"))
    theirs = make(tmp_path / "envs" / "marked")
    assert kinds(scanned(tmp_path), tmp_path) == {"profile": "guix", "plain": "uv", "marked": "conda"}
    (theirs / "manifest").touch()
    catalog = scanned(tmp_path)
    assert [locator.kind for locator in catalog.locators][:2] == ["guix", "pixi"]
    assert kinds(catalog, tmp_path) == {"profile": "guix", "plain": "uv"} | {"profile": "guix"}
    states = {e.prefix: e.state for e in catalog.snapshot.environments if e.kind == "guix"}
    assert states == {os.path.realpath(path): State.NO_KERNEL for path in (profile, theirs)}
    assert catalog.locators[0].identify(str(theirs))


def test_one_that_cannot_be_loaded_is_logged_and_left_out(
    tmp_path: Path, installed: Install, caplog: pytest.LogCaptureFixture
) -> None:
    points = {"a": "acme_broken:fails", "b": "acme_broken:Kindless", "c": "acme_broken:gone", "d": "acme_gone:X"}
    installed("acme_broken", BROKEN, **points)
    assert all_locators(logging.getLogger()) == LOCATORS
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == len(points)
    assert all("left out" in text and f"({points[text.split()[2]]})" in text for text in told)


def test_one_that_fails_at_work_hurts_no_environment_and_is_told_of_once(
    tmp_path: Path, installed: Install, caplog: pytest.LogCaptureFixture
) -> None:
    installed("acme_broken", BROKEN, raises="acme_broken:Raises", lies="acme_broken:Lies")
    add_kernel(by_uv(tmp_path / "envs" / "plain"))
    catalog = scanned(tmp_path)
    catalog.refresh()
    assert kinds(catalog, tmp_path) == {"plain": "uv"}
    assert [e.state for e in catalog.snapshot.environments if e.name == "plain"] == [State.READY]
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    looking = "Looking for raises environments failed; those that were known stay."
    assert sorted(told) == [
        looking,
        *(f"The locator of {kind} failed; the next one is asked." for kind in ("lies", "raises")),
    ]
