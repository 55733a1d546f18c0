"""A disk that is full from some moment on, or may not be written to any more; and a really small one.

The small one is a tmpfs in a mount namespace of its own: ``unshare -rm python -m tests.chaos.disk``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jupyter_envlink.jobs.record import Status

from .fatal import Calls, Point
from .ground import UNTOUCHED, Ground, ground
from .kills import Victim
from .operations import create, server, tiny
from .packages import BIG
from .restart import restarted
from .state import state
from .waiting import ended

#: Bytes of the small disk: nothing big fits, or not twice, or only just not.
SIZES = (BIG // 4, BIG // 2, BIG - 50_000)


def means(victim: Victim, how: str) -> Calls:
    """``full``: nothing of this person has room any more. ``denied``: the environments' folder is read-only."""
    return Calls(victim.ground.envs if how == "denied" else victim.ground.folder, how)


def fails_from(victim: Victim, how: str, point: Point) -> None:
    """The disk does from ``point`` on, while the worker works and while somebody cleans up; then it is well again."""
    victim.doer_dies(means(victim, how), point, [Point("its first change", 1)])


@contextmanager
def small(here: Ground, size: int) -> Iterator[None]:
    """The environments' folder, with what is in it, on a disk of ``size`` bytes. Needs the right to mount."""
    aside = here.folder / "aside"
    shutil.copytree(here.envs, aside, symlinks=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", here.envs], check=True, timeout=30)
    try:
        shutil.copytree(aside, here.envs, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(aside)
        yield
    finally:
        subprocess.run(["umount", "--lazy", here.envs], check=True, timeout=30)


def may_mount() -> bool:
    """Whether this account may mount something in a namespace of its own."""
    if shutil.which("unshare") is None:
        return False
    argv = [*namespace(), "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(argv, capture_output=True, timeout=30, check=False).returncode == 0


def namespace() -> Sequence[str]:
    """The words before a command that sees the mounts of its own alone."""
    return ("unshare", "--map-root-user", "--mount")


def runs_out_of_room(here: Ground, size: int) -> str:
    """Create what does not fit; how it was told. Raises ``AssertionError`` where something is left of it."""
    here.restore(UNTOUCHED)
    with small(here, size):
        before, foreign = state(here), here.foreign()
        service = server(here)
        job = ended(service, create(service, tiny(here, "moss", "boulder")))
        restarted(service)
        assert job.status is Status.FAILED, job.progress
        assert state(here) == before
        assert here.foreign() == foreign
        assert not list((here.envs / ".envlink").glob("*/*/*"))
        error = job.progress.error or {}
        fits = ended(service, create(service, tiny(here, "moss", "stone")))
        assert fits.status is Status.SUCCEEDED, fits.progress
        return str(error.get("code"))


def main() -> None:
    from .__main__ import channel

    with ground(channel(), Path(sys.argv[1])) as here:
        print(*(runs_out_of_room(here, size) for size in SIZES))


if __name__ == "__main__":
    main()
