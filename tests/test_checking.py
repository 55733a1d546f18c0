from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_envlink.checking import checked

from . import contract

GOOD = "name: good\ndependencies: [python]\n"


def ran(*words: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """``python -m jupyter_envlink check --json`` in a process of its own."""
    argv = [sys.executable, "-m", "jupyter_envlink", "check", "--json", *words]
    return subprocess.run(argv, env=os.environ | environ, capture_output=True, check=False)


def answered(done: subprocess.CompletedProcess[bytes], status: int) -> list[dict[str, Any]]:
    """The files of the one JSON object, which is all that was printed."""
    assert done.returncode == status, done.stderr.decode()
    answer = json.loads(done.stdout)
    assert list(answer) == ["files"]
    contract.validate({"type": "array", "items": contract.component("CheckedFile")}, answer["files"])
    found: list[dict[str, Any]] = answer["files"]
    return found


def test_a_file_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_bytes(b"name: 3.10\nchannels: [r]\ndependencies:\n- numpy = 1.20\n- pip: [a, a]\nvariables: {A: 1.10}\n")
    (file,) = answered(ran(str(path)), 0)
    assert [file[key] for key in ("path", "ok", "name")] == [str(path), True, "3.10"]
    assert (file["channels"], file["conda"], file["pip"]) == (["r"], ["numpy = 1.20"], ["a", "a"])
    assert file["variables"] == {"A": "1.10"}
    place = next(each for each in file["diagnostics"] if each["code"] == "name-not-quoted")
    assert [place[key] for key in ("line", "column", "end_line", "end_column")] == [1, 7, 1, 11]


def test_two_hundred_files_in_one_call(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.yml" for number in range(200)]
    for number, path in enumerate(paths):
        path.write_text(GOOD if number % 10 else "dependencies: [python=>3]\n")
    files = answered(ran(*map(str, paths)), 1)
    assert [file["path"] for file in files] == [str(path) for path in paths]
    assert [file["ok"] for file in files] == [bool(number % 10) for number in range(200)]


def test_whatever_is_named_has_an_entry(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "large.yml").write_bytes(b"#" * (1 << 20) + b"#")
    names = ["good.yml", "missing.yml", "", "large.yml", "good.yml/below", "x" * 5000, "\n\x1b[31m"]
    files = answered(ran(*(str(tmp_path / name) for name in names), ""), 1)
    assert [file["ok"] for file in files] == [True] + [False] * 7
    codes = [[each["code"] for each in file["diagnostics"] if each["severity"] == "error"] for file in files]
    assert codes == [[], ["unreadable"], ["unreadable"], ["too-large"], *[["unreadable"]] * 4]
    assert all(each["hint"] for file in files[1:] for each in file["diagnostics"])


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes, /dev, /proc")
def test_odd_names_and_odd_files(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xff.yml")
    Path(odd).write_text(GOOD)
    os.mkfifo(tmp_path / "pipe")
    files = answered(ran(odd, str(tmp_path / "pipe"), "/dev/zero", "/proc/self/mem"), 1)
    assert files[0]["path"] == odd
    assert [file["ok"] for file in files] == [True, False, False, False]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every file may be read here")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.yml"
    path.write_text(GOOD)
    path.chmod(0)
    (finding,) = checked(str(path)).diagnostics
    assert finding.code == "unreadable"
    assert "denied" in finding.message


def test_without_a_home_and_without_a_network(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(GOOD + "variables: {A: b}\n")
    home = tmp_path / "home"
    home.write_text("not a folder")
    nowhere = "http://127.0.0.1:9"
    environ = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CACHE_HOME", "JUPYTER_RUNTIME_DIR"), str(home))
    done = ran(str(path), **environ, HTTPS_PROXY=nowhere, HTTP_PROXY=nowhere, PYTHONDONTWRITEBYTECODE="1")
    assert answered(done, 0)[0]["name"] == "good"
    assert done.stderr == b""


def test_a_usage_error_prints_nothing_on_stdout() -> None:
    for words in [(), ("--nonsense", "x.yml")]:
        done = ran(*words)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"usage: " in done.stderr


def test_checking_imports_neither_an_engine_nor_a_server(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(GOOD + "channels: [conda-forge]\n")
    program = (
        "import sys; from jupyter_envlink.cli import main; main(['check', sys.argv[1]]);"
        "print({'rattler', 'tornado', 'traitlets', 'jupyter_client', 'psutil', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_control_characters_of_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "jupyter_envlink", "check", str(tmp_path / "\x1b[31m.yml")]
    done = subprocess.run(argv, capture_output=True, check=False)
    assert b"\x1b" not in done.stdout
    assert done.returncode == 1
