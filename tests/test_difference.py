from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rattler import Version

from jupyter_envlink.difference import Difference, Move, difference
from jupyter_envlink.engines.base import Package

CHANNEL = "https://conda.anaconda.org/conda-forge"


def package(name: str, version: str = "1.0", build: str = "0", channel: str | None = CHANNEL) -> Package:
    return Package(name, version, build, channel, 1)


def test_each_kind_of_change() -> None:
    before = [package("up", "1.9"), package("down", "2"), package("again"), package("gone"), package("same")]
    after = [
        package("same"),
        package("new"),
        package("again", build="1"),
        package("down", "1.10"),
        package("up", "1.10"),
    ]
    found = difference(before, after)
    assert found == Difference(
        install=(package("new"),),
        upgrade=(Move(package("up", "1.9"), package("up", "1.10")),),
        downgrade=(Move(package("down", "2"), package("down", "1.10")),),
        rebuild=(Move(package("again"), package("again", build="1")),),
        remove=(package("gone"),),
        unchanged=1,
    )
    assert [each.name for each in found.coming] == ["new", "up", "down", "again"]


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("1.9", "1.10"), ("1.0rc1", "1.0"), ("1.0", "1.0.post1"), ("2024b", "1!1.0"), ("1.0dev", "1.0a")],
)
def test_versions_are_ordered_as_conda_does(lower: str, higher: str) -> None:
    assert difference([package("a", lower)], [package("a", higher)]).upgrade
    assert difference([package("a", higher)], [package("a", lower)]).downgrade


def test_a_version_that_is_only_written_otherwise_is_a_rebuild() -> None:
    assert difference([package("a", "1.0")], [package("a", "1.00")]).rebuild


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CHANNEL, f"{CHANNEL}/"),
        ("conda-forge", CHANNEL),
        (f"{CHANNEL}/linux-64", f"{CHANNEL}/noarch"),
        (None, CHANNEL),
        ("conda-forge/label/dev", f"{CHANNEL}/label/dev"),
    ],
)
def test_one_channel_in_other_words_is_no_change(one: str | None, other: str) -> None:
    for before, after in ((one, other), (other, one)):
        assert difference([package("a", channel=before)], [package("a", channel=after)]) == Difference(unchanged=1)


@pytest.mark.parametrize("other", ["https://repo.anaconda.com/pkgs/main", "bioconda", f"{CHANNEL}/label/dev"])
def test_another_channel_is_a_rebuild(other: str) -> None:
    assert difference([package("a")], [package("a", channel=other)]).rebuild


versions = st.sampled_from(["0.9", "1", "1.0", "1.0.0", "1.10", "1.9", "1.0rc1", "1.0.post1", "2024b", "1!0.1"])
packages = st.builds(
    package, st.sampled_from("abcdefg"), versions, st.sampled_from(["0", "py_1"]), st.sampled_from([CHANNEL, "x", None])
)
environments = st.lists(packages, unique_by=lambda each: each.name)


def _parts(found: Difference) -> Sequence[str]:
    moves = (*found.upgrade, *found.downgrade, *found.rebuild)
    return [*(each.name for each in (*found.install, *found.remove)), *(move.after.name for move in moves)]


@given(environments, environments)
def test_every_package_is_in_one_part(before: list[Package], after: list[Package]) -> None:
    found = difference(before, after)
    parts = _parts(found)
    assert len(parts) == len(set(parts))
    assert len(parts) + found.unchanged == len({each.name for each in (*before, *after)})
    for part in (found.install, found.remove):
        assert list(part) == sorted(part, key=lambda each: each.name)


@given(environments, environments)
def test_the_change_turns_the_one_into_the_other(before: list[Package], after: list[Package]) -> None:
    """Up to what counts as the same package."""
    found = difference(before, after)
    kept = {each.name: each for each in before}
    for gone in found.remove:
        assert kept.pop(gone.name) == gone
    for move in (*found.upgrade, *found.downgrade, *found.rebuild):
        assert kept[move.before.name] == move.before
    kept |= {each.name: each for each in found.coming}
    assert {(each.name, each.version, each.build) for each in kept.values()} == {
        (each.name, each.version, each.build) for each in after
    }


@given(environments, environments)
def test_the_way_back_is_the_opposite(before: list[Package], after: list[Package]) -> None:
    there, back = difference(before, after), difference(after, before)
    assert (there.install, there.remove, there.unchanged) == (back.remove, back.install, back.unchanged)
    assert {move.after.name for move in there.upgrade} == {move.after.name for move in back.downgrade}
    assert {move.after.name for move in there.rebuild} == {move.after.name for move in back.rebuild}


@given(environments, environments)
def test_up_is_up(before: list[Package], after: list[Package]) -> None:
    found = difference(before, after)
    assert all(Version(move.after.version) > Version(move.before.version) for move in found.upgrade)
    assert all(Version(move.after.version) < Version(move.before.version) for move in found.downgrade)
    assert all(Version(move.after.version) == Version(move.before.version) for move in found.rebuild)


@given(environments)
def test_nothing_changes_into_itself(before: list[Package]) -> None:
    assert difference(before, before) == Difference(unchanged=len(before))
