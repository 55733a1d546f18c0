"""Fixtures of ``commands``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Machine

from .commands import OURS, REAL, CommandLine, ours, real


@pytest.fixture
def conda_like(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Our own program in place of conda's."""
    return ours(tmp_path, monkeypatch)


@pytest.fixture(params=[OURS, *REAL])
def command_line(
    request: pytest.FixtureRequest, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Our own, and each of the three that this machine has."""
    return ours(tmp_path, monkeypatch) if request.param == OURS else real(request.param)
