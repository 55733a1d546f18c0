"""The three priorities, where they differ. What conda does is libsolv's: ``conda_libmamba_solver.index``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_envlink.channels import resolve
from jupyter_envlink.condarc import Condarc
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.errors import Unsolvable

from .tiny import tiny

HIGH = ("both 1", "base 1", "pinned 1", "only-high 1", "needs-old 1: base <2")
LOW = ("both 2", "base 2", "pinned 2", "only-low 1", "needs-new 1: base >=2", "chain 1: needs-new")


@pytest.fixture
def condarc(tmp_path: Path) -> Condarc:
    """``high`` before ``low``, and ``pair``, which stands for two of which the second has the newer version."""
    tiny(tmp_path / "high", *HIGH)
    tiny(tmp_path / "low", *LOW)
    tiny(tmp_path / "one", "paired 1")
    tiny(tmp_path / "two", "paired 2")
    places = dict.fromkeys(("high", "low", "one", "two"), tmp_path.as_uri())
    return Condarc(custom_channels=places, custom_multichannels={"pair": ("one", "two")})


def solved(tmp_path: Path, condarc: Condarc, priority: str, channels: list[str], *specs: str, **more: object) -> object:
    """``name-version@channel`` of each package, or what cannot be."""
    from dataclasses import replace

    found = resolve([*channels, "nodefaults"], specs, replace(condarc, channel_priority=priority), {})
    try:
        solution = asyncio.run(RattlerEngine(tmp_path / "cache").solve(found, specs, **more))  # type: ignore[arg-type]
    except Unsolvable:
        return "unsolvable"
    return {f"{each.name}-{each.version}@{str(each.channel).rstrip('/').rsplit('/')[-1]}" for each in solution.packages}


@pytest.mark.parametrize(
    ("specs", "strict", "flexible", "disabled"),
    [
        # in the lower one only: 23 of 389 real files list defaults first and others after it
        (["only-low"], {"only-low-1@low"}, {"only-low-1@low"}, {"only-low-1@low"}),
        # in both: the version counts only where nobody wants an order
        (["both"], {"both-1@high"}, {"both-1@high"}, {"both-2@low"}),
        # in both, the version that is asked for in the lower one only
        (["both >=2"], "unsolvable", {"both-2@low"}, {"both-2@low"}),
        (["both=2"], "unsolvable", {"both-2@low"}, {"both-2@low"}),
        # a dependency that only the lower one can satisfy; the rest stays with the higher one
        (
            ["chain", "both"],
            "unsolvable",
            {"chain-1@low", "needs-new-1@low", "base-2@low", "both-1@high"},
            {"chain-1@low", "needs-new-1@low", "base-2@low", "both-2@low"},
        ),
        (["needs-old"], *[{"needs-old-1@high", "base-1@high"}] * 3),
        (["needs-old", "needs-new"], "unsolvable", "unsolvable", "unsolvable"),
        # who names the channel gets it, whatever the order
        (["low::both"], {"both-2@low"}, {"both-2@low"}, {"both-2@low"}),
    ],
)
def test_priorities(
    tmp_path: Path, condarc: Condarc, specs: list[str], strict: object, flexible: object, disabled: object
) -> None:
    for priority, expected in (("strict", strict), ("flexible", flexible), ("disabled", disabled)):
        assert solved(tmp_path, condarc, priority, ["high", "low"], *specs) == expected, priority


@pytest.mark.parametrize("priority", ["strict", "flexible", "disabled"])
def test_the_members_of_a_multichannel_are_one_channel(tmp_path: Path, condarc: Condarc, priority: str) -> None:
    assert solved(tmp_path, condarc, priority, ["pair"], "paired") == {"paired-2@two"}
    assert solved(tmp_path, condarc, priority, ["low", "pair"], "pair::paired") == {"paired-2@two"}
    assert solved(tmp_path, condarc, priority, ["low", "pair"], "one::paired") == {"paired-1@one"}


@pytest.mark.parametrize("priority", ["strict", "flexible"])
def test_channels_of_one_list_are_not(tmp_path: Path, condarc: Condarc, priority: str) -> None:
    from dataclasses import replace

    apart = replace(condarc, custom_multichannels={})
    assert solved(tmp_path, apart, priority, ["one", "two"], "paired") == {"paired-1@one"}


def test_a_constraint_holds_for_what_comes_and_brings_nothing(tmp_path: Path, condarc: Condarc) -> None:
    limited = {"constraints": ["base <2", "both >=2"]}
    assert solved(tmp_path, condarc, "flexible", ["high", "low"], "both", **limited) == {"both-2@low"}
    assert solved(tmp_path, condarc, "flexible", ["high", "low"], "needs-new", **limited) == "unsolvable"


def test_virtual_packages_are_those_that_the_variables_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As conda has it: an environment for a node with a GPU can be made on one without."""
    tiny(tmp_path / "gpu", "kernel 1: __cuda >=12")
    condarc = Condarc(custom_channels={"gpu": tmp_path.as_uri()})
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    assert solved(tmp_path, condarc, "flexible", ["gpu"], "kernel") == {"kernel-1@gpu"}
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "")
    assert solved(tmp_path, condarc, "flexible", ["gpu"], "kernel") == "unsolvable"
