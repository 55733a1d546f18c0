"""``python doomed.py BELOW NAME NTH HOW TRACE CAME python -m MODULE ARGUMENT…`` runs the module here, and dies by
SIGKILL before the NTH change of that NAME which it makes below the folder BELOW (Python's audit events).

Each change is noted in the file TRACE, if one is named; death, in the file CAME. What differs from run to run (ids of
jobs, names of temporary files) is no part of a name.
"""

from __future__ import annotations

import os
import re
import runpy
import signal
import sys

_CHANGES = {
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.chmod": (0,),
    "os.truncate": (0,),
    "open": (0,),
}
_STARTS = ("subprocess.Popen", "ctypes.dlopen", "os.posix_spawn")
_VARIES = (
    (re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}"), "JOB"),
    (re.compile(r"(/\.[\w.-]+\.)[a-z0-9_]{8}\b"), r"\1XXX"),
    (re.compile(r"[0-9a-f]{16,}"), "HASH"),
    (re.compile(r"\btmp[a-z0-9_]{8}\b"), "TMP"),
)


def point(event: str, arguments: tuple[object, ...], below: str) -> str | None:
    """The name of what is about to happen; ``None`` where it changes nothing below ``below``."""
    if event in _STARTS:
        return f"{event} {os.path.basename(str(arguments[0]))}"
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return None
    places = [_place(arguments[index]) for index in _CHANGES.get(event, ())]
    if not any(place.startswith(below) for place in places):
        return None
    name = " ".join([event, *(place.removeprefix(below) for place in places)])
    for pattern, word in _VARIES:
        name = pattern.sub(word, name)
    return name


def _place(argument: object) -> str:
    if isinstance(argument, int):
        return ""
    return os.path.abspath(os.fsdecode(argument))  # type: ignore[arg-type]


def doom(below: str, name: str, nth: int, how: str, trace: str, came: str) -> None:
    """From here on."""
    left = nth
    log, last = (os.open(path or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) for path in (trace, came))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event not in _CHANGES and event not in _STARTS:
            return
        found = point(event, arguments, below)
        if found is None:
            return
        os.write(log, f"{found}\n".encode("utf-8", "surrogateescape"))
        if found == name:
            left -= 1
            if left == 0:
                os.write(last, b"died")
                os.kill(0 if how == "group" else os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    below, name, nth, how, trace, came, *command = sys.argv[1:]
    module = command[command.index("-m") + 1]
    sys.argv = [module, *command[command.index("-m") + 2 :]]
    sys.path[0] = os.getcwd()  # as with -m
    doom(below, name, int(nth), how, trace, came)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
