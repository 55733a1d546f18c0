"""Folders that last as long as the process that has made them."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jupyter_envlink.engines.scratch import scratch

DIES = """
import os, signal
from jupyter_envlink.engines.scratch import scratch
with scratch() as folder:
    (folder / "condarc").write_text("secret")
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_nobody_else_looks_into_it_and_it_goes(tmp_path: Path) -> None:
    with scratch() as folder, scratch() as other:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700 or sys.platform == "win32"
        assert folder != other
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_a_killed_process_has_left_goes_with_the_next_one(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES], capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    (tmp_path / "envlink-of-others").mkdir()
    assert (left / "condarc").exists()

    with scratch() as folder:
        assert sorted(tmp_path.iterdir()) == sorted([folder, tmp_path / "envlink-of-others"])
