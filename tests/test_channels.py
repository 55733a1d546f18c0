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
