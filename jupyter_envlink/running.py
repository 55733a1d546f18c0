"""Processes that run: whether one still does, what belongs to it, and their end."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from .errors import EnvlinkError
from .sentence import told

if TYPE_CHECKING:
    import psutil

_CLOCK_STEP = 2.0
_END_WITHIN = 10.0


def created_at(pid: int) -> float:
    """When the process was created, in seconds since 1970; now where it has ended already."""
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:  # ended already; on Windows nothing keeps its entry
        return time.time()


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
                told("process {pid} does not end", pid=members[0].pid),
                told("End it by hand, then try again."),
                code="cannot-kill",
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
            told("process {pid} may not be killed", pid=process.pid),
            told("End it as its owner, then try again."),
            code="cannot-kill",
        ) from e
