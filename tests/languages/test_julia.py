"""IJulia's kernels in their real shape, without a Julia: what is read, named and made of the file, nothing is started.

No registry that the tests reach has Julia. The shape is that of ``installkernel`` in IJulia's ``deps/kspec.jl``, whose
command once named ``src/kernel.jl`` and now is ``-e "import IJulia; IJulia.run_kernel()"``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.catalog import Catalog
from jupyter_envlink.manager import EnvlinkKernelSpecManager

from ..prefixes import look_alike

KERNEL_JL = ["-i", "--color=yes", "--project=@.", "/depot/packages/IJulia/Vo51o/src/kernel.jl", "{connection_file}"]
RUN_KERNEL = ["-i", "--color=yes", "-e", "import IJulia; IJulia.run_kernel()", "{connection_file}"]


def _install_kernel(prefix: Path, folder: str, title: str, argv: list[str], **more: Any) -> None:
    julia = prefix / "bin" / "julia"
    julia.parent.mkdir(parents=True, exist_ok=True)
    julia.write_text("#!/bin/sh\nexit 1\n")
    julia.chmod(0o755)
    spec = {"argv": argv, "display_name": title, "language": "julia", "env": {}, "interrupt_mode": "signal", **more}
    kernel = prefix / "share" / "jupyter" / "kernels" / folder
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec))
    for logo in ("logo-32x32.png", "logo-64x64.png", "logo-svg.svg"):
        (kernel / logo).write_bytes(b"three dots")


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A conda environment of Julia alone."""
    prefix = tmp_path / "envs" / "waves"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").write_text("==> 2026-11-01 00:00:00 <==\n")
    return prefix


def _manager(tmp_path: Path) -> EnvlinkKernelSpecManager:
    catalog = Catalog(environ={"CONDA_ENVS_PATH": str(tmp_path / "envs"), "PATH": ""}, home=tmp_path / "home")
    return EnvlinkKernelSpecManager(catalog=catalog, data_dir=str(tmp_path / "data"), kernel_dirs=[])


@pytest.mark.parametrize("arguments", [KERNEL_JL, RUN_KERNEL], ids=["kernel.jl", "run_kernel"])
@pytest.mark.parametrize("absolute", [True, False])
def test_julia_alone_bears_the_environment_s_name(
    alone: Path, tmp_path: Path, arguments: list[str], absolute: bool
) -> None:
    julia = str(alone / "bin" / "julia")
    _install_kernel(alone, "julia-1.10", "Julia 1.10.4", [julia if absolute else "julia", *arguments])
    spec = _manager(tmp_path).get_kernel_spec("waves")
    assert spec.argv == [julia, *arguments]
    assert (spec.display_name, spec.language, spec.interrupt_mode) == ("waves (Julia)", "julia", "signal")
    assert spec.env["CONDA_PREFIX"] == str(alone)


@pytest.mark.parametrize("written", ["message", "Message"])
def test_the_mode_that_ijulia_writes_on_windows_is_kept(alone: Path, tmp_path: Path, written: str) -> None:
    """jupyter_client reads it in any case of letters."""
    _install_kernel(alone, "julia-1.10", "Julia", ["julia", *RUN_KERNEL], interrupt_mode=written)
    assert _manager(tmp_path).get_kernel_spec("waves").interrupt_mode == "message"


def test_beside_python_each_julia_has_a_name_a_title_and_its_looks(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "envs" / "mixed")
    _install_kernel(prefix, "julia-1.10", "Julia 1.10.4", ["julia", *RUN_KERNEL])
    threads = {"JULIA_NUM_THREADS": "2"}
    _install_kernel(prefix, "julia-(2-threads)-1.10", "Julia (2 threads) 1.10.4", ["julia", *RUN_KERNEL], env=threads)
    listed = _manager(tmp_path).get_all_specs()
    assert set(listed) == {"mixed", "mixed-julia-1.10", "mixed-julia--2-threads--1.10", "python3"}
    assert len({each["spec"]["display_name"] for each in listed.values()}) == 4
    assert listed["mixed-julia--2-threads--1.10"]["spec"]["env"]["JULIA_NUM_THREADS"] == "2"
    assert set(listed["mixed-julia-1.10"]["resources"]) == {"logo-32x32", "logo-64x64", "logo-svg"}
