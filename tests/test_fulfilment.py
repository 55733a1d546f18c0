"""What was asked for has to be there, whatever an installer says of itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.engines.base import Solution
from jupyter_envlink.engines.pip_part import PipPart
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.errors import VerificationFailed
from jupyter_envlink.fulfilment import refuse_unfulfilled
from jupyter_envlink.operations import perform
from tests.channel import Channel
from tests.conftest import Machine
from tests.prefixes import real
from tests.wheels import distribution
from tests.writing import Listener, create_request, nothing_left, yml


@pytest.fixture(scope="module")
def small(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An environment without Python."""
    return str(
        real(channel.conda_forge, tmp_path_factory.mktemp("asked") / "env", ["envlink-postlink", "envlink-text-prefix"])
    )


@pytest.mark.parametrize(
    "spec",
    [
        "envlink-postlink",
        "envlink-postlink ==1.0",
        "envlink-postlink 1.*",
        "conda-forge::envlink-postlink >=1,<2",
        "envlink-postlink[version='1.0',build='henv*']",
        "https://example.org/noarch/envlink-postlink-1.0-henv_0.conda",
        "__glibc >=2",
    ],
)
def test_packages_that_are_there(small: str, spec: str) -> None:
    refuse_unfulfilled(small, [spec], None)


@pytest.mark.parametrize(
    "spec",
    [
        "tabulate",
        "envlink-postlink ==1.1",
        "envlink-postlink 1.0 other_0",
        "https://example.org/noarch/envlink-postlink-1.0-henv_1.conda",
        "https://example.org/t/sEcReT/noarch/tabulate-0.9.0-0.conda",
    ],
)
def test_packages_that_are_not_there_are_named(small: str, spec: str) -> None:
    with pytest.raises(VerificationFailed) as failed:
        refuse_unfulfilled(small, ["envlink-text-prefix", spec], None)
    assert spec.split("/")[-1] in failed.value.message
    assert "text-prefix" not in failed.value.message
    assert "sEcReT" not in str(failed.value.as_dict())
    assert failed.value.remedy


@pytest.fixture
def part(tmp_path: Path) -> PipPart:
    """A Python 3.8 with some distributions, as far as their metadata go, and a folder with a project beside it."""
    place = tmp_path / "env" / ("Lib" if os.name == "nt" else "lib/python3.8") / "site-packages"
    place.mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.8.18\n")
    distribution(place, "Foo.Bar", "1.2", "")
    distribution(place, "pre", "2.0rc1", "")
    distribution(place, "mine", "1", "")
    folder = tmp_path / "my project"
    folder.mkdir()
    (place / "mine-1.dist-info" / "direct_url.json").write_text(f'{{"url": "{folder.as_uri()}", "dir_info": {{}}}}')
    (place / "damaged-1.dist-info").mkdir()
    (folder / "lists").mkdir()
    (folder / "lists" / "other.txt").write_text("foo-bar\nnowhere ; python_version >= '3.9'\n")
    return PipPart(str(tmp_path / "env"), sys.executable, (), str(folder))


def lacks(part: PipPart, *items: str) -> list[str]:
    try:
        refuse_unfulfilled(part.prefix, [], PipPart(part.prefix, part.python, items, part.folder))
    except VerificationFailed as failed:
        return list(failed.details["missing"])
    return []


@pytest.mark.parametrize(
    "item",
    [
        "foo_bar",
        "FOO-bar[baz]>=1.2,<2",
        "foo-bar==1.*  # why",
        "pre",
        "nowhere; python_version<'3.8'",
        "nowhere; sys_platform=='other'",
        "foo-bar @ https://example.org/x.zip",
        "git+https://example.org/x.git#egg=foo.bar",
        "git+https://example.org/x.git",
        "https://example.org/x.tar.gz",
        "https://example.org/Foo_Bar-1.2-py3-none-any.whl#sha256=ab",
        ".",
        "-e .",
        "-r lists/other.txt",
        "--find-links ./wheels",
        "--no-index",
        "damaged",
    ],
)
def test_distributions_that_are_there(part: PipPart, item: str) -> None:
    assert lacks(part, item) == []


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("nowhere", "nowhere"),
        ("foo-bar>=2", "foo-bar>=2 (there is 1.2)"),
        ("foo-bar[baz]==1.3", "foo-bar[baz]==1.3 (there is 1.2)"),
        ("nowhere; python_version>='3.8'", "nowhere; python_version>='3.8'"),
        ("nowhere @ https://example.org/x.zip", "nowhere @ https://example.org/x.zip"),
        ("git+https://example.org/x.git#egg=nowhere", "git+https://example.org/x.git#egg=nowhere"),
        ("./lists", "./lists"),
        ("-e ./lists[all]", "-e ./lists[all]"),
        ("./wheels/nowhere-1-py3-none-any.whl", "./wheels/nowhere-1-py3-none-any.whl"),
    ],
)
def test_distributions_that_are_not_there_are_named(part: PipPart, item: str, said: str) -> None:
    assert lacks(part, "foo-bar", item) == [said]


def test_what_another_list_asks_for_is_looked_for_too(part: PipPart) -> None:
    Path(part.folder, "lists", "other.txt").write_text("nowhere==1\n./here\n")
    Path(part.folder, "lists", "here").mkdir()
    assert lacks(part, "-r lists/other.txt") == ["nowhere==1", "./here"]


def test_an_engine_that_only_says_it_is_done_is_not_believed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It links all but one package, and is content."""
    whole = RattlerEngine.install

    async def half(self: RattlerEngine, solution: Solution, *more: Any) -> None:
        names = {package.name for package in solution.packages} - {"envlink-text-prefix"}
        await whole(self, solution.only(names), *more)

    monkeypatch.setattr(RattlerEngine, "install", half)
    asked = create_request(machine.envs / "demo", yml("envlink-text-prefix", "envlink-binary-prefix"))

    with pytest.raises(VerificationFailed, match="envlink-text-prefix") as failed:
        perform(asked, Listener())

    assert failed.value.details == {"missing": ["envlink-text-prefix"]}
    nothing_left(machine.envs)
