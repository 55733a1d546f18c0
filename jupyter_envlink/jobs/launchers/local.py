"""Workers on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from ..record import Job


class LocalLauncher:
    name = "local"

    def command(self, job: Job) -> Sequence[str]:
        return ()
