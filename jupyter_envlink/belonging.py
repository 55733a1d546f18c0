"""Which environment belongs to a file: the one that was made of it, that of its project, or the one that it names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from .environment import Environment, State
from .formats import Format
from .jobs.record import Job, Status
from .request import Operation

_FROM_FILES = (Operation.CREATE, Operation.UPDATE)
_OF_CONDA = ("environment-yml", "explicit", "conda-lock")


class Belonging:
    """Answers for one moment's environments and jobs."""

    def __init__(self, environments: Sequence[Environment], jobs: Sequence[Job]) -> None:
        """``jobs``: the newest first, as ``JobFollower.all`` has them."""
        self._environments = environments
        self._by_prefix = {each.prefix: each for each in environments}
        self._made = made_from(reversed(jobs))

    def of(self, full: str, kind: Format, name: str | None) -> Environment | None:
        """``name`` is the one that the file gives to its environment."""
        made = self._by_prefix.get(self._made.get(full, ""))
        return made or self._of_project(os.path.dirname(full), kind) or self._named(name)

    def _of_project(self, folder: str, kind: Format) -> Environment | None:
        """The one that lies in the file's own folder, where tools look for it: ``.venv``, ``.pixi/envs``."""
        inside = (each for each in self._environments if os.path.dirname(each.prefix) in _homes(folder))
        return next((each for each in inside if _suits(each, kind)), None)

    def _named(self, name: str | None) -> Environment | None:
        named = [each for each in self._environments if each.name == name and not each.is_base]
        return next((each for each in named if each.state is not State.BROKEN), named[0] if named else None)


def _homes(folder: str) -> tuple[str, str]:
    own = os.path.realpath(folder)
    return own, os.path.join(own, ".pixi", "envs")


def _suits(environment: Environment, kind: Format) -> bool:
    if kind in _OF_CONDA:
        return environment.kind == "conda"
    return environment.kind == "pixi" if kind == "pixi-lock" else environment.kind != "conda"


def made_from(jobs: Iterable[Job]) -> Mapping[str, str]:
    """The prefix of what was made of each file, by the file's full path; ``jobs`` come in the order of time."""
    made: dict[str, str] = {}
    for job in jobs:
        request = job.request
        if job.status is not Status.SUCCEEDED:
            continue
        if request.operation in _FROM_FILES:
            folder, path = request.options.get("folder"), request.options.get("path")
            if folder and path:
                made[os.path.join(folder, os.path.basename(path))] = os.path.realpath(request.prefix)
        elif request.operation is Operation.RENAME:
            moved = os.path.realpath(request.options["source"])
            made = {file: os.path.realpath(request.prefix) if at == moved else at for file, at in made.items()}
    return made
