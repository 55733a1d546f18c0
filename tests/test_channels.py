from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink import channels
from jupyter_envlink.channels import resolve
from jupyter_envlink.condarc import Condarc

ALIAS = "https://conda.anaconda.org"
FORGE = f"{ALIAS}/conda-forge"
DEFAULTS = tuple(
    f"https://repo.anaconda.com/pkgs/{name}" for name in (["main", "r"] + (["msys2"] if os.name == "nt" else []))
)
CONFIGURED = Condarc(channels=("bioconda", "defaults"))
LAB = Condarc(
    default_channels=("https://mirror.example/main", "conda-forge"),
    channel_alias="https://alias.example/",
    custom_channels={
        "lab": "https://lab.example/conda",
        "lab/deep": "https://deep.example",
        "pkgs/main": "https://m.example",
    },
    custom_multichannels={"ours": ("lab", "conda-forge"), "loop": ("loop", "lab")},
)


def urls(file: Any, condarc: Condarc | None = None, specs: Any = (), environ: Any = None) -> tuple[str, ...]:
    return resolve(file, specs, condarc or Condarc(), environ or {}).urls


@pytest.mark.parametrize(
    ("file", "condarc", "expected"),
    [
        (["conda-forge"], Condarc(), (FORGE,)),
        (["conda-forge"], CONFIGURED, (FORGE, f"{ALIAS}/bioconda", *DEFAULTS)),
        (["conda-forge", "nodefaults"], CONFIGURED, (FORGE,)),
        (["defaults", "nodefaults"], CONFIGURED, DEFAULTS),
        (None, CONFIGURED, (f"{ALIAS}/bioconda", *DEFAULTS)),
        ([], CONFIGURED, (f"{ALIAS}/bioconda", *DEFAULTS)),
        (None, Condarc(), (FORGE,)),
        (["nodefaults"], CONFIGURED, (FORGE,)),
        (["defaults", "conda-forge", "defaults"], Condarc(), (*DEFAULTS, FORGE)),
        (["defaults"], LAB, ("https://mirror.example/main", "https://alias.example/conda-forge")),
        (["defaults"], Condarc(custom_multichannels={"defaults": ("x",)}), (f"{ALIAS}/x",)),
        (["ours"], LAB, ("https://lab.example/conda/lab", "https://alias.example/conda-forge")),
        (["loop"], LAB, ("https://alias.example/loop", "https://lab.example/conda/lab")),
        (["lab/deep/label/dev"], LAB, ("https://deep.example/lab/deep/label/dev",)),
        (["pkgs/main"], LAB, ("https://m.example/pkgs/main",)),
        (["pkgs/main", "pkgs/r/"], Condarc(), DEFAULTS[:2]),
        (["r", "main"], Condarc(), (f"{ALIAS}/r", f"{ALIAS}/main")),
        (["conda-forge/label/dev"], Condarc(), (f"{FORGE}/label/dev",)),
        (["conda-forge/linux-64"], Condarc(), (FORGE,)),
        (["https://x.example/a/"], Condarc(), ("https://x.example/a",)),
        (["https://x.example/a/noarch"], Condarc(), ("https://x.example/a",)),
        (["https://x.example/t/tk-1/a"], Condarc(), ("https://x.example/t/tk-1/a",)),
        (["file:///srv/channel"], Condarc(), ("file:///srv/channel",)),
        (["a"], Condarc(channel_alias="x.example"), ("https://x.example/a",)),
        ([" conda-forge "], Condarc(), (FORGE,)),
    ],
)
def test_urls(file: list[str] | None, condarc: Condarc, expected: tuple[str, ...]) -> None:
    assert urls(file, condarc) == expected


def test_folders_become_file_urls(tmp_path: Path) -> None:
    assert urls([str(tmp_path)]) == (tmp_path.as_uri(),)
    assert urls(["./channel"]) == ((Path.cwd() / "channel").as_uri(),)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("numpy", ()),
        ("python:3", ()),
        ("bioconda::samtools=1", (f"{ALIAS}/bioconda",)),
        ("bioconda/linux-64::samtools", (f"{ALIAS}/bioconda",)),
        ("pytorch/label/dev::torch", (f"{ALIAS}/pytorch/label/dev",)),
        ("defaults::numpy", DEFAULTS),
        ("https://x.example/c/linux-64::numpy", ("https://x.example/c",)),
        ("numpy[channel=bioconda]", (f"{ALIAS}/bioconda",)),
        ("numpy[version='>1',channel='bioconda']", (f"{ALIAS}/bioconda",)),
        ("conda-forge::numpy", ()),
    ],
)
def test_channels_of_specs_come_last(spec: str, expected: tuple[str, ...]) -> None:
    assert urls(["conda-forge"], specs=[spec]) == (FORGE, *expected)


def test_variables_are_expanded_and_missing_ones_are_said() -> None:
    assert urls(["https://$USER_:${KEY}@x.example/c"], environ={"USER_": "me", "KEY": "k"}) == (
        "https://me:k@x.example/c",
    )
    found = resolve(["$NOWHERE/c"], (), Condarc(), {})
    assert found.urls == (f"{ALIAS}/$NOWHERE/c",)
    assert any("variable that is not set" in note for note in found.notes)


@pytest.mark.parametrize(
    ("file", "condarc", "said"),
    [
        (None, Condarc(), "conda-forge is used"),
        (["nodefaults"], CONFIGURED, "conda-forge is used"),
        (None, CONFIGURED, "(bioconda, defaults)"),
        (["local", "x"], Condarc(), "'local'"),
        (["x"], Condarc(problems=("it is broken.",)), "it is broken."),
    ],
)
def test_notes(file: list[str] | None, condarc: Condarc, said: str) -> None:
    assert any(said in note for note in resolve(file, (), condarc, {}).notes)


def test_a_file_that_decides_alone_gets_no_note() -> None:
    assert resolve(["conda-forge"], (), CONFIGURED, {}).notes == ()


def test_notes_hold_no_secrets() -> None:
    condarc = Condarc(
        channels=("https://me:hunter2@x.example/t/hunter2/c",), problems=("https://a:hunter2@b/ is bad.",)
    )
    assert not [note for note in resolve(None, (), condarc, {}).notes if "hunter2" in note]


@pytest.mark.parametrize("priority", ["strict", "flexible", "disabled"])
def test_priority_is_the_configured_one(priority: str) -> None:
    assert resolve(["x"], (), Condarc(channel_priority=priority), {}).priority == priority


def test_redact_is_at_hand() -> None:
    assert channels.redact("https://a:b@c/d") == "https://***@c/d"


CORPORATE = Condarc(
    default_channels=("https://mirror.example/conda/pkgs/main", "r"),
    channel_alias="https://corp.example/api/conda",
    custom_multichannels={"ours": ("https://mirror.example/t/tk-1/science", "lab")},
    migrated_custom_channels={"old/name": "https://gone.example/conda"},
    migrated_channel_aliases=("https://former.example/conda",),
    custom_channels={"old": "https://new.example", "private": "https://me:pw@private.example/x"},
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # a member of a multichannel has its place there, wherever it is named
        ("conda/pkgs/main", "https://mirror.example/conda/pkgs/main"),
        ("conda/pkgs/main/label/x", "https://mirror.example/conda/pkgs/main/label/x"),
        ("science", "https://mirror.example/t/tk-1/science"),
        # an alias of one's own is where everything else is, Anaconda's channels too
        ("pkgs/main", "https://corp.example/api/conda/pkgs/main"),
        ("conda-forge", "https://corp.example/api/conda/conda-forge"),
        # what has moved
        ("https://gone.example/conda/old/name", "https://new.example/old/name"),
        ("https://gone.example/conda/old/name/label/dev", "https://new.example/old/name/label/dev"),
        ("https://gone.example/conda/old/nameless", "https://gone.example/conda/old/nameless"),
        ("https://former.example/conda/bioconda", "https://corp.example/api/conda/bioconda"),
        ("https://former.example/condaless/bioconda", "https://former.example/condaless/bioconda"),
        # the login that is configured for a place
        ("https://private.example/x/private", "https://me:pw@private.example/x/private"),
        ("https://private.example/x/private/label/dev", "https://me:pw@private.example/x/private/label/dev"),
        ("https://private.example/x/privateer", "https://private.example/x/privateer"),
        ("https://you:other@private.example/x/private", "https://you:other@private.example/x/private"),
        ("https://mirror.example/science", "https://mirror.example/t/tk-1/science"),
    ],
)
def test_names_and_addresses_of_a_configured_site(name: str, expected: str) -> None:
    assert urls([name, "nodefaults"], CORPORATE) == (expected,)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://conda.anaconda.org/lab", "https://conda.anaconda.org/t/tk-9/lab"),
        ("lab", "https://conda.anaconda.org/t/tk-9/lab"),
        ("https://conda.anaconda.org/t/tk-own/lab", "https://conda.anaconda.org/t/tk-own/lab"),
        ("https://conda.anaconda.org.example/lab", "https://conda.anaconda.org.example/lab"),
    ],
)
def test_a_token_of_anaconda_client_opens_its_own_place_only(url: str, expected: str) -> None:
    assert urls([url], Condarc(tokens={"https://conda.anaconda.org": "tk-9"})) == (expected,)


def test_defaults_that_stand_for_nothing_are_left_out_and_said() -> None:
    found = resolve(["defaults", "bioconda"], (), Condarc(default_channels=()), {})
    assert found.urls == (f"{ALIAS}/bioconda",)
    assert any("'defaults' stands for no channel" in note for note in found.notes)


def test_local_stands_for_the_folders_of_conda_build(tmp_path: Path) -> None:
    configured = Condarc(local_folders=(str(tmp_path),), use_local=True, channels=("bioconda",))
    assert urls(["conda-forge"], configured) == (FORGE, tmp_path.as_uri(), f"{ALIAS}/bioconda")


@pytest.mark.parametrize(
    ("file", "groups"),
    [
        (["defaults", "conda-forge"], (("defaults", DEFAULTS), ("conda-forge", (FORGE,)))),
        (["pkgs/main", "pkgs/r"], (("defaults", DEFAULTS[:2]),)),
        (
            ["pkgs/main", "x", "pkgs/r"],
            (("defaults", DEFAULTS[:1]), ("x", (f"{ALIAS}/x",)), ("defaults", DEFAULTS[1:2])),
        ),
        ([FORGE, "https://x.example/c"], (("conda-forge", (FORGE,)), ("", ("https://x.example/c",)))),
        (["a/label/dev"], (("a/label/dev", (f"{ALIAS}/a/label/dev",)),)),
    ],
)
def test_neighbours_of_one_channel_are_one(file: list[str], groups: Any) -> None:
    assert resolve(file, (), Condarc(), {}).groups == groups


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("numpy", "numpy"),
        ("conda-forge::numpy", "conda-forge::numpy"),
        ("defaults::numpy", "defaults::numpy"),
        ("pkgs/main::numpy", f"{DEFAULTS[0]}::numpy"),
        ("$WHERE::numpy=1", "https://x.example/c::numpy=1"),
        ("$WHERE/linux-64::numpy=1", "https://x.example/c/linux-64::numpy=1"),
        ("numpy[version='1',channel='pkgs/main']", f"numpy[version='1',channel='{DEFAULTS[0]}']"),
        ("p[channel=p]", "p[channel=p]"),
    ],
)
def test_specs_name_their_channel_as_an_engine_knows_it(spec: str, expected: str) -> None:
    found = resolve(["defaults", "conda-forge"], [spec], Condarc(), {"WHERE": "https://x.example/c"})
    assert found.spelled(spec) == expected


def test_secrets_stay_out_of_the_repr() -> None:
    found = resolve(["https://me:swordfish@x.example/t/swordfish/c"], (), Condarc(), {})
    assert "swordfish" in str(found.urls)
    assert "swordfish" not in repr(found)
