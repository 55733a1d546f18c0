"""The only module that starts processes. Every command is a list of words, never a shell string."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from .errors import EnvlinkError
from .running import alive as alive
from .running import created_at
from .running import kill_group as kill_group
from .running import running_in as running_in
from .sentence import told

_LEAKS = frozenset(
    {
        "PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT",
        "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER",
    }
)  # fmt: skip

#: Linux: the signal that a process gets when the one that made it ends (prctl(2)).
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Completed:
    """What a command answered. The texts are UTF-8, undecodable bytes replaced."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Started:
    """A process, which may outlive us. ``created`` (seconds since 1970) tells it from a later one with the same pid."""

    pid: int
    created: float


def become(argv: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Run ``argv`` in place of this very process, under the same pid (POSIX). ``OSError`` where it cannot start."""
    os.execvpe(argv[0], list(argv), dict(env))


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
    check: bool = False,
    stdin: str = "",
) -> Completed:
    """Run ``argv`` to its end, with the text ``stdin`` for its input: in a session of its own, but where this process
    leads one, as each worker does. Then it stays in it, so that ``kill_group`` finds it even once its leader is gone:
    a Python that goes on would write byte code to where an environment was taken back.

    After ``timeout`` seconds it and all that it started are killed and ``EnvlinkError`` (``timeout``) is raised.
    ``EnvlinkError`` (``cannot-start``) where there is no such program, and with ``check`` (``command-failed``)
    where it did not return 0.
    """
    pipes = _Pipes(subprocess.PIPE, subprocess.PIPE, subprocess.PIPE if stdin else None)
    with _popen(argv, env, cwd, pipes, apart=_apart(False)) as process:
        created = created_at(process.pid)
        try:
            out, err = process.communicate(stdin.encode() or None, timeout=timeout)
        except subprocess.TimeoutExpired as e:
            kill_group(process.pid, created)
            raise _too_long(argv, e.timeout) from e
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
    on_start: Callable[[Started], object] | None = None,
) -> int:
    """Run ``argv`` and hand each line of its output and errors, merged, to ``on_line``; the exit code is returned.

    It stays in this process's session, so that ``kill_group`` of this process ends it too, even after this process
    is gone. Its input is the file ``stdin``, or nothing. When ``on_line`` raises, it is killed first. ``on_start`` is
    told what was started, for whoever wants to kill it earlier.
    """
    with _popen(argv, env, cwd, _Pipes(subprocess.PIPE, subprocess.STDOUT, stdin), apart={}) as process:
        created = created_at(process.pid)
        if on_start is not None:
            on_start(Started(process.pid, created))
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
    started = Started(process.pid, created_at(process.pid))
    # Reaps it where we live longer, so that its end is seen at once.
    threading.Thread(target=process.wait, name=f"envlink-reaper-{process.pid}", daemon=True).start()
    return started


def start_talking(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: str | os.PathLike[str], errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start ``argv`` apart from us, as ``run`` does, with pipes for its input and output. It has to end with its input.

    ``EnvlinkError`` (``cannot-start``) where there is no such program.
    """
    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            **_apart(False),
        )
    except (OSError, ValueError) as e:
        raise _cannot_start(argv, e) from e


class Beside:
    """Work that a copy of this process does."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid

    def is_done(self) -> bool:
        """Wait for its end; whether all is done. It is not where nothing was begun, or somebody has asked before."""
        pid, self._pid = self._pid, None
        return pid is not None and os.waitpid(pid, 0)[1] == 0

    def end(self) -> None:
        """Kill it, unless it has ended."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)  # not waited for yet: the pid is still its own
            self.is_done()


def beside(work: Callable[[], object]) -> Beside:
    """Begin ``work`` in a copy of this process, which ends with it. Only in Linux, and only while this process has no
    other thread, of rattler's or ours, whose locks a copy would hold for ever; else nothing is begun."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1 or "rattler" in sys.modules:
        return Beside(None)
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return Beside(pid)
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            work()
            os._exit(0)
    finally:  # whatever it was, the process that waits does it again and hears of it
        os._exit(1)


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
    stdin: Path | int | None = None


def _popen(
    argv: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: str | os.PathLike[str] | None,
    pipes: _Pipes,
    apart: Mapping[str, Any],
) -> subprocess.Popen[bytes]:
    try:
        with _input(pipes.stdin) as stdin:
            return subprocess.Popen(
                list(argv), env=env, cwd=cwd, stdin=stdin, stdout=pipes.stdout, stderr=pipes.stderr, **apart
            )
    except (OSError, ValueError) as e:
        raise _cannot_start(argv, e) from e


def _input(stdin: Path | int | None) -> AbstractContextManager[IO[bytes] | int]:
    return nullcontext(stdin) if isinstance(stdin, int) else open(stdin or os.devnull, "rb")


def _cannot_start(argv: Sequence[str], error: Exception) -> EnvlinkError:
    return EnvlinkError(
        told("cannot start {argv}: {error}", argv=argv[0], error=error),
        told("Check that it exists and may be executed."),
        code="cannot-start",
    )


def _apart(detached: bool) -> dict[str, Any]:
    """How a process is kept out of our group, on this platform. Whoever leads a session keeps what it runs in it."""
    if sys.platform == "win32":
        hidden = subprocess.DETACHED_PROCESS if detached else subprocess.CREATE_NO_WINDOW
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | hidden}
    return {"start_new_session": detached or os.getsid(0) != os.getpid()}


def _checked(argv: Sequence[str], done: Completed) -> Completed:
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise EnvlinkError(
            told(
                "{argv} failed with exit code {returncode}: {said}",
                argv=" ".join(argv),
                returncode=done.returncode,
                said=said,
            ),
            told("Run it in a terminal to see more."),
            code="command-failed",
            details={"returncode": done.returncode},
        )
    return done


def _too_long(argv: Sequence[str], limit: float) -> EnvlinkError:
    message = told(
        "{argv} did not end within {limit:g} s and was stopped: {argv2}",
        argv=argv[0],
        limit=limit,
        argv2=" ".join(argv),
    )
    return EnvlinkError(message, told("Run it in a terminal to see what it waits for."), code="timeout")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _lines(file: IO[bytes]) -> Any:
    """The lines of ``file`` as they come; a carriage return (a progress bar) ends one too."""
    for raw in iter(file.readline, b""):
        yield from raw.decode("utf-8", "replace").rstrip("\r\n").split("\r")
