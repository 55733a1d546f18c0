"""What the server wrote to the disk runs notebooks of each language by `nbconvert --execute`, unconfigured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ..server import Process
from .fixtures import Region
from .samples import Sample

pytestmark = pytest.mark.slow


def test_nbconvert_executes_a_notebook_that_names_it(
    region_server: Process, region: Region, sample: Sample, tmp_path: Path
) -> None:
    region.registered(sample.name)
    path = tmp_path / "notebook.ipynb"
    cells = [nbformat.v4.new_code_cell(sample.where)]
    metadata = {"kernelspec": {"name": sample.name, "display_name": ""}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    argv = [sys.executable, "-m", "nbconvert", "--execute", "--to=notebook", "--inplace", str(path)]
    done = subprocess.run(argv, env=region.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = nbformat.read(path, 4).cells[0].outputs[0].text
    assert printed.startswith(str(region.prefixes[sample.environment]))


def test_the_disk_has_what_its_author_gave_it(region_server: Process, region: Region, sample: Sample) -> None:
    file = region.registered(sample.name)
    author_s = region.prefixes[sample.environment] / "share" / "jupyter" / "kernels" / sample.kernel
    written, given = (json.loads(each.read_text()) for each in (file, author_s / "kernel.json"))
    assert written["metadata"].items() >= given.get("metadata", {}).items()
    assert written["interrupt_mode"] == given.get("interrupt_mode", "signal")
    assert written.get("kernel_protocol_version") == given.get("kernel_protocol_version")
    for logo in sample.logos:
        assert (file.parent / logo).read_bytes() == (author_s / logo).read_bytes()
