"""A kernel of each language, started by a real server under its environment's name, runs in its environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..server import Process
from .fixtures import Region
from .samples import Sample
from .talking import started

pytestmark = pytest.mark.slow


def test_it_runs_in_its_environment_and_can_be_interrupted(
    region_server: Process, region: Region, sample: Sample
) -> None:
    prefix = region.prefixes[sample.environment]
    programs = {str(prefix / "bin")} if os.name == "posix" else {str(prefix), str(prefix / "Scripts")}
    with started(region_server, sample.name, Path(region.environ["JUPYTER_RUNTIME_DIR"])) as kernel:
        assert kernel.said(sample.where).split(os.pathsep)[0] in programs
        if sample.interrupted:
            assert kernel.interrupted(sample.long) == sample.interrupted
            assert kernel.goes_on(sample.where)
