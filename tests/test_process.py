from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from jupyter_envlink import process
from jupyter_envlink.errors import EnvlinkError

from .waiting import appears, gone

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX sessions")


def _python(code: str, *args: str) -> list[str]:
    return [sys.executable, "-c", code, *args]


def test_run_gives_output_errors_and_code() -> None:
    done = process.run(_python("import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"))
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err")


def test_run_replaces_undecodable_bytes() -> None:
    done = process.run(_python(r"import sys; sys.stdout.buffer.write(b'a\xffb')"))
    assert done.stdout == "a\ufffdb"


def test_arguments_are_never_read_by_a_shell() -> None:
    odd = "$HOME `id` 'x' \"y\" ; echo *"
    assert process.run(_python("import sys; print(sys.argv[1])", odd)).stdout == odd + "\n"


def test_check_says_what_failed() -> None:
    with pytest.raises(EnvlinkError, match=r"exit code 2.*broken pipe dream") as caught:
        process.run(_python("import sys; sys.stderr.write('broken pipe dream'); sys.exit(2)"), check=True)
    assert caught.value.code == "command-failed"


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvlinkError, match="no-such-program") as caught:
        process.run([str(tmp_path / "no-such-program")])
    assert caught.value.code == "cannot-start"


def test_timeout_kills_the_command_and_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = (
        "import subprocess, sys, time;"
        "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "open(sys.argv[1], 'w').write(f'{c.pid}\\n'); time.sleep(60)"
    )
    begin = time.monotonic()
    with pytest.raises(EnvlinkError, match="within 2 s") as caught:
        process.run(_python(code, str(note)), timeout=2)
    assert caught.value.code == "timeout"
    assert time.monotonic() - begin < 10
    assert gone(int(appears(note)))


@posix
def test_timeout_when_only_a_grandchild_keeps_the_pipe() -> None:
    begin = time.monotonic()
    with pytest.raises(EnvlinkError):
        process.run(["/bin/sh", "-c", "sleep 60 & exit 0"], timeout=1)
    assert time.monotonic() - begin < 8


def test_stream_hands_on_lines_in_order() -> None:
    lines: list[str] = []
    code = "import sys; print('one', flush=True); print('two', file=sys.stderr, flush=True); sys.stdout.write('3\\r4')"
    assert process.stream(_python(code), on_line=lines.append) == 0
    assert lines == ["one", "two", "3", "4"]


def test_stream_ends_the_command_when_the_reader_fails(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import os, sys, time; open(sys.argv[1], 'w').write(f'{os.getpid()}\\n');print('x', flush=True); time.sleep(60)"
    )

    def fail(line: str) -> None:
        raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="x"):
        process.stream(_python(code, str(note)), on_line=fail)
    assert gone(int(appears(note)))


def test_a_detached_process_outlives_its_parent(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from jupyter_envlink import process;"
        "s = process.start_detached([sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(60)'],"
        " output=Path(sys.argv[1])); print(s.pid, s.created)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[1])}
    said = subprocess.run(_python(code, str(tmp_path / "out")), check=True, capture_output=True, text=True, env=env)
    pid, created = int(said.stdout.split()[0]), float(said.stdout.split()[1])
    assert appears(tmp_path / "out") == "1"
    assert process.alive(pid, created)
    process.kill_group(pid, created)
    assert not process.alive(pid, created)


@posix
def test_what_a_killed_worker_was_running_ends_with_its_session(tmp_path: Path) -> None:
    """Its child would go on, and write where what the worker did has been undone."""
    note = tmp_path / "pid"
    child = "import os, sys, time; open(sys.argv[1], 'w').write(f'{os.getpid()}\\n'); time.sleep(60)"
    code = (
        f"import sys; from jupyter_envlink import process; process.run([sys.executable, '-c', {child!r}, sys.argv[1]])"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[1])}
    worker = process.start_detached(_python(code, str(note)), env=env, output=tmp_path / "out")
    running = int(appears(note))

    os.kill(worker.pid, signal.SIGKILL)
    assert gone(worker.pid)
    assert psutil.pid_exists(running)
    process.kill_group(worker.pid, worker.created)

    assert gone(running)


def test_the_end_of_a_detached_process_is_seen(tmp_path: Path) -> None:
    started = process.start_detached(_python("print('done')"), output=tmp_path / "out")
    assert gone(started.pid)
    assert not process.alive(started.pid, started.created)
    assert (tmp_path / "out").read_text().strip() == "done"


def test_clean_environ_drops_what_would_leak() -> None:
    dirty = dict.fromkeys(
        ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_PREFIX_1", "CONDA_SHLVL",
         "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "__PYVENV_LAUNCHER__"), "x"
    )  # fmt: skip
    kept = {"PATH": "/bin", "HOME": "/h", "CONDA_PKGS_DIRS": "/p", "PIP_INDEX_URL": "u"}
    assert process.clean_environ({**dirty, **kept}) == kept
    assert "PIP_INDEX_URL" not in process.clean_environ(kept, pip=True)
