"""The commands that the builder runs, found beside the running Python first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from .errors import ChannelError


def find_tool(name: str, remedy: str) -> str:
    """The path of a command. Raises ChannelError with the command that would install it."""
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    found = shutil.which(name, path=places)
    if found is None:
        raise ChannelError(f"{name} is not found, without which the channel cannot be built here; `{remedy}`")
    return found


def run_tool(*command: str | Path) -> str:
    """What the command prints. Raises ChannelError with what it says where it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ChannelError(f"{' '.join(map(str, command[:4]))} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout
