"""The only module that starts and ends processes. Every command is a list of words, never a shell string."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .errors import EnvlinkError

if TYPE_CHECKING:
    import psutil

_LEAKS = frozenset(
    {
        "PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT",
        "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER",
    }
)  # fmt: skip
_CLOCK_STEP = 2.0
_END_WITHIN = 10.0


@dataclass(frozen=True)
class Completed:
    """What a command answered. The texts are UTF-8, undecodable bytes replaced."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Started:
    """A process that outlives us. ``created`` (seconds since 1970) tells it from a later one with the same pid."""

    pid: int
    created: float


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
    check: bool = False,
) -> Completed:
    """Run ``argv`` to its end, in a session of its own, with no input.

    After ``timeout`` seconds it and all that it started are killed and ``EnvlinkError`` (``timeout``) is raised.
    ``EnvlinkError`` (``cannot-start``) where there is no such program, and with ``check`` (``command-failed``)
    where it did not return 0.
    """
    with _popen(argv, env, cwd, _Pipes(subprocess.PIPE, subprocess.PIPE), apart=_apart(False)) as process:
        created = _created(process.pid)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as e:
            kill_group(process.pid, created)
            raise EnvlinkError(
                f"{argv[0]} did not end within {timeout:g} s and was stopped: {' '.join(argv)}",
                "Run it in a terminal to see what it waits for.",
                code="timeout",
            ) from e
        except BaseException:
            kill_group(process.pid, created)
            raise
    done = Completed(process.returncode, _text(out), _text(err))
    return _checked(argv, done) if check else done


def stream(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    stdin: Path | None = None,
    on_line: Callable[[str], None],
) -> int:
    """Run ``argv`` and hand each line of its output and errors, merged, to ``on_line``; the exit code is returned.

    It stays in this process's session, so that ``kill_group`` of this process ends it too, even after this process
    is gone. Its input is the file ``stdin``, or nothing. When ``on_line`` raises, it is killed first.
    """
    with _popen(argv, env, cwd, _Pipes(subprocess.PIPE, subprocess.STDOUT, stdin), apart={}) as process:
        created = _created(process.pid)
        try:
            assert process.stdout is not None
            for line in _lines(process.stdout):
                on_line(line)
        except BaseException:
            kill_group(process.pid, created)
            raise
        return process.wait()


def start_detached(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    output: Path,
) -> Started:
    """Start ``argv`` so that it survives this process, its output and errors appended to ``output``."""
    with open(output, "ab") as file:
        process = _popen(argv, env, cwd, _Pipes(file, subprocess.STDOUT), apart=_apart(True))
    started = Started(process.pid, _created(process.pid))
    # Reaps it where we live longer, so that its end is seen at once.
    threading.Thread(target=process.wait, name=f"envlink-reaper-{process.pid}", daemon=True).start()
    return started


def alive(pid: int, created: float) -> bool:
    """Whether this very process runs: not one that got its pid later, and not a zombie."""
    process = _find(pid, created)
    return process is not None and _running(process)


def kill_group(pid: int, created: float) -> None:
    """Kill the process, its session and all its descendants, and wait until they are gone (at most 10 s).

    Nothing happens where ``pid`` is another process by now. ``EnvlinkError`` (``cannot-kill``) for what stays.
    """
    import psutil

    deadline = time.monotonic() + _END_WITHIN
    members = _members(pid, created)
    while members:
        for process in members:
            _kill(process)
        psutil.wait_procs(members, timeout=0.2)
        members = _members(pid, created)
        if members and time.monotonic() > deadline:
            raise EnvlinkError(
                f"process {members[0].pid} does not end", "End it by hand, then try again.", code="cannot-kill"
            )


def running_in(prefix: str) -> list[tuple[int, str]]:
    """Process id and command of each process, as far as we may see, whose program lies below ``prefix``."""
    import psutil

    below = os.path.realpath(prefix) + os.sep
    found = []
    for each in psutil.process_iter(["exe", "cmdline"]):
        if (each.info["exe"] or "").startswith(below):
            found.append((each.pid, " ".join(each.info["cmdline"] or [])))
    return found


def clean_environ(environ: Mapping[str, str], *, pip: bool = False) -> dict[str, str]:
    """``environ`` without what the server's own environment would leak into a command of another one.

    With ``pip`` its policies (``PIP_*``) go too.
    """
    return {name: value for name, value in environ.items() if not _leaks(name.upper(), pip)}


def _leaks(name: str, pip: bool) -> bool:
    return name in _LEAKS or name.startswith("CONDA_PREFIX") or (pip and name.startswith("PIP_"))


@dataclass(frozen=True)
class _Pipes:
    stdout: int | IO[bytes]
    stderr: int
    stdin: Path | None = None


def _popen(
    argv: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: str | os.PathLike[str] | None,
    pipes: _Pipes,
    apart: Mapping[str, Any],
) -> subprocess.Popen[bytes]:
    try:
        with open(pipes.stdin or os.devnull, "rb") as stdin:
            return subprocess.Popen(
                list(argv), env=env, cwd=cwd, stdin=stdin, stdout=pipes.stdout, stderr=pipes.stderr, **apart
            )
    except (OSError, ValueError) as e:
        raise EnvlinkError(
            f"cannot start {argv[0]}: {e}", "Check that it exists and may be executed.", code="cannot-start"
        ) from e


def _apart(detached: bool) -> dict[str, Any]:
    """How a process is kept out of our group, on this platform."""
    if sys.platform == "win32":
        hidden = subprocess.DETACHED_PROCESS if detached else subprocess.CREATE_NO_WINDOW
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | hidden}
    return {"start_new_session": True}


def _checked(argv: Sequence[str], done: Completed) -> Completed:
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise EnvlinkError(
            f"{' '.join(argv)} failed with exit code {done.returncode}: {said}",
            "Run it in a terminal to see more.",
            code="command-failed",
            details={"returncode": done.returncode},
        )
    return done


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _lines(file: IO[bytes]) -> Any:
    """The lines of ``file`` as they come; a carriage return (a progress bar) ends one too."""
    for raw in iter(file.readline, b""):
        yield from raw.decode("utf-8", "replace").rstrip("\r\n").split("\r")


def _created(pid: int) -> float:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:  # ended already; on Windows nothing keeps its entry
        return time.time()


def _find(pid: int, created: float) -> psutil.Process | None:
    """The process, unless another one bears its pid. A stepped clock moves creation times by a little."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - created) < _CLOCK_STEP else None
    except psutil.Error:
        return None


def _running(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _members(pid: int, created: float) -> list[psutil.Process]:
    """What runs of the process: itself, its descendants, and its session, which outlives it."""
    import psutil

    leader = _find(pid, created)
    if leader is None and psutil.pid_exists(pid):
        return []
    family = {process.pid: process for process in _session(pid)}
    if leader is not None:
        family.update((process.pid, process) for process in [leader, *_descendants(leader)])
    family.pop(os.getpid(), None)
    return [process for process in family.values() if _running(process)]


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    import psutil

    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _session(pid: int) -> list[psutil.Process]:
    import psutil

    if sys.platform == "win32" or pid == os.getsid(0):
        return []
    return [process for process in psutil.process_iter() if _session_of(process.pid) == pid]


def _session_of(pid: int) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _kill(process: psutil.Process) -> None:
    import psutil

    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied as e:
        raise EnvlinkError(
            f"process {process.pid} may not be killed", "End it as its owner, then try again.", code="cannot-kill"
        ) from e
