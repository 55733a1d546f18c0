"""Jupyter's other programs use an environment's kernel by its name, which is on the disk, without configuration."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest

from jupyter_envlink.running import created_at, kill_group

from ..server import Process
from .fixtures import Region, available
from .samples import SAMPLES, Sample

pytestmark = pytest.mark.slow

CODE = "import sys; print(sys.prefix)"


@pytest.fixture(params=["science", "shell"])
def named(request: pytest.FixtureRequest, region: Region, region_server: Process) -> Sample:
    """Registered by the server: of conda, of a virtual environment. `nbconvert` runs the other languages."""
    found = available(next(each for each in SAMPLES if each.name == request.param), region)
    region.registered(found.name)
    return found


def _run(region: Region, argv: Sequence[str]) -> str:
    argv = [sys.executable, "-m", *argv]
    done = subprocess.run(argv, env=region.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_papermill(named: Sample, region: Region, tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(CODE)]
    metadata = {"kernelspec": {"name": named.name, "display_name": "", "language": ""}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "in.ipynb")
    _run(region, ["papermill", "--no-progress-bar", str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb")])
    printed = nbformat.read(tmp_path / "out.ipynb", 4).cells[0].outputs[0].text
    assert printed.strip() == str(region.prefixes[named.environment])


def test_jupyter_run(named: Sample, region: Region, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(CODE)
    printed = _run(region, ["jupyter", "run", f"--kernel={named.name}", str(program)])
    assert printed.strip() == str(region.prefixes[named.environment])


def test_jupyter_console(named: Sample, region: Region, tmp_path: Path) -> None:
    """Typed once the prompt is there: what comes before it, jupyter_console loses now and then, with any kernel."""
    argv = [sys.executable, "-m", "jupyter", "console", f"--kernel={named.name}", "--simple-prompt"]
    shown = tmp_path / "shown"
    options = {"env": region.environ, "stdin": subprocess.PIPE, "start_new_session": True}
    with shown.open("wb") as screen, subprocess.Popen(argv, stdout=screen, **options) as console:
        try:
            _until_shown(shown, "In [1]:")
            time.sleep(1)
            assert console.stdin is not None
            console.stdin.write(f"{CODE}\n".encode())
            console.stdin.flush()
            _until_shown(shown, str(region.prefixes[named.environment]))
        finally:
            kill_group(console.pid, created_at(console.pid))


def _until_shown(shown: Path, text: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while text not in (screen := shown.read_text(errors="replace")):
        assert time.monotonic() < deadline, screen
        time.sleep(0.05)
