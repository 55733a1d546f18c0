"""The kernel spec tests of jupyter_client and jupyter_server, as they wrote them, with our manager in their place."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from ..conftest import Machine
from ..prefixes import look_alike
from .sdist import unpacked

SUBSTITUTED = Path(__file__).parent / "substituted"

TESTS = {
    "jupyter_client": ["tests/test_kernelspec.py", "tests/test_kernelspecapp.py"],
    "jupyter_server": ["tests/services/kernelspecs"],
}

DIFFERENCES: Mapping[str, str] = {}
"""Tests that we mean to fail, by node id, each with its reason. There is none."""

NOT_HERE = {
    "needs Unix system without root privileges",  # whoever runs as root
}
"""Why they themselves skip some."""


@pytest.fixture
def environ(machine: Machine) -> dict[str, str]:
    """Theirs is a machine on which there is an environment, too."""
    look_alike(machine.envs / "finance")
    # jupyter_client's conftest sets it, but before Jupyter is imported.
    return {**os.environ, "PYTHONPATH": str(SUBSTITUTED), "JUPYTER_PLATFORM_DIRS": "1"}


@pytest.mark.slow
@pytest.mark.parametrize("project", TESTS)
def test_what_others_ask_of_a_kernel_spec_manager(project: str, environ: dict[str, str], tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    argv = [sys.executable, "-m", "pytest", "-p", "envlink_asked", "-p", "no:cacheprovider", f"--junitxml={report}"]
    chosen = [*TESTS[project], *(f"--deselect={each}" for each in DIFFERENCES)]
    done = subprocess.run(
        [*argv, f"--basetemp={tmp_path / 'theirs'}", *chosen],
        cwd=unpacked(project),
        env=environ,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    skipped = [_reason(each) for each in ET.parse(report).iter("skipped")]
    assert set(skipped) <= NOT_HERE
    assert len(list(ET.parse(report).iter("testcase"))) - len(skipped) >= 6


def test_programs_that_their_tests_start_have_our_manager(environ: dict[str, str]) -> None:
    code = "from jupyter_client.kernelspecapp import KernelSpecApp as a, KernelSpecManager as m; print(m.__module__)"
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("jupyter_envlink.manager", "")


def _reason(skipped: ET.Element) -> str:
    return skipped.get("message", "")
