"""Every kernel of an environment, in any language, is in the menu as its author made it, under the right name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jupyter_envlink.manager import EnvlinkKernelSpecManager

from ..server import Process
from .fixtures import PYTHON, Region
from .samples import Sample


def _author_s(region: Region, sample: Sample) -> Path:
    return region.prefixes[sample.environment] / "share" / "jupyter" / "kernels" / sample.kernel


def test_the_menu_has_it_by_its_name_and_title(region_server: Process, region: Region, sample: Sample) -> None:
    spec = region_server("GET", "api/kernelspecs")["kernelspecs"][sample.name]["spec"]
    author_s = json.loads((_author_s(region, sample) / "kernel.json").read_text())
    assert spec["display_name"] == sample.title.format(PYTHON)
    assert spec["language"] == author_s["language"]
    assert spec["interrupt_mode"] == author_s.get("interrupt_mode", "signal")
    assert spec["metadata"].items() >= author_s.get("metadata", {}).items()
    assert spec["env"].items() >= author_s.get("env", {}).items()


def test_its_program_is_its_own(offered: EnvlinkKernelSpecManager, region: Region, sample: Sample) -> None:
    argv = offered.get_kernel_spec(sample.name).argv
    author_s = json.loads((_author_s(region, sample) / "kernel.json").read_text())["argv"]
    assert argv[1:] == author_s[1:]
    assert Path(argv[0]).is_absolute()
    assert shutil.which(argv[0])
    if author_s[0].startswith("python"):
        assert Path(argv[0]).parents[1] == region.prefixes[sample.environment]


def test_a_second_kernel_of_one_language_is_told_from_the_first(region_server: Process, region: Region) -> None:
    if "numeric" in region.missing:
        pytest.skip(region.missing["numeric"])
    raw = region_server("GET", "api/kernelspecs")["kernelspecs"]["numeric-xpython-raw"]["spec"]
    assert raw["display_name"] == "numeric (Python . (XPython Raw))"
    assert raw["argv"][-1] == "--raw"


def test_its_logos_are_its_author_s(region_server: Process, region: Region, sample: Sample) -> None:
    listed = region_server("GET", f"api/kernelspecs/{sample.name}")["resources"]
    for logo in sample.logos:
        assert listed[logo.rsplit(".", 1)[0]] == f"/kernelspecs/{sample.name}/{logo}"
        served = region_server.raw("GET", f"kernelspecs/{sample.name}/{logo}")
        assert served == (_author_s(region, sample) / logo).read_bytes()
