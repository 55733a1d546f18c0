"""Registrations killed at any moment: a spec is there whole or not at all, and the next run ends what was begun."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_envlink.owned import OwnedSpecs
from jupyter_envlink.registration import Registrar, Standing

from . import registering
from .channel import Channel
from .prefixes import real

KILLS = 12
COPIED = 20
LOGO = b"<svg/>" * 1000


@pytest.fixture
def envs(channel: Channel, tmp_path: Path) -> Path:
    """Two environments whose own Python registers them, and many whose specs are copied."""
    folder = tmp_path / "envs"
    real(channel.conda_forge, folder / "first", ["python=3.11", "ipykernel"])
    shutil.copytree(folder / "first", folder / "second", symlinks=True, copy_function=os.link)
    for number in range(COPIED):
        kernel = folder / f"stats-{number}" / "share/jupyter/kernels/ir"
        kernel.mkdir(parents=True)
        (kernel / "logo-svg.svg").write_bytes(LOGO)
    return folder


def _start(data: Path, envs: Path, signature: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "tests.registering", str(data), str(envs), signature]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def _registered(data: Path, envs: Path, signature: str) -> float:
    """A run that nobody kills; the seconds it took."""
    begin = time.monotonic()
    out, said = _start(data, envs, signature).communicate(timeout=120)
    assert out == b"done\n", said.decode()
    return time.monotonic() - begin


def _check_whole(data: Path) -> int:
    """Every spec that is there is complete; how many there are."""
    kernels = sorted((data / "kernels").iterdir()) if (data / "kernels").exists() else []
    owned = OwnedSpecs(str(data)).all()
    assert [folder.name for folder in kernels] == sorted(owned)
    for folder in kernels:
        content = json.loads((folder / "kernel.json").read_text())
        assert content["argv"]
        assert content["display_name"]
        assert {"PATH", "CONDA_PREFIX"} <= set(content["env"])
        logo = (folder / "logo-svg.svg").read_bytes()
        assert logo == LOGO if folder.name.startswith("stats") else len(logo) > 100
    return len(kernels)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_at_any_moment_it_leaves_whole_specs_and_the_next_run_ends_it(envs: Path, tmp_path: Path) -> None:
    data, moments = tmp_path / "data", random.Random(20261125)
    lasts = _registered(data, envs, "0")
    assert _check_whole(data) == COPIED + 2
    died = 0
    for number in range(1, 4 * KILLS):
        if number % 3 == 0:  # as well with nothing there as over older ones
            shutil.rmtree(data)
        process = _start(data, envs, f"killed {number}")
        time.sleep(moments.uniform(0.15, 1.0) * lasts)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        _check_whole(data)
        if process.returncode == -signal.SIGKILL:
            died += 1
        else:
            lasts *= 0.8  # the first run was slower than the later ones
        if died == KILLS:
            break
    assert died == KILLS
    _registered(data, envs, "last")
    assert _check_whole(data) == COPIED + 2
    registrar = Registrar(data_dir=str(data))
    assert {registrar.standing(link) for link in registering.links(envs, "last")} == {Standing.REGISTERED}
    assert os.listdir(data / "envlink") == ["registration.lock"]


def test_what_a_killed_server_started_may_go_on(envs: Path, tmp_path: Path) -> None:
    """Its ``ipykernel install`` is in a session of its own: it outlives the server, and must not hurt the next one."""
    data = tmp_path / "data"
    process = _start(data, envs, "first")
    deadline = time.monotonic() + 60
    while not list((data / "envlink").glob("registration/*/new-first/*")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=30)
    _registered(data, envs, "first")
    assert _check_whole(data) == COPIED + 2
