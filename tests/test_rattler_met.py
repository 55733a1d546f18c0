"""What is there already is not solved for, and what is found so is what a solve would have come to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.condarc import Condarc
from jupyter_envlink.engines import rattler
from jupyter_envlink.engines.base import Keep, Solution
from jupyter_envlink.engines.rattler import RattlerEngine, prefix_records
from jupyter_envlink.engines.rattler_asked import Asked
from jupyter_envlink.engines.rattler_met import is_met
from jupyter_envlink.errors import ChannelError, NotAllowed
from jupyter_envlink.network import Network

from .tiny import tiny

PACKAGES = (
    "python 3.12: pip",
    "python 3.11: pip",
    "pip 24: python >=3.11",
    "lib 1",
    "lib 2",
    "app 1: lib <2, python >=3.11, __unix",
    "app 2: lib >=2",
    "tool 1: app",
    "bare 1: python",
)


class Installed:
    """An environment whose records are those of the index: nothing else of it is looked at."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.url = tiny(folder / "channel", *PACKAGES)
        self.prefix = folder / "prefix"
        (self.prefix / "conda-meta").mkdir(parents=True)
        index = json.loads((folder / "channel" / "noarch" / "repodata.json").read_text())["packages.conda"]
        for name in names:
            self._install(index[f"{name}-0.conda"])

    def _install(self, entry: dict[str, object]) -> None:
        fn = entry["fn"]
        placed = {"url": f"{self.url}/noarch/{fn}", "channel": self.url, "files": []}
        record = {**entry, **placed, "paths_data": {"paths_version": 1, "paths": []}}
        (self.prefix / "conda-meta" / str(fn).replace(".conda", ".json")).write_text(json.dumps(record))

    def solve(self, engine: RattlerEngine, specs: Sequence[str], keep: Keep, *limits: str, url: str = "") -> Solution:
        channels = Channels((url or self.url,), "strict")
        return asyncio.run(engine.solve(channels, specs, str(self.prefix), keep, limits))

    def is_met(self, specs: Sequence[str], keep: Keep, *limits: str, pip: bool = False) -> bool:
        channels = Channels((self.url,), "strict")
        asked, limited = Asked(specs, channels), Asked(limits, channels)
        return is_met(prefix_records(str(self.prefix)), asked, limited, keep, pip)


WHOLE = ("python-3.12", "pip-24", "lib-1", "app-1")


@pytest.mark.parametrize("keep", [Keep.ALL, Keep.REQUESTED])
@pytest.mark.parametrize(
    ("there", "specs", "limits", "met"),
    [
        (WHOLE, ["app"], [], True),
        (WHOLE, ["app >=1", "python 3.12.*"], ["lib <2", "nowhere >7"], True),
        (WHOLE, ["app >=2"], [], False),
        (WHOLE, ["tool"], [], False),
        (WHOLE, ["app[build=1]"], [], False),
        (WHOLE, ["app"], ["lib >=2"], False),
        (("app-1", "python-3.12", "pip-24"), ["app"], [], False),  # somebody took lib away
        (("app-1", "python-3.12", "pip-24", "lib-2"), ["app"], [], False),  # or put another one there
        ((), ["app"], [], False),
    ],
)
def test_where_all_is_there(
    tmp_path: Path, there: Sequence[str], specs: Sequence[str], limits: Sequence[str], keep: Keep, met: bool
) -> None:
    assert Installed(tmp_path, *there).is_met(specs, keep, *limits) is met


def test_a_channel_that_is_named_is_where_it_has_to_be_from(tmp_path: Path) -> None:
    there = Installed(tmp_path, *WHOLE)
    assert there.is_met([f"{there.url}::app"], Keep.ALL)
    assert not there.is_met(["https://other.example/c::app"], Keep.ALL)


@pytest.mark.parametrize(("specs", "met"), [(["app"], True), (["lib", "python"], False), (["pip", "app"], True)])
def test_what_nothing_needs_goes_where_nothing_else_is_kept(tmp_path: Path, specs: Sequence[str], met: bool) -> None:
    assert Installed(tmp_path, *WHOLE).is_met(specs, Keep.NOTHING) is met


def test_a_python_without_pip_is_solved_for_where_pip_belongs_to_it(tmp_path: Path) -> None:
    there = Installed(tmp_path, "lib-2", "app-2", "python-3.12")
    (record,) = (there.prefix / "conda-meta").glob("python-*.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), "depends": []}))
    assert there.is_met(["app"], Keep.ALL)
    assert not there.is_met(["app"], Keep.ALL, pip=True)


@pytest.mark.parametrize("keep", Keep)
@pytest.mark.parametrize("specs", [["app"], ["python", "app 1.*"], ["lib", "app", "pip"]])
def test_it_is_what_a_solve_comes_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, specs: list[str], keep: Keep
) -> None:
    there, engine = Installed(tmp_path, *WHOLE), RattlerEngine(tmp_path / "cache")
    assert there.is_met(specs, keep)
    quick = there.solve(engine, specs, keep)
    monkeypatch.setattr(rattler, "is_met", lambda *_: False)
    assert quick.packages == there.solve(engine, specs, keep).packages


def test_no_channel_is_asked(tmp_path: Path) -> None:
    there, engine = Installed(tmp_path, *WHOLE), RattlerEngine(tmp_path / "cache")
    nowhere = (tmp_path / "nowhere").as_uri()
    assert len(there.solve(engine, ["app"], Keep.REQUESTED, url=nowhere).packages) == len(WHOLE)
    with pytest.raises(ChannelError):
        there.solve(engine, ["tool"], Keep.REQUESTED, url=nowhere)


def test_what_is_installed_need_not_be_in_the_cache_while_offline(tmp_path: Path) -> None:
    there = Installed(tmp_path, *WHOLE)
    for record in (there.prefix / "conda-meta").glob("*.json"):
        read = json.loads(record.read_text())
        record.write_text(json.dumps({**read, "url": f"https://conda.example/c/noarch/{read['fn']}"}))
    engine = RattlerEngine(tmp_path / "cache", network=Network(offline=True))
    assert len(there.solve(engine, ["app"], Keep.REQUESTED).packages) == len(WHOLE)


def test_what_is_forbidden_is_told_all_the_same(tmp_path: Path) -> None:
    engine = RattlerEngine(tmp_path / "cache", condarc=Condarc(disallowed_packages=("lib",)))
    with pytest.raises(NotAllowed, match="lib"):
        Installed(tmp_path, *WHOLE).solve(engine, ["app"], Keep.ALL)
