from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from jupyter_envlink.errors import EnvlinkError
from jupyter_envlink.kernelspecs import link_all
from jupyter_envlink.staging import read, staged

from .prefixes import environment, look_alike, r_kernel

posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Python")
SAYS_ITS_PART = """#!/bin/sh
printf '%s\\n' "$@" "$TMPDIR" "$PWD" "${PYTHONPATH-unset}" > "$(dirname "$0")/said"
mkdir -p "$5/share/jupyter/kernels/a"
echo '{"argv": ["old"], "metadata": {"debugger": true, "x": 1}, "extra": 1}' > "$5/share/jupyter/kernels/a/kernel.json"
"""


def _python(prefix: Path, script: str) -> None:
    (prefix / "bin" / "python").write_text(script)


@posix
def test_ipykernel_is_asked_with_options_that_the_oldest_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/leak")
    prefix, folder = look_alike(tmp_path / "envs" / "a"), tmp_path / "staging"
    _python(prefix, SAYS_ITS_PART)
    (link,) = link_all([environment(str(prefix))], {}, set())
    made = staged(link, {"argv": ["new"], "metadata": {"x": 2}}, folder)
    expected = ["-m", "ipykernel", "install", "--prefix", str(folder), "--name=a", "--display-name=a (Python 3.11)"]
    assert (prefix / "bin" / "said").read_text().splitlines() == [*expected, str(folder), str(folder), "unset"]
    assert read(made) == {"argv": ["new"], "metadata": {"debugger": True, "x": 2}, "extra": 1}


@posix
def test_a_kernel_that_runs_ipykernel_keeps_a_logo_of_its_own(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "envs" / "a")
    _python(prefix, SAYS_ITS_PART.replace("echo", 'echo ipykernel > "$5/share/jupyter/kernels/a/logo-svg.svg"; echo'))
    (link,) = link_all([environment(str(prefix))], {}, set())
    made = staged(link, {"metadata": {}}, tmp_path / "staging")
    assert (made / "logo-svg.svg").read_text() == "<svg/>"


def test_another_kernel_in_a_folder_called_ipykernel_is_not_ipykernel(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "ipykernel" / "ipykernel-tests")
    kernel = r_kernel(str(prefix), argv=(f"{prefix}/bin/R", "-e", "IRkernel::main()"))
    (link,) = link_all([environment(str(prefix), kernels=(kernel,))], {}, set())
    assert staged(link, {"metadata": {}}, tmp_path / "staging") == tmp_path / "staging"


@posix
def test_an_ipykernel_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "envs" / "a")
    _python(prefix, "#!/bin/sh\nexit 0\n")
    (link,) = link_all([environment(str(prefix))], {}, set())
    with pytest.raises(EnvlinkError, match=r"wrote no kernel\.json"):
        staged(link, {"metadata": {}}, tmp_path / "staging")


@pytest.mark.parametrize("content", [None, "{", "[]", "[" * 100_000])
def test_what_cannot_be_read_is_nobody_s(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "kernel.json").write_text(content)
    assert read(tmp_path) == {}


@posix
def test_a_logo_that_leads_nowhere_is_left_out(tmp_path: Path) -> None:
    prefix = look_alike(tmp_path / "envs" / "a")
    kernel = prefix / "share/jupyter/kernels/python3"
    os.symlink("nowhere", kernel / "logo-64x64.png")
    (link,) = link_all([environment(str(prefix), python=None)], {}, set())
    made = staged(link, {"metadata": {}}, tmp_path / "staging")
    assert sorted(os.listdir(made)) == ["kernel.json", "logo-svg.svg"]
    assert json.loads((made / "kernel.json").read_text()) == {"metadata": {}}
