"""Where a worker runs. A launcher is a command prefix: ``srun …`` for a cluster, ``ssh host``, nothing for here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..record import Job


class Launcher(Protocol):
    """Puts a worker somewhere. The folder of the job is at the same path there."""

    name: str

    def command(self, job: Job) -> Sequence[str]:
        """The words to put before the worker's own command."""
        ...
