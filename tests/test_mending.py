"""The changed files themselves; which of them solve is asked in ``test_explaining``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from jupyter_envlink.engines.availability import Availability, Available
from jupyter_envlink.envfile import read
from jupyter_envlink.mending import Case, Draft, Remedy, drafts, tried
from jupyter_envlink.mending.trying import MAX_SOLVES

EXPORT = """\
# made on my laptop
name: analysis
channels:
  - conda-forge
dependencies:
  - ca-certificates=2024.2.2=h56e8100_0
  - icc_rt=2022.1.0=h6049295_2
  - numpy=1.26.4=py311haa95532_0  # for the sums
  - pandas=2.2.1=py311hf63dbb6_0
  - python=3.11.8=h2628c8c_0_cpython
  - six=1.16.0=pyh6c4a22f_0
  - vc=14.3=hcf57466_18
  - humanize=4.9.0=pypi_0
  - pip=24.0=pyhd8ed1ab_0
  - pip:
      - tabulate==0.9.0
prefix: C:\\Users\\me\\analysis
"""

BROUGHT = {
    "pandas": frozenset({"numpy", "six", "python"}),
    "numpy": frozenset({"python"}),
    "six": frozenset({"python"}),
    "python": frozenset({"pip", "ca-certificates"}),
    "pip": frozenset({"python"}),
}


def _case(text: str, of: Mapping[str, Available] | None = None, blamed: tuple[str, ...] = (), **more: object) -> Case:
    file = read(text, path="environment.yml", platform="linux-64")
    entries = tuple(entry for entry in file.entries if entry.kind == "conda")
    names = frozenset(more.pop("names", ()))  # type: ignore[call-overload]
    chosen = tuple(entry for entry in entries if entry.text in blamed)
    return Case(text, file, Availability(of or {}, names), chosen, "linux-64", **more)  # type: ignore[arg-type]


def _export(without: str = "") -> Case:
    """The export, on a platform that has everything that is no Windows package, in other builds."""
    of = {}
    for spec in read(EXPORT).conda or ():
        name = spec.partition("=")[0]
        there = name not in ("vc", "icc_rt", without)
        of[spec] = Available(("9.9", "1.0") if there else (), False, there, there, BROUGHT.get(name, frozenset()))
    return _case(EXPORT, of)


def _drafts(case: Case) -> dict[str, Draft]:
    return {draft.code: draft for draft in drafts(case)}


def _conda(text: str) -> list[str]:
    file = read(text, platform="linux-64")
    assert file.ok, file.errors
    return list(file.conda or ())


def test_an_export_of_another_platform_is_made_to_work_here_first() -> None:
    found = drafts(_export())
    assert found[0].code == "works-here"
    first = found[0].variants[0]
    assert (
        first.text
        == """\
# made on my laptop
name: analysis
channels:
  - conda-forge
dependencies:
  - ca-certificates=2024.2.2
  - numpy=1.26.4  # for the sums
  - pandas=2.2.1
  - python=3.11.8
  - six=1.16.0
  - pip=24.0
  - pip:
      - tabulate==0.9.0
      - humanize==4.9.0
prefix: C:\\Users\\me\\analysis
"""
    )
    assert first.explanation == (
        "Left out, as it is for Windows only: icc_rt and vc. Listed for pip, where it is from: humanize. "
        "In any build: ca-certificates, numpy, pandas, python and 2 more."
    )


def test_the_next_ways_ask_for_less_and_less() -> None:
    texts = [_conda(variant.text) for variant in _drafts(_export())["works-here"].variants]
    assert texts[1:] == [
        ["numpy=1.26.4", "pandas=2.2.1", "python=3.11.8", "pip=24.0"],
        ["numpy=1.26", "pandas=2.2", "python=3.11", "pip=24.0"],
        ["numpy", "pandas", "python=3.11", "pip"],
        ["numpy", "pandas", "python", "pip"],
    ]


def test_only_what_is_for_another_platform() -> None:
    (variant,) = _drafts(_case(EXPORT))["this-platform"].variants
    left = _conda(variant.text)
    assert not {"vc", "icc_rt", "humanize"} & {spec.partition("=")[0] for spec in left}
    assert "numpy=1.26.4" in left  # its build bears Windows' mark
    assert "pandas=2.2.1=py311hf63dbb6_0" in left


def test_what_no_channel_has_for_this_platform_goes_with_an_export_only() -> None:
    variant = _drafts(_export("pandas"))["works-here"].variants[0]
    assert "pandas" not in {spec.partition("=")[0] for spec in _conda(variant.text)}
    assert "Left out, as the channels do not have it for this platform: pandas." in variant.explanation
    by_hand = _case("dependencies: [python=3.11, pandas]\n", {"pandas": Available()})
    assert {"works-here", "this-platform"} & _drafts(by_hand).keys() == set()


def test_a_channel_elsewhere_keeps_what_is_missing_here() -> None:
    case = _export("pandas")
    case = Case(
        case.text, case.file, case.available, (), case.here, {"more": frozenset({"pandas"}), "none": frozenset()}
    )
    found = _drafts(case)
    assert read(found["works-here"].variants[0].text).channels == ("conda-forge", "more")
    assert "pandas=2.2.1" in _conda(found["works-here"].variants[0].text)
    assert read(found["add-channel"].variants[0].text).channels == ("conda-forge", "more")
    assert found["add-channel"].variants[0].explanation == "The channel more is added."


def test_only_builds() -> None:
    (variant,) = _drafts(_export())["relax-builds"].variants
    assert all(spec.count("=") == 1 for spec in _conda(variant.text))
    assert len(_conda(variant.text)) == 9


def test_what_somebody_asked_for_by_the_channels_word() -> None:
    (variant,) = _drafts(_export())["requested-only"].variants
    assert _conda(variant.text) == ["numpy=1.26.4", "pandas=2.2.1", "python=3.11.8", "humanize=4.9.0", "pip=24.0"]
    assert "Left out, as others bring it along: ca-certificates, icc_rt, six and vc." in variant.explanation


def test_what_somebody_asked_for_by_its_name() -> None:
    (variant,) = _drafts(_case(EXPORT))["requested-only"].variants
    assert _conda(variant.text) == [
        "numpy=1.26.4",
        "pandas=2.2.1",
        "python=3.11.8",
        "six=1.16.0",
        "humanize=4.9.0",
        "pip=24.0",
    ]


def test_packages_that_need_each_other_stay() -> None:
    needs = {"a=1.0=x_0": "b", "b=1.0=x_0": "a", "c=1.0=x_0": "a", "d=1.0=x_0": "c"}
    of = {spec: Available(("1.0",), True, True, True, frozenset({needed})) for spec, needed in needs.items()}
    text = "dependencies:\n" + "".join(f"  - {spec}\n" for spec in [*needs, "e=1.0=x_0"])
    (variant,) = _drafts(_case(text, of))["requested-only"].variants
    assert _conda(variant.text) == ["b=1.0", "d=1.0", "e=1.0"]


def test_one_package_is_loosened_step_by_step_and_python_last() -> None:
    text = "dependencies:\n  - python=3.12\n  - numpy=1.21.0=py_0\n"
    of = {spec: Available(("2.0", "1.21.0"), True, True, True) for spec in ("python=3.12", "numpy=1.21.0=py_0")}
    found = _drafts(_case(text, of, ("python=3.12", "numpy=1.21.0=py_0")))
    assert [code for code in found if code.startswith("relax-")] == [
        "relax-builds",
        "relax-numpy",
        "relax-python",
        "relax-versions",
    ]
    texts = [_conda(variant.text) for variant in found["relax-numpy"].variants]
    assert texts == [["python=3.12", "numpy=1.21"], ["python=3.12", "numpy"]]
    assert _conda(found["relax-python"].variants[0].text) == ["python", "numpy=1.21.0=py_0"]


def test_a_name_is_spelled_as_the_channels_do() -> None:
    text = "dependencies:\n  - conda-forge::nunpy=1.21\n"
    case = _case(text, {"conda-forge::nunpy=1.21": Available()}, ("conda-forge::nunpy=1.21",), names={"numpy", "nump"})
    assert _conda(_drafts(case)["rename-nunpy"].variants[0].text) == ["conda-forge::numpy=1.21"]


def test_several_missing_lines_are_mended_together() -> None:
    text = "dependencies:\n  - nunpy\n  - pandas=99.1\n"
    of = {"nunpy": Available(), "pandas=99.1": Available(("2.2.1",))}
    found = drafts(_case(text, of, tuple(of), names={"numpy", "pandas"}))
    assert (found[0].code, _conda(found[0].variants[0].text)) == ("works-here", ["numpy", "pandas"])


def test_virtual_packages_of_another_system_go() -> None:
    text = "dependencies: [__win, python]\n"
    assert _conda(_drafts(_case(text))["this-platform"].variants[0].text) == ["python"]


@pytest.mark.parametrize(
    "text",
    [
        "dependencies: [python, numpy]\n",
        "dependencies:\n  - &one numpy=1.0=x_0\n  - *one\n",
        "dependencies: [vc=14.1=h0510ff6_4]\n",
    ],
    ids=["nothing to change", "an alias", "nothing would be left"],
)
def test_what_cannot_be_mended_is_not_offered(text: str) -> None:
    for draft in drafts(_case(text)):
        for variant in draft.variants:
            assert variant.text != text
            assert read(variant.text).ok


def _tried(case: Case, solves: Mapping[str, bool] | bool) -> tuple[tuple[Remedy, ...], int]:
    asked = 0

    async def solve(text: str) -> bool:
        nonlocal asked
        asked += 1
        return solves if isinstance(solves, bool) else solves.get(text, False)

    return asyncio.run(tried(case, drafts(case), solve)), asked


def test_what_solves_comes_first_and_says_so() -> None:
    case = _export()
    wanted = _drafts(case)["requested-only"].variants[0].text
    remedies, _ = _tried(case, {wanted: True})
    assert (remedies[0].code, remedies[0].solves, remedies[0].text) == ("requested-only", True, wanted)
    assert {remedy.solves for remedy in remedies[1:]} == {False}
    assert "+  - pandas=2.2.1" in remedies[0].diff.splitlines()
    assert remedies[0].diff.startswith("--- environment.yml\n+++ environment.yml\n@@")


def test_the_smallest_change_that_solves_is_taken() -> None:
    case = _export()
    third = _drafts(case)["works-here"].variants[2].text
    (first, *_), _ = _tried(case, {third: True})
    assert (first.code, first.solves, first.text) == ("works-here", True, third)


def test_trying_has_an_end() -> None:
    lines = "".join(f"  - name{number}=1.2.3=x_0\n" for number in range(5))
    case = _case(f"dependencies:\n{lines}  - vc=1.0.0=haa95532_0\n")
    remedies, asked = _tried(case, False)
    assert asked <= MAX_SOLVES
    assert remedies
