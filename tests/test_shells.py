"""Terminals start activated: real shells, on a real pseudo-terminal, whatever names and values hold."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import subprocess
import termios
import time
from pathlib import Path

import pytest

from jupyter_envlink.errors import Conflict
from jupyter_envlink.shells import Activation, activation_of, start

ODD = 'it\'s "odd" $HOME `id` \\ %PATH% !x ; & | <br> ‘x’\nsecond line\t\u00e4'
SHELLS = [["bash"], ["bash", "-l"], ["dash"], ["dash", "-l"], ["ksh"], ["zsh"], ["zsh", "-l"], ["fish"]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start files as people have them: they put folders before PATH, and activate their base environment."""
    folder = tmp_path / "home"
    folder.mkdir()
    posix = 'export PATH="$HOME/mine:$PATH"\nexport OWN=1\nexport CONDA_PREFIX=/base CONDA_PROMPT_MODIFIER="(base) "\n'
    for file in (".bashrc", ".zshrc", ".profile", ".bash_profile"):
        (folder / file).write_text(posix)
    (folder / ".config" / "fish").mkdir(parents=True)
    (folder / ".config" / "fish" / "config.fish").write_text("set -gx PATH $HOME/mine $PATH\nset -gx OWN 1\n")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("ZDOTDIR", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", "/of/the/server")
    monkeypatch.setenv("PYTHONPATH", "/of/the/server")
    return folder


def activation(prefix: str) -> Activation:
    named = {"PATH": f"{prefix}/bin", "CONDA_PREFIX": prefix, "ODD": ODD, "bad name": "x", "0": "x"}
    return activation_of("it's $(mine)", named)


def typed(argv: list[str], line: str, answer: Path, seconds: float = 20) -> str:
    """Type a line into the shell that ``argv`` starts, and what it wrote into ``answer``."""
    master, slave = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    streams = {"stdin": slave, "stdout": slave, "stderr": slave}
    with subprocess.Popen(argv, **streams, start_new_session=True, preexec_fn=take_terminal) as process:
        os.close(slave)
        said, deadline = b"", time.monotonic() + seconds
        sent = False
        while time.monotonic() < deadline and process.poll() is None:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    said += os.read(master, 65536)
                except OSError:
                    break
            elif not sent and said:
                os.write(master, f"{line}\nexit\n".encode())
                sent = True
        process.kill()
    os.close(master)
    assert answer.exists(), said.decode(errors="replace")
    return said.decode(errors="replace")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_shell_starts_activated_behind_the_persons_own_files(shell: list[str], home: Path, tmp_path: Path) -> None:
    program = shutil.which(shell[0])
    if program is None:
        pytest.skip(f"{shell[0]} is not installed")
    prefix = str(tmp_path / "it's an env")
    folder = tmp_path / "start"
    folder.mkdir()
    argv = start([program, *shell[1:]], activation(prefix), folder)
    answer = tmp_path / "answer"
    said = typed(argv, f"env -0 > {answer}", answer)
    found = dict(each.split("=", 1) for each in answer.read_text().split("\0") if "=" in each)
    assert found["PATH"].split(":")[0] == f"{prefix}/bin"
    assert found["CONDA_PREFIX"] == prefix
    assert found["ODD"] == ODD
    assert "VIRTUAL_ENV" not in found
    assert "PYTHONPATH" not in found
    assert "ENVLINK_PROMPT" not in found
    assert "(it_s" in said or "(it's" in said  # fish takes it for data
    if shell[0] not in ("ksh", "dash") or "-l" in shell:  # those two read no file of the person's own
        assert found["OWN"] == "1"
        assert f"{home}/mine" in found["PATH"]


def test_who_else_is_on_the_machine_cannot_read_the_start_files(tmp_path: Path) -> None:
    start(["/bin/bash"], activation("/x"), tmp_path)
    assert [path.stat().st_mode & 0o077 for path in tmp_path.iterdir()] == [0]


def test_zsh_has_its_own_folder_back(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = shutil.which("zsh")
    if program is None:
        pytest.skip("zsh is not installed")
    own = home / "zsh"
    own.mkdir()
    (own / ".zshrc").write_text("export FROM=own\n")
    monkeypatch.setenv("ZDOTDIR", str(own))
    folder = tmp_path / "start"
    folder.mkdir()
    answer = tmp_path / "answer"
    typed(start([program], activation("/x"), folder), f'echo "$FROM $ZDOTDIR" > {answer}', answer)
    assert answer.read_text() == f"own {own}\n"


def test_powershell_and_cmd_are_told_in_their_own_words(tmp_path: Path) -> None:
    argv = start(["pwsh.exe"], activation("/it's"), tmp_path)
    text = Path(argv[-1]).read_text(encoding="utf-8-sig")
    assert argv[:2] == ["pwsh.exe", "-NoExit"]
    assert "$env:CONDA_PREFIX = '/it''s'" in text
    assert "‘‘x’’" in text
    argv = start([r"C:\Windows\System32\cmd.exe"], activation("C:\\a%b"), tmp_path)
    text = Path(argv[-1]).read_text()
    assert argv[1] == "/K"
    assert 'set "CONDA_PREFIX=C:\\a%%b"' in text
    assert "ODD" not in text  # no batch file can say it


def test_a_shell_that_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="/bin/tcsh") as raised:
        start(["/bin/tcsh"], activation("/x"), tmp_path)
    assert raised.value.code == "unknown-shell"
    assert list(tmp_path.iterdir()) == []
