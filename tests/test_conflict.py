"""Over real answers of the solver: each case is solved, and what it says is tied to the file's lines."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jupyter_envlink.channels import Channels
from jupyter_envlink.conflict import MAX_CAUSES, Cause, causes, leaf_names, missing_specs
from jupyter_envlink.engines.availability import Availability, Available
from jupyter_envlink.engines.rattler import RattlerEngine
from jupyter_envlink.envfile import Addition, EnvironmentFile, read
from jupyter_envlink.errors import Unsolvable

from .indexes import record, scientific, write_index

KERNEL = Addition("ipykernel", "Nothing in the file brings a kernel.")


class Asker:
    """Solves files against one index, and explains what fails."""

    def __init__(self, folder: Path) -> None:
        self.engine = RattlerEngine(folder / "cache")
        self.channels = Channels((write_index(folder / "index", scientific()),), "strict")

    def fail(self, file: EnvironmentFile, *added: Addition, pins: tuple[str, ...] = ()) -> tuple[str, Availability]:
        specs = [*(file.conda or ()), *(addition.spec for addition in added)]
        with pytest.raises(Unsolvable) as failed:
            asyncio.run(self.engine.solve(self.channels, specs, constraints=pins))
        reasons = failed.value.details["reasons"]
        return reasons, asyncio.run(self.engine.available(self.channels, [*specs, *leaf_names(reasons)]))

    def causes(self, *specs: str, added: tuple[Addition, ...] = (), pins: tuple[str, ...] = ()) -> tuple[Cause, ...]:
        file = read("dependencies:\n" + "".join(f"  - {spec}\n" for spec in specs))
        reasons, available = self.fail(file, *added, pins=pins)
        return causes(reasons, file, added, available, "linux-64")


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(tmp_path)


CASES: list[tuple[tuple[str, ...], list[str]]] = [
    (
        ("python 3.12.*", "six", "numpy=1.21"),
        [
            "Line 2 asks for python 3.12.*.",
            "Line 4 asks for numpy=1.21, which needs python >=3.7,<3.11; line 2 asks for python 3.12.*.",
        ],
    ),
    (
        ("scipy=1.9.0", "python=3.12"),
        [
            (
                "Line 2 asks for scipy=1.9.0, which needs numpy >=1.21,<1.22, which needs python >=3.7,<3.11; "
                "line 3 asks for python=3.12."
            ),
            "Line 3 asks for python=3.12.",
        ],
    ),
    (
        ("deep", "python=3.12"),
        [
            (
                "Line 2 asks for deep, which needs deeper, which needs deepest >=2, which needs python <3.10; "
                "line 3 asks for python=3.12."
            ),
            "Line 3 asks for python=3.12.",
        ],
    ),
    (
        ("pandas=1.3.0", "scipy=1.13.0"),
        [
            (
                "Line 2 asks for pandas=1.3.0, which needs numpy >=1.21,<1.22; "
                "line 3 asks for scipy=1.13.0, which needs numpy >=1.26,<3."
            ),
            (
                "Line 3 asks for scipy=1.13.0, which needs numpy >=1.26,<3; "
                "line 2 asks for pandas=1.3.0, which needs numpy >=1.21,<1.22."
            ),
        ],
    ),
    (
        ("numpy=1.26", "numpy=1.21"),
        [
            "Line 2 asks for numpy=1.26; line 3 asks for numpy=1.21.",
            "Line 3 asks for numpy=1.21; line 2 asks for numpy=1.26.",
        ],
    ),
    (
        ("picky", "numpy>=1.26"),
        [
            "Line 2 asks for picky, which goes with numpy <1.22 only; line 3 asks for numpy>=1.26.",
            "Line 3 asks for numpy>=1.26.",
        ],
    ),
    (
        ("gpu",),
        [
            (
                "Line 2 asks for gpu, which needs __cuda >=999; "
                "this machine does not have that (a graphics card and driver that CUDA knows)."
            )
        ],
    ),
    (("winonly",), ["Line 2 asks for winonly, which needs vc >=14.2; vc exists for Windows only."]),
    (
        ("stray",),
        ["Line 2 asks for stray, which needs nowhere >=2; the channels have no package nowhere for this platform."],
    ),
    # what is not there is named, all of it, with what is there instead
    (("nunpy",), ["Line 2 asks for nunpy: the channels have no package nunpy for this platform; did you mean numpy?"]),
    (
        ("numpy=1.99", "python=4", "six"),
        [
            "Line 2 asks for numpy=1.99: that version is not there; the channels have 1.26.4, and 2.0.0 is the newest.",
            "Line 3 asks for python=4: that version is not there; the channels have 3.9.1 to 3.12.1.",
        ],
    ),
    (("six=2",), ["Line 2 asks for six=2: that version is not there; the channels have 1.16.0 only."]),
    (("numpy=1.21.0=py39_0",), ["Line 2 asks for numpy=1.21.0=py39_0: that build is not there, others are."]),
    (
        ("numpy=1.21.0=h1haa95532_0",),
        ["Line 2 asks for numpy=1.21.0=h1haa95532_0: that build is for Windows, others are."],
    ),
    (
        ("vc=14.2=h21ff451_1", "appnope"),
        [
            "Line 2 asks for vc=14.2=h21ff451_1: vc exists for Windows only.",
            "Line 3 asks for appnope: appnope exists for macOS only.",
        ],
    ),
    (
        ("six=1.16.0=pypi_0",),
        ["Line 2 asks for six=1.16.0=pypi_0: that is how pip's packages are listed, and no channel has those."],
    ),
]


@pytest.mark.parametrize(("specs", "messages"), CASES, ids=[" ".join(specs) for specs, _ in CASES])
def test_lines_with_sentences(asker: Asker, specs: tuple[str, ...], messages: list[str]) -> None:
    assert [cause.message for cause in asker.causes(*specs)] == messages


def test_a_cause_marks_its_text(asker: Asker) -> None:
    numpy = asker.causes("python=3.12", "'numpy=1.21'  # the old one")[1]
    assert (numpy.spec, numpy.line, numpy.column, numpy.end_line, numpy.end_column) == ("numpy=1.21", 3, 5, 3, 17)


def test_what_we_add_is_named_as_ours(asker: Asker) -> None:
    python, ours = asker.causes("python=3.9", added=(KERNEL,))
    assert python.message == "Line 2 asks for python=3.9."
    assert ours.message == (
        "envlink adds ipykernel, which needs python >=3.10; line 2 asks for python=3.9 "
        "(Nothing in the file brings a kernel)."
    )
    assert (ours.spec, ours.line, ours.column, ours.end_line, ours.end_column) == ("ipykernel", None, None, None, None)


@pytest.mark.parametrize(
    ("specs", "pin", "messages"),
    [
        (
            ("numpy=1.26", "python"),
            "numpy 1.21.*",
            [
                "Line 2 asks for numpy=1.26; conda's configuration keeps to numpy 1.21.*.",
                "conda's configuration keeps to numpy 1.21.*.",
            ],
        ),
        (
            ("pandas=2.2.0", "python"),
            "numpy <1.22",
            [
                "Line 2 asks for pandas=2.2.0, which needs numpy >=1.26; conda's configuration keeps to numpy <1.22.",
                "conda's configuration keeps to numpy <1.22.",
            ],
        ),
        (
            ("python=3.12", "pandas"),
            "numpy 1.21.*",
            [
                "Line 2 asks for python=3.12.",
                (
                    "Line 3 asks for pandas, which needs numpy >=1.21,<1.22, which needs python >=3.7,<3.11; "
                    "line 2 asks for python=3.12."
                ),
                "conda's configuration keeps to numpy 1.21.*.",
            ],
        ),
    ],
)
def test_what_is_pinned_is_named(asker: Asker, specs: tuple[str, ...], pin: str, messages: list[str]) -> None:
    assert [cause.message for cause in asker.causes(*specs, pins=(pin,))] == messages


def test_an_export_of_hundreds_is_cut_short(asker: Asker) -> None:
    file = read("dependencies:\n" + "".join(f"  - six=0.{number}\n" for number in range(200)))
    reasons, available = asker.fail(file)
    found = causes(reasons, file, (), available, "linux-64")
    assert [cause.line for cause in found] == list(range(2, MAX_CAUSES + 2))
    assert len(missing_specs(file, (), available)) == 200


def test_nothing_is_known_of_the_channels(asker: Asker) -> None:
    file = read("dependencies: [python=3.12, numpy=1.21]\n")
    reasons, _ = asker.fail(file)
    found = causes(reasons, file, (), Availability(), "linux-64")
    assert [cause.spec for cause in found] == ["python=3.12", "numpy=1.21"]


def test_a_token_in_a_spec_is_not_said() -> None:
    file = read("dependencies:\n  - https://host.example/t/secret-1234/forge::numpy\n")
    available = Availability({spec: Available() for spec in file.conda or ()})
    (cause,) = causes("", file, (), available, "linux-64")
    assert "secret-1234" not in repr(cause)


def test_records_that_others_name_are_found_under_their_own_spelling(tmp_path: Path) -> None:
    url = write_index(tmp_path / "index", [record("pyyaml", "6.0")])
    available = asyncio.run(RattlerEngine(tmp_path).available(Channels((url,), "strict"), ["PyYAML=5", "nothing"]))
    assert available.of["PyYAML=5"].versions == ("6.0",)
    assert available.of["nothing"].versions == ()
    assert available.names == {"pyyaml"}
