"""Environments in the places of project tools, on Linux, macOS and Windows, made by what those tools call."""

from __future__ import annotations

import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import platformdirs
import pytest
from platformdirs import macos, unix, windows

from jupyter_envlink.environment import State
from jupyter_envlink.locators import LOCATORS, Roots, discover, look
from jupyter_envlink.locators.placed import PlacedLocator

from .venvs import add_kernel, by_uv, by_virtualenv, real

PLACED = {locator.kind: locator for locator in LOCATORS if isinstance(locator, PlacedLocator)}
HASH = "iyqh-ig_"
WINDOWS = sys.platform == "win32"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    return real(tmp_path / "home")


def roots(home: Path, **environ: str | Path) -> Roots:
    return Roots(home=str(home), environ={name: str(value) for name, value in environ.items()})


def moved(path: str, home: Path) -> Path:
    """``path`` in the person's home, in ``home``."""
    return home / Path(path).relative_to(os.path.expanduser("~"))


def poetry(home: Path) -> Path:
    return (
        moved(platformdirs.user_cache_dir("pypoetry", appauthor=False), home) / "virtualenvs" / f"finance-{HASH}-py3.11"
    )


def pdm(home: Path) -> Path:
    return moved(platformdirs.user_data_dir("pdm"), home) / "venvs" / f"finance-{HASH}-3.11"


def hatch(home: Path) -> Path:
    data = moved(platformdirs.user_data_dir("hatch", appauthor=False), home)
    return data / "env" / "virtual" / "finance" / HASH / "finance"


def pipenv(home: Path) -> Path:
    folder = home / ".virtualenvs" if WINDOWS else home / ".local" / "share" / "virtualenvs"
    return folder / f"finance-{pipfile_hash(home / 'finance')}"


def pipfile_hash(project: Path) -> str:
    return urlsafe_b64encode(sha256(os.fsencode(project / "Pipfile")).digest()[:6]).decode()


PLACES: dict[str, Callable[[Path], Path]] = {"poetry": poetry, "pdm": pdm, "hatch": hatch, "pipenv": pipenv}


@pytest.mark.parametrize("make", [by_virtualenv, by_uv], ids=["virtualenv", "uv"])
@pytest.mark.parametrize("kind", PLACES)
def test_in_the_usual_place_of_this_system(home: Path, kind: str, make: Callable[[Path], Path]) -> None:
    prefix = make(PLACES[kind](home))
    (prefix / ".project").write_text(str(home / "finance"))
    assert str(prefix) in PLACED[kind].discover(roots(home))
    assert list(discover(roots(home))) == [str(prefix)]
    add_kernel(prefix)
    found = look(str(prefix))
    assert found
    environment = found.environment
    assert (environment.kind, environment.name, environment.state) == (kind, "finance", State.READY)
    assert PLACED[kind].identify(str(prefix)) == environment


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("x/y/finance-{hash}-py3.12", "poetry", "finance"),
        ("x/my-finance-{hash}-py3", "poetry", "my-finance"),
        ("x/pdm/venvs/my-finance-{hash}-test", "pdm", "my-finance-test"),
        ("x/pdm/venvs/own", "pdm", "own"),
        ("x/env/virtual/finance/{hash}/docs", "hatch", "finance-docs"),
        ("finance/.hatch/finance", "hatch", "finance"),
        ("finance/.hatch/test", "hatch", "finance-test"),
        ("x/my-analysis", "virtualenv", "my-analysis"),
        ("x/finance-{hash}", "virtualenv", "finance-{hash}"),
        ("x/finance-{hash}-py", "virtualenv", "finance-{hash}-py"),
        ("x/venvs/finance-{hash}-3.11", "virtualenv", "finance-{hash}-3.11"),
        ("finance/.venv", "virtualenv", "finance"),
        ("finance/env", "virtualenv", "finance"),
    ],
)
def test_whose_it_is_and_what_it_is_called(tmp_path: Path, path: str, kind: str, name: str) -> None:
    prefix = by_virtualenv(tmp_path / path.format(hash=HASH))
    (prefix / ".project").write_text("/some/where")
    found = look(str(prefix))
    assert found
    assert (found.environment.kind, found.environment.name) == (kind, name.format(hash=HASH))


@pytest.mark.parametrize(
    ("kind", "variable", "below"),
    [
        ("poetry", "POETRY_VIRTUALENVS_PATH", ""),
        ("poetry", "POETRY_CACHE_DIR", "virtualenvs"),
        ("pipenv", "WORKON_HOME", ""),
        ("hatch", "HATCH_DATA_DIR", f"env/virtual/finance/{HASH}"),
    ],
)
def test_where_a_variable_says(home: Path, tmp_path: Path, kind: str, variable: str, below: str) -> None:
    prefix = by_virtualenv(tmp_path / "else where" / below / "finance")
    assert str(prefix) in PLACED[kind].discover(roots(home, **{variable: tmp_path / "else where"}))


@pytest.mark.parametrize(
    ("kind", "app", "text", "below"),
    [
        ("poetry", "pypoetry", '[virtualenvs]\npath = "~/else"', ""),
        ("poetry", "pypoetry", 'cache-dir = "~/else"\n[virtualenvs]\npath = "{cache-dir}/v"', "v"),
        ("poetry", "pypoetry", 'cache-dir = "~/else"', "virtualenvs"),
        ("pdm", "pdm", '[venv]\nlocation = "~/else"', ""),
        ("hatch", "hatch", '[dirs.env]\nvirtual = "~/else"', f"finance/{HASH}"),
        ("hatch", "hatch", '[dirs]\ndata = "~/else"', f"env/virtual/finance/{HASH}"),
    ],
)
def test_where_the_settings_say(home: Path, kind: str, app: str, text: str, below: str) -> None:
    prefix = by_virtualenv(home / "else" / below / "finance")
    author = None if app == "pdm" else False
    config = moved(platformdirs.user_config_dir(app, author, roaming=app == "pypoetry"), home) / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(text)
    assert str(prefix) in PLACED[kind].discover(roots(home))
    for garbage in ("[", "venv = 1\nvirtualenvs = 2\ndirs = 3\ncache-dir = 4", "[dirs]\nenv = 1\ndata = 2"):
        config.write_text(garbage)
        assert list(PLACED[kind].discover(roots(home))) == []


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(unix.Unix, id="Linux", marks=pytest.mark.skipif(WINDOWS, reason="platformdirs asks for the uid")),
        pytest.param(macos.MacOS, id="macOS"),
        pytest.param(windows.Windows, id="Windows", marks=pytest.mark.skipif(not WINDOWS, reason="asks Windows")),
    ],
)
def test_the_places_of_each_system(home: Path, monkeypatch: pytest.MonkeyPatch, system: type) -> None:
    """Where platformdirs, which these tools use, puts them there."""
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    own = os.path.expanduser("~")
    for kind, app, author, purpose in (
        ("poetry", "pypoetry", False, "cache"),
        ("pdm", "pdm", None, "data"),
        ("hatch", "hatch", False, "data"),
    ):
        base = getattr(system(app, author), f"user_{purpose}_dir")
        folders = [*PLACED[kind].folders(roots(home))] if kind != "hatch" else []
        place = base.replace(own, str(home), 1)
        if kind == "hatch":
            (Path(place) / "env" / "virtual" / "finance" / HASH).mkdir(parents=True)
            folders = [*PLACED[kind].folders(roots(home))]
        assert any(folder.startswith(place) for folder in folders), (kind, place, folders)


def test_without_a_home_there_are_no_places() -> None:
    assert [prefix for locator in PLACED.values() for prefix in locator.discover(Roots())] == []
