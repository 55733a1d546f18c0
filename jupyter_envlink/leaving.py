"""How a process ends in which rattler has worked."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End at once. rattler's threads may still call into Python, which at an interpreter's end aborts the process
    (seen after a download that had stalled, and after a solve: ``Fatal Python error: PyGILState_Release``)."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read it has gone
            stream.flush()
    os._exit(code)


def leave_after(code: int) -> NoReturn:
    """The same where rattler was used; else as any program ends."""
    if "rattler" in sys.modules:
        leave(code)
    sys.exit(code)
